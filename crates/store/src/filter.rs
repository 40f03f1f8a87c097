//! Which certificates are asked for, and how they come.

use std::vec;

use certgate_facts::Timestamp;

use crate::authority::AuthorityName;
use crate::certificate::{CertificateId, CertificateRecord, Standing};
use crate::error::Error;
use crate::ledger::Ledger;

/// Most certificates that are read at once.
pub const PAGE_CERTIFICATES_MAX: usize = 500;

/// Which certificates are asked for: those for which all that is said here is true.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateFilter {
    /// Of this authority.
    pub authority: Option<AuthorityName>,
    /// With this serial.
    pub serial: Option<u64>,
    /// With this key id, byte for byte.
    pub key_id: Option<Vec<u8>>,
    /// With this principal among others, byte for byte.
    pub principal: Option<Vec<u8>>,
    /// For the host key with this fingerprint: `SHA256:` and unpadded base64.
    pub host_key: Option<String>,
    /// With this standing at this time.
    pub standing: Option<(Standing, Timestamp)>,
    /// Whose validity ends before this time. They then come in the order in which they end.
    pub expiring_before: Option<Timestamp>,
    /// Recorded or imported: neither unfinished nor abandoned.
    pub signed: bool,
}

impl CertificateFilter {
    /// What was reserved and neither recorded nor abandoned: it may have been signed.
    #[must_use]
    pub fn unfinished() -> Self {
        let standing = Some((Standing::Unfinished, Timestamp::from_unix_secs(0)));
        Self { standing, ..Self::default() }
    }
}

/// Where a page ends, and the next one begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) valid_before: i64,
    pub(crate) id: CertificateId,
}

/// Some certificates, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The certificates, at most [`PAGE_CERTIFICATES_MAX`].
    pub certificates: Vec<CertificateRecord>,
    /// Where the next page begins; nothing after the last.
    pub next: Option<Cursor>,
}

/// All certificates that a filter lets through, a page in memory at a time.
pub struct Certificates<'l> {
    ledger: &'l dyn Ledger,
    filter: CertificateFilter,
    page: vec::IntoIter<CertificateRecord>,
    /// Where the next page begins; nothing once there is none.
    next: Option<Option<Cursor>>,
}

impl<'l> Certificates<'l> {
    /// Those that `filter` lets through: in the order in which they were reserved or imported, or the one in which they
    /// end where the filter asks when they do.
    #[must_use]
    pub fn of(ledger: &'l dyn Ledger, filter: CertificateFilter) -> Self {
        Self { ledger, filter, page: Vec::new().into_iter(), next: Some(None) }
    }
}

impl Iterator for Certificates<'_> {
    type Item = Result<CertificateRecord, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(certificate) = self.page.next() {
                return Some(Ok(certificate));
            }
            let after = self.next.take()?;
            match self.ledger.certificates(&self.filter, after) {
                Ok(page) => {
                    self.page = page.certificates.into_iter();
                    self.next = page.next.map(Some);
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
