//! Units of systemd that renew certificates.

use super::{PathError, RELOAD, is_plain};
use certgate_rules::Fraction;

/// A service and the timer that starts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenewalUnits {
    /// The service: renews the certificates if one of them is due, and makes `sshd` read them.
    pub service: String,
    /// The timer.
    pub timer: String,
}

/// What is to be renewed, and what that takes. All paths are as the server sees them.
#[derive(Clone, Copy, Debug)]
pub struct RenewalSettings<'a> {
    /// The certificates.
    pub certificates: &'a [&'a str],
    /// The part of its lifetime that a certificate should have left, at least.
    pub left: Fraction,
    /// The folder of the ledger and the keys: a service has no user whose folder it could be in.
    pub state: &'a str,
    /// The file with the passphrase of the authority's key, if that is encrypted.
    pub passphrase_file: Option<&'a str>,
    /// The socket of the agent that holds the authority's key, if one does.
    pub agent_socket: Option<&'a str>,
}

/// The units that keep certificates renewed, each as soon as no more than the part of its lifetime is left.
///
/// Whether one is due is asked every quarter of an hour, as lifetimes may be short; that one cannot be read counts as
/// due, so that the renewal says why. `sshd` reads what was renewed even if another certificate was not; the service then
/// fails all the same.
///
/// # Errors
///
/// [`PathError::Relative`], and [`PathError::Character`] for a path that systemd or a shell could take for something
/// else: of other characters than letters, digits, `/._-+@:`.
pub fn renewal_units(settings: &RenewalSettings<'_>) -> Result<RenewalUnits, PathError> {
    let left = settings.left;
    let mut paths = String::new();
    for path in settings.certificates {
        paths.push_str(&format!(" {}", plain(path)?));
    }
    let mut environment = format!("Environment=CERTGATE_STATE={}\n", plain(settings.state)?);
    if let Some(socket) = settings.agent_socket {
        environment.push_str(&format!("Environment=SSH_AUTH_SOCK={}\n", plain(socket)?));
    }
    let passphrase = match settings.passphrase_file {
        Some(file) => format!(" --passphrase-file {}", plain(file)?),
        None => String::new(),
    };
    // To systemd two dollar signs are one, which is then the shell's.
    let service = format!(
        "[Unit]\n\
         Description=Renew SSH host certificates that are due\n\
         \n\
         [Service]\n\
         Type=oneshot\n\
         {environment}\
         ExecCondition=/bin/sh -c '! certgate ssh needs-renewal --fraction {left}{paths}'\n\
         ExecStart=/bin/sh -c 'certgate ssh renew --due {left}{passphrase}{paths}; code=$$?; \
         {RELOAD} || code=$$?; exit $$code'\n"
    );
    let timer = "[Unit]\n\
                 Description=Ask every quarter of an hour whether SSH host certificates are due\n\
                 \n\
                 [Timer]\n\
                 OnCalendar=*:0/15\n\
                 RandomizedDelaySec=5min\n\
                 Persistent=true\n\
                 \n\
                 [Install]\n\
                 WantedBy=timers.target\n";
    Ok(RenewalUnits { service, timer: timer.to_owned() })
}

/// The path, if it means itself to systemd and to a shell.
fn plain(path: &str) -> Result<&str, PathError> {
    if !path.starts_with('/') {
        return Err(PathError::Relative { path: path.to_owned() });
    }
    match path.chars().find(|character| !is_plain(character.encode_utf8(&mut [0; 4]))) {
        Some(character) => Err(PathError::Character { path: path.to_owned(), character }),
        None => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings<'a>(certificates: &'a [&'a str]) -> RenewalSettings<'a> {
        RenewalSettings {
            certificates,
            left: "0.25".parse().unwrap(),
            state: "/var/lib/certgate",
            passphrase_file: None,
            agent_socket: None,
        }
    }

    #[test]
    fn the_service_knows_the_state_and_asks_renews_and_reloads() {
        let units = renewal_units(&settings(&["/etc/ssh/a-cert.pub", "/etc/ssh/b-cert.pub"])).unwrap();
        let renew = "\nExecStart=/bin/sh -c 'certgate ssh renew --due 0.25 /etc/ssh/a-cert.pub /etc/ssh/b-cert.pub; \
                     code=$$?; systemctl reload";
        assert!(units.service.contains(renew), "{}", units.service);
        assert!(units.service.contains("\nEnvironment=CERTGATE_STATE=/var/lib/certgate\n"));
        assert!(!units.service.contains("SSH_AUTH_SOCK"));
        assert!(units.timer.contains("\nOnCalendar="));
    }

    #[test]
    fn what_opens_the_key_is_told_where_it_is_given() {
        let settings = settings(&["/etc/ssh/a-cert.pub"]);
        let agent = RenewalSettings { agent_socket: Some("/run/certgate/agent"), ..settings };
        let service = renewal_units(&agent).unwrap().service;
        assert!(service.contains("\nEnvironment=SSH_AUTH_SOCK=/run/certgate/agent\n"), "{service}");
        let file = RenewalSettings { passphrase_file: Some("/etc/certgate/passphrase"), ..settings };
        let service = renewal_units(&file).unwrap().service;
        let renew = "renew --due 0.25 --passphrase-file /etc/certgate/passphrase /etc/ssh/a-cert.pub; ";
        assert!(service.contains(renew), "{service}");
    }

    #[test]
    fn paths_stay_paths() {
        let good = settings(&["/a-cert.pub"]);
        for (path, expected) in
            [("/a b", ' '), ("/a'b", '\''), ("/a;b", ';'), ("/%h", '%'), ("/$a", '$'), ("/é", 'é')]
        {
            for settings in [
                RenewalSettings { certificates: &[path], ..good },
                RenewalSettings { state: path, ..good },
                RenewalSettings { passphrase_file: Some(path), ..good },
                RenewalSettings { agent_socket: Some(path), ..good },
            ] {
                let refused = renewal_units(&settings);
                assert_eq!(refused, Err(PathError::Character { path: path.to_owned(), character: expected }));
            }
        }
        for settings in [
            RenewalSettings { certificates: &["a-cert.pub"], ..good },
            RenewalSettings { state: "state", ..good },
        ] {
            assert!(matches!(renewal_units(&settings), Err(PathError::Relative { .. })));
        }
    }
}
