//! Units of systemd that renew certificates.

use super::{PathError, RELOAD, is_plain};
use crate::renewal::Fraction;

/// A service and the timer that starts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenewalUnits {
    /// The service: renews the certificates if one of them is due, and makes `sshd` read them.
    pub service: String,
    /// The timer.
    pub timer: String,
}

/// The units that keep these certificates renewed, each as soon as no more than `left` of its lifetime is left.
///
/// Whether one is due is asked every quarter of an hour, as lifetimes may be short; that one cannot be read counts as
/// due, so that the renewal says why.
///
/// # Errors
///
/// [`PathError::Relative`], and [`PathError::Character`] for a path that systemd or a shell could take for something
/// else: of other characters than letters, digits, `/._-+@:`.
pub fn renewal_units<'a>(
    certificates: impl IntoIterator<Item = &'a str>,
    left: Fraction,
) -> Result<RenewalUnits, PathError> {
    let mut paths = String::new();
    for path in certificates {
        if !path.starts_with('/') {
            return Err(PathError::Relative { path: path.to_owned() });
        }
        if let Some(character) = path.chars().find(|character| !is_plain(character.encode_utf8(&mut [0; 4])))
        {
            return Err(PathError::Character { path: path.to_owned(), character });
        }
        paths.push(' ');
        paths.push_str(path);
    }
    let service = format!(
        "[Unit]\n\
         Description=Renew SSH host certificates that are due\n\
         \n\
         [Service]\n\
         Type=oneshot\n\
         ExecCondition=/bin/sh -c '! certgate ssh needs-renewal --fraction {left}{paths}'\n\
         ExecStart=certgate ssh renew --due {left}{paths}\n\
         ExecStartPost=/bin/sh -c '{RELOAD}'\n"
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_asks_renews_and_reloads_and_paths_stay_paths() {
        let left = "0.25".parse().unwrap();
        let units = renewal_units(["/etc/ssh/a-cert.pub", "/etc/ssh/b-cert.pub"], left).unwrap();
        let renew = "\nExecStart=certgate ssh renew --due 0.25 /etc/ssh/a-cert.pub /etc/ssh/b-cert.pub\n";
        assert!(units.service.contains(renew), "{}", units.service);
        assert!(units.timer.contains("\nOnCalendar="));
        for (path, expected) in [("/a b", ' '), ("/a'b", '\''), ("/a;b", ';'), ("/%h", '%'), ("/é", 'é')] {
            let refused = renewal_units([path], left);
            assert_eq!(refused, Err(PathError::Character { path: path.to_owned(), character: expected }));
        }
        assert!(matches!(renewal_units(["a-cert.pub"], left), Err(PathError::Relative { .. })));
    }
}
