//! A line of an OpenSSH file that lies there already.

use std::collections::BTreeMap;
use std::sync::Arc;

use certgate_facts::known_hosts::{Entry, LineDefect, Marker};
use certgate_facts::{Reading, SshContent, SshLine, SshPublicKey};

/// One line of an OpenSSH file: a public key that may be uploaded or certified, a certificate that was signed already, by
/// whomever, or what clients know of a host or an authority.
pub struct SshDocument {
    reading: Arc<Reading>,
    line: usize,
    revoked: Arc<RevokedKeys>,
}

/// The keys that a file of known hosts revokes, in their canonical form, each with the first line that does.
struct RevokedKeys(BTreeMap<Vec<u8>, usize>);

impl SshDocument {
    /// Every line of a source that looks like a key, a certificate or one of known hosts, readable or not.
    pub fn all_of(reading: &Arc<Reading>) -> impl Iterator<Item = Self> {
        let reading = Arc::clone(reading);
        let revoked = Arc::new(RevokedKeys::of(&reading));
        (0..reading.ssh_lines().len()).map(move |line| Self {
            reading: Arc::clone(&reading),
            line,
            revoked: Arc::clone(&revoked),
        })
    }

    /// The source.
    #[must_use]
    pub fn reading(&self) -> &Arc<Reading> {
        &self.reading
    }

    /// The line. There always is one; the type leaves it open.
    #[must_use]
    pub fn line(&self) -> Option<&SshLine> {
        self.reading.ssh_lines().get(self.line)
    }

    /// What clients know by the line, or why they pass over it; `None` for keys and certificates.
    #[must_use]
    pub fn known_hosts(&self) -> Option<Result<&Entry, &LineDefect>> {
        match &self.line()?.content {
            SshContent::KnownHosts(entry) => Some(entry.as_deref()),
            _ => None,
        }
    }

    /// The first line of the same source that revokes a key.
    pub(crate) fn line_revoking(&self, key: &SshPublicKey) -> Option<&SshLine> {
        let line = self.revoked.0.get(key.canonical_blob().as_ref())?;
        self.reading.ssh_lines().get(*line)
    }
}

impl RevokedKeys {
    fn of(reading: &Reading) -> Self {
        let mut first = BTreeMap::new();
        for (index, line) in reading.ssh_lines().iter().enumerate() {
            if let SshContent::KnownHosts(Ok(entry)) = &line.content
                && entry.marker() == Some(Marker::Revoked)
            {
                first.entry(entry.key().canonical_blob().into_owned()).or_insert(index);
            }
        }
        Self(first)
    }
}
