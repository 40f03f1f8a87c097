//! A key that an agent holds.

use std::borrow::Cow;

use certgate_facts::SshPublicKey;

/// A key or certificate that an agent holds, as it lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentIdentity {
    blob: Vec<u8>,
    comment: Vec<u8>,
}

impl AgentIdentity {
    pub(super) fn new(blob: &[u8], comment: &[u8]) -> Self {
        Self { blob: blob.to_vec(), comment: comment.to_vec() }
    }

    /// The public key or certificate in wire form (RFC 4253 §6.6), unread.
    #[must_use]
    pub fn blob(&self) -> &[u8] {
        &self.blob
    }

    /// The comment, with U+FFFD for what is not UTF-8; control characters are not escaped.
    #[must_use]
    pub fn comment(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.comment)
    }

    /// The public key; nothing for certificates, and for what does not read.
    #[must_use]
    pub fn public_key(&self) -> Option<SshPublicKey> {
        SshPublicKey::from_blob(&self.blob).ok()
    }
}
