//! Text inside SSH keys and certificates.

use std::borrow::Cow;
use std::fmt;

/// A text as received: bytes that should be UTF-8 (draft-ietf-sshm-cert) and that nothing checks. Never holds
/// a NUL byte.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SshText(Vec<u8>);

impl SshText {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// The bytes as received.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, if it is UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The text, with U+FFFD for what is not UTF-8.
    #[must_use]
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

/// As [`SshText::to_string_lossy`]; control characters are not escaped.
impl fmt::Display for SshText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_string_lossy())
    }
}
