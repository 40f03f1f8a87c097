//! The audit chain: records that each carry the hash of the one before.
//!
//! The hash of a record is the SHA-256 (FIPS 180-4) of, in this order: the hash before it (32 zero bytes for the first
//! record), its number (8 bytes, big-endian, from 1), its time (8 bytes, big-endian, two's complement, seconds since
//! 1970-01-01T00:00:00Z), the length of its kind (4 bytes, big-endian), its kind, and its body. Whoever has the head
//! of an earlier day can tell whether anything before it was changed since.

use std::{fmt, vec};

use aws_lc_rs::digest;
use certgate_facts::Timestamp;

use crate::entry::Entry;
use crate::error::Error;
use crate::ledger::Ledger;

/// Most records that are read at once.
pub const PAGE_RECORDS_MAX: usize = 500;

/// The hash of a record, and of all before it; shown in lower-case hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AuditHash(pub(crate) [u8; 32]);

impl AuditHash {
    /// What comes before the first record.
    pub(crate) const NONE: Self = Self([0; 32]);

    /// The bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The hash of a record that comes after the one with this hash.
    pub(crate) fn next(&self, seq: u64, at: Timestamp, kind: &str, body: &[u8]) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        // Kinds are words of a few letters.
        let kind_bytes = u32::try_from(kind.len()).unwrap_or(u32::MAX).to_be_bytes();
        for part in [
            &self.0,
            &seq.to_be_bytes()[..],
            &at.unix_secs().to_be_bytes(),
            &kind_bytes,
            kind.as_bytes(),
            body,
        ] {
            context.update(part);
        }
        let mut hash = [0; 32];
        hash.copy_from_slice(context.finish().as_ref());
        Self(hash)
    }
}

impl fmt::Display for AuditHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The last record of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// Its number, and so how many there are.
    pub seq: u64,
    /// Its hash.
    pub hash: AuditHash,
}

/// A record of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its number, from 1, without gaps.
    pub seq: u64,
    /// When it was written, by the clock of who wrote it.
    pub at: Timestamp,
    /// What it says.
    pub entry: Entry,
    /// What it says, as hashed; [`Entry`] tells how.
    pub body: Vec<u8>,
    /// The hash of the record before.
    pub previous: AuditHash,
    /// Its hash.
    pub hash: AuditHash,
}

/// All records of a chain, a page in memory at a time.
pub struct AuditRecords<'l> {
    ledger: &'l dyn Ledger,
    page: vec::IntoIter<AuditRecord>,
    /// The number of the last record that was read; nothing at the end.
    after: Option<u64>,
}

impl<'l> AuditRecords<'l> {
    /// Those of `ledger`, from the first. They are not verified; [`Ledger::verify_audit`] does that.
    #[must_use]
    pub fn of(ledger: &'l dyn Ledger) -> Self {
        Self { ledger, page: Vec::new().into_iter(), after: Some(0) }
    }
}

impl Iterator for AuditRecords<'_> {
    type Item = Result<AuditRecord, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.page.next() {
                return Some(Ok(record));
            }
            match self.ledger.audit_records(self.after.take()?) {
                Ok(page) => {
                    self.after = Some(page.last()?.seq);
                    self.page = page.into_iter();
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_depends_on_everything_and_is_what_the_documentation_says() {
        let at = Timestamp::from_unix_secs(5);
        let hash = AuditHash::NONE.next(1, at, "kind", b"body");
        let by_hand =
            [&[0; 32][..], &[0, 0, 0, 0, 0, 0, 0, 1], &[0, 0, 0, 0, 0, 0, 0, 5], &[0, 0, 0, 4], b"kindbody"]
                .concat();
        assert_eq!(hash.bytes(), digest::digest(&digest::SHA256, &by_hand).as_ref());
        for other in [
            AuditHash([1; 32]).next(1, at, "kind", b"body"),
            AuditHash::NONE.next(2, at, "kind", b"body"),
            AuditHash::NONE.next(1, Timestamp::from_unix_secs(6), "kind", b"body"),
            AuditHash::NONE.next(1, at, "kinds", b"body"),
            AuditHash::NONE.next(1, at, "kindb", b"ody"),
            AuditHash::NONE.next(1, at, "kind", b"bodY"),
        ] {
            assert_ne!(hash, other);
        }
        assert_eq!(hash.to_string().len(), 64);
    }
}
