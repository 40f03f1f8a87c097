//! The ledger of SSH host authorities: what they signed, what was revoked, and the proof of it.

mod error;
mod text;
mod serial;
mod authority;
mod certificate;
mod revocation;
mod entry;
mod audit;
mod reservation;
mod filter;
mod ledger;
mod issuance;
mod sqlite;

pub use audit::{AuditHash, AuditHead, AuditRecord, AuditRecords, PAGE_RECORDS_MAX};
pub use authority::{
    AUTHORITY_NAME_BYTES_MAX, AuthorityId, AuthorityName, AuthorityRecord, AuthorityState, COMMENT_BYTES_MAX,
    Custody, KEY_FILE_BYTES_MAX, NewAuthority, Origin, Transition,
};
pub use certificate::{CertificateId, CertificateRecord, CertificateState, Standing};
pub use entry::{AuthorityAdded, Entry};
pub use error::{Conflict, Error};
pub use filter::{CertificateFilter, Certificates, Cursor, PAGE_CERTIFICATES_MAX, Page};
pub use issuance::{BATCH_CERTIFICATES_MAX, Issuance, Issued, NotIssued, Outcome, issue};
pub use ledger::Ledger;
pub use reservation::{Importing, Recording, Reservation, Reserving};
pub use revocation::{
    KrlVersion, REASON_BYTES_MAX, REVOCATION_ENTRIES_MAX, REVOKED_TEXT_BYTES_MAX, Revocation, RevocationId,
    RevocationTarget, Revoked, RevokedKeyId, RevokedSerials, Revoking,
};
pub use serial::{SERIAL_START_END, SerialStart};
pub use sqlite::{LEDGER_FILE_NAME, SqliteLedger};
