//! What to put on hosts and on clients.

use std::{error, fmt};

mod renewal_units;

pub use self::renewal_units::{RenewalSettings, RenewalUnits, renewal_units};

/// What makes `sshd` read its configuration and its certificates again, whatever the distribution calls it.
const RELOAD: &str = "systemctl reload ssh.service || systemctl reload sshd.service";

/// The lines for `sshd_config` that make a server show certificates for its keys, with the command that makes it do so.
/// Each pair is a key and its certificate; paths are as the server sees them.
///
/// `sshd` has one certificate for each key: of two lines for the same key the later wins. Servers since 9.8 read
/// certificates when they start or reload, and not at every connection.
///
/// # Errors
///
/// [`PathError::Relative`] for a path that depends on where `sshd` is started, [`PathError::Character`] for one that
/// cannot stand in a line.
pub fn sshd_config<'a>(
    certificates: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<String, PathError> {
    let mut lines = format!("# check with: sshd -t\n# then, and after every renewal: {RELOAD}\n");
    for (host_key, certificate) in certificates {
        let (host_key, certificate) = (quoted(host_key)?, quoted(certificate)?);
        lines.push_str(&format!("HostKey {host_key}\nHostCertificate {certificate}\n"));
    }
    Ok(lines)
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
    Ok(if is_plain(path) { path.to_owned() } else { format!("\"{path}\"") })
}

/// Whether a path means itself everywhere, without quotes.
fn is_plain(path: &str) -> bool {
    path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+@:".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_snippet_names_key_certificate_and_reload() {
        let pair = ("/etc/ssh/ssh_host_ed25519_key", "/etc/ssh/my keys/host-cert.pub");
        let text = sshd_config([pair]).unwrap();
        assert!(text.contains("systemctl reload"));
        assert!(text.contains("\nHostKey /etc/ssh/ssh_host_ed25519_key\n"));
        assert!(text.ends_with("\nHostCertificate \"/etc/ssh/my keys/host-cert.pub\"\n"));
    }

    #[test]
    fn paths_that_would_not_stay_what_they_are_are_refused() {
        for path in ["/a\nPermitRootLogin yes", "/a\"b", "/a\\b", "/%h"] {
            assert!(matches!(sshd_config([("/k", path)]), Err(PathError::Character { .. })), "{path}");
        }
        assert_eq!(
            revoked_host_keys("krl").map_err(|error| error.to_string()).unwrap_err(),
            "the path \"krl\" does not begin with `/`"
        );
    }
}
