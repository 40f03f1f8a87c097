//! The keys of a server.

use std::io;

use certgate_facts::{PrivateKeyState, PublicKey, Reading, SourceError, SshContent};

use super::{Finding, FindingKind, Server, Severity};
use crate::sshd_config::ConfigPlace;

/// A key of the server.
pub(super) struct HostKey {
    /// Where the private key is.
    pub(super) path: String,
    /// The line that names it; nothing for one that `sshd` has by default.
    pub(super) place: Option<ConfigPlace>,
    /// The public half; nothing if it cannot be read.
    pub(super) public: Option<PublicKey>,
}

/// What a file says about a key.
enum Half {
    Private { public: Option<PublicKey>, encrypted: bool },
    Public(Option<PublicKey>),
    Neither,
}

/// Reads a key, and says what is wrong with it.
pub(super) fn read(
    server: &Server<'_>,
    path: &str,
    place: Option<&ConfigPlace>,
    findings: &mut Vec<Finding>,
) -> HostKey {
    let mut say = |finding| findings.push(finding);
    if let Some(place) = place.filter(|_| !path.starts_with('/')) {
        say(relative(path, place));
    }
    let has_agent = server.config.global("hostkeyagent").next().is_some();
    let beside = || match half(server, &format!("{path}.pub")) {
        Ok(Half::Public(public)) => public,
        _ => None,
    };
    let finding = |kind, fact: String, hint: &str| Finding::maybe_at(kind, place, fact, hint);
    let public = match half(server, path) {
        Ok(Half::Private { public, encrypted }) => {
            permissions(server, path, place).into_iter().for_each(&mut say);
            if encrypted {
                let fact =
                    format!("the key `{path}` is encrypted, and sshd has nobody to ask for its passphrase");
                say(finding(FindingKind::HostKeyEncrypted, fact, "take the passphrase off: ssh-keygen -p"));
            }
            public.or_else(beside)
        }
        Ok(Half::Public(public)) => {
            if !has_agent {
                let fact = format!(
                    "`{path}` holds a public key, and there is no HostKeyAgent to hold the private one"
                );
                say(finding(FindingKind::HostKeyNotPrivate, fact, "name the private key, or an agent"));
            }
            public
        }
        Ok(Half::Neither) => {
            let fact = format!("`{path}` holds no key");
            say(finding(
                FindingKind::HostKeyUnreadable,
                fact,
                "put the private key there: ssh-keygen makes one",
            ));
            beside()
        }
        Err(SourceError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
            let public = beside();
            if public.is_none() || !has_agent {
                let fact = format!("there is no key `{path}`");
                say(finding(
                    FindingKind::HostKeyMissing,
                    fact,
                    "make it: ssh-keygen -A makes those of the default",
                ));
            }
            public
        }
        Err(error) => {
            let public = beside();
            if public.is_none() {
                let fact = format!("the key `{path}` cannot be read, nor its public half beside it: {error}");
                let finding = finding(FindingKind::HostKeyUnreadable, fact, "ask again as who runs sshd");
                say(finding.with_severity(Severity::Warning));
            }
            permissions(server, path, place).into_iter().for_each(&mut say);
            public
        }
    };
    HostKey { path: path.to_owned(), place: place.cloned(), public }
}

/// A path that `sshd` takes from where it is started.
pub(super) fn relative(path: &str, place: &ConfigPlace) -> Finding {
    let fact =
        format!("`{path}` depends on the folder in which sshd is started, which a reload changes to `/`");
    Finding::at(FindingKind::PathRelative, place, fact, "give the path from `/` on")
        .with_severity(Severity::Warning)
}

fn half(server: &Server<'_>, path: &str) -> Result<Half, SourceError> {
    let reading = Reading::of(server.files.source(path)?);
    let private = reading.entries().iter().find(|entry| entry.is_private_key());
    if let Some(private) = private {
        let key = private.private_key();
        let encrypted = key.is_some_and(|key| matches!(key.state(), PrivateKeyState::Encrypted { .. }));
        let public = key.and_then(|key| key.public_key()).cloned();
        return Ok(Half::Private { public, encrypted });
    }
    let public = reading.ssh_lines().iter().find_map(|line| match &line.content {
        SshContent::PublicKey(key) => Some(key.public_key().cloned()),
        _ => None,
    });
    Ok(public.map_or(Half::Neither, Half::Public))
}

/// Who may do what with a private key. `sshd` looks at the mode of its own files only.
fn permissions(server: &Server<'_>, path: &str, place: Option<&ConfigPlace>) -> Option<Finding> {
    let permissions = server.files.permissions(path)?;
    if permissions.owner != server.user {
        let owner = permissions.owner;
        let fact = format!("the key `{path}` belongs to user {owner}, who can read and change it");
        let hint =
            format!("give it to user {}, as whom sshd runs: chown {} {path}", server.user, server.user);
        let finding = Finding::maybe_at(FindingKind::HostKeyOwner, place, fact, hint);
        return Some(finding.with_severity(Severity::Warning));
    }
    (permissions.mode & 0o077 != 0).then(|| {
        let fact = format!(
            "the key `{path}` has mode {:04o}, and sshd uses none that others may touch",
            permissions.mode
        );
        Finding::maybe_at(FindingKind::HostKeyModeTooOpen, place, fact, format!("chmod 600 {path}"))
    })
}

/// A key that clients only know by itself.
pub(super) fn without_certificate(key: &HostKey) -> Option<Finding> {
    key.public.as_ref()?;
    let fact = format!("there is no certificate for the key `{}`", key.path);
    let hint = "clients that know the authority alone ask about this key: have it certified, or take it out";
    let finding = Finding::maybe_at(FindingKind::HostKeyWithoutCertificate, key.place.as_ref(), fact, hint);
    Some(finding.with_severity(Severity::Note))
}
