//! What to put on hosts and on clients.

use std::{error, fmt};

/// The lines for `sshd_config` that make a server show a certificate for one of its keys, with the command that makes
/// it do so. Paths are as the server sees them.
///
/// `sshd` has one certificate for each key: of two lines for the same key the later wins. Servers since 9.8 read
/// certificates when they start or reload, and not at every connection.
///
/// # Errors
///
/// [`PathError::Relative`] for a path that depends on where `sshd` is started, [`PathError::Character`] for one that
/// cannot stand in a line.
pub fn sshd_config(host_key: &str, certificate: &str) -> Result<String, PathError> {
    let (host_key, certificate) = (quoted(host_key)?, quoted(certificate)?);
    Ok(format!(
        "# check with: sshd -t\n\
         # then, and after every renewal: systemctl reload ssh || systemctl reload sshd\n\
         HostKey {host_key}\n\
         HostCertificate {certificate}\n"
    ))
}

/// The line for `ssh_config` that makes clients refuse what a revocation list names. They refuse every host if the list
/// is missing or cannot be read, so that it must be in place before.
///
/// # Errors
///
/// As for [`sshd_config`].
pub fn revoked_host_keys(list: &str) -> Result<String, PathError> {
    Ok(format!("RevokedHostKeys {}\n", quoted(list)?))
}

/// Why a path is not written to a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathError {
    /// A character that would end the line or the quotes, or that means something else: a control character, `"`, `\`,
    /// `%`, `$`.
    Character {
        /// The path.
        path: String,
        /// The character.
        character: char,
    },
    /// A path that does not begin with `/`.
    Relative {
        /// The path.
        path: String,
    },
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { path, character } => {
                write!(f, "the path {path:?} has {character:?}, which cannot stand in a configuration")
            }
            Self::Relative { path } => write!(f, "the path {path:?} does not begin with `/`"),
        }
    }
}

impl error::Error for PathError {}

/// The path, in quotes if it needs them.
fn quoted(path: &str) -> Result<String, PathError> {
    if !path.starts_with('/') {
        return Err(PathError::Relative { path: path.to_owned() });
    }
    let forbidden = |character: &char| character.is_control() || "\"\\%$".contains(*character);
    if let Some(character) = path.chars().find(forbidden) {
        return Err(PathError::Character { path: path.to_owned(), character });
    }
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+@:".contains(&byte));
    Ok(if plain { path.to_owned() } else { format!("\"{path}\"") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_snippet_names_key_certificate_and_reload() {
        let text = sshd_config("/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/my keys/host-cert.pub").unwrap();
        assert!(text.contains("systemctl reload"));
        assert!(text.contains("\nHostKey /etc/ssh/ssh_host_ed25519_key\n"));
        assert!(text.ends_with("\nHostCertificate \"/etc/ssh/my keys/host-cert.pub\"\n"));
    }

    #[test]
    fn paths_that_would_not_stay_what_they_are_are_refused() {
        for path in ["/a\nPermitRootLogin yes", "/a\"b", "/a\\b", "/%h"] {
            assert!(matches!(sshd_config("/k", path), Err(PathError::Character { .. })), "{path}");
        }
        assert_eq!(
            revoked_host_keys("krl").map_err(|error| error.to_string()).unwrap_err(),
            "the path \"krl\" does not begin with `/`"
        );
    }
}
