//! A line of an OpenSSH file that lies there already.

use std::sync::Arc;

use certgate_facts::{Reading, SshLine};

/// One line of an OpenSSH file: a public key that may be uploaded or certified, or a certificate that was signed
/// already, by whomever.
pub struct SshDocument {
    reading: Arc<Reading>,
    line: usize,
}

impl SshDocument {
    /// Every line of a source that looks like a key or a certificate, readable or not.
    pub fn all_of(reading: &Arc<Reading>) -> impl Iterator<Item = Self> {
        let reading = Arc::clone(reading);
        (0..reading.ssh_lines().len()).map(move |line| Self { reading: Arc::clone(&reading), line })
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
}
