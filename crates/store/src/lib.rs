//! The ledger of SSH host authorities: what they signed, what was revoked, and the proof of it.
//!
//! ```
//! use std::{num::NonZeroUsize, sync::Arc};
//! use certgate_facts::{Reading, Source, Timestamp};
//! use certgate_rules::{Field, HostCertificateRequest, Moment, Policy, TrustAnchors, judge};
//! use certgate_sign::{Authority, AuthorityKeyType, Signer as _};
//! use certgate_store::{
//!     CertificateFilter, Certificates, Custody, Issuance, Ledger as _, NewAuthority, Origin, SerialStart,
//!     SqliteLedger, issue,
//! };
//! # use chacha20::{ChaCha20Rng, rand_core::SeedableRng};
//! # let mut rng = ChaCha20Rng::seed_from_u64(1);
//! # let folder = tempfile::tempdir()?;
//!
//! let at: Timestamp = "2026-11-01".parse()?;
//! let key = Authority::create(AuthorityKeyType::Ed25519, &mut rng)?;
//! let mut ledger = SqliteLedger::open(folder.path())?;
//! let authority = ledger.add_authority(
//!     &NewAuthority {
//!         name: "prod".parse()?,
//!         public_key: key.public_key().clone(),
//!         comment: "hosts of example.com".to_owned(),
//!         custody: Custody::KeyFile("prod.key".to_owned()),
//!         origin: Origin::Created,
//!         succeeds: None,
//!         serial_start: SerialStart::ONE,
//!     },
//!     at,
//! )?;
//! let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh web-1";
//! let request = HostCertificateRequest::new(
//!     Arc::new(Reading::of(Source::from_bytes("host.pub", line.into())?)),
//!     Field::new("--key-id", "web-1")?,
//!     vec![Field::new("--principal", "web-1.example.com")?],
//!     Moment::at(1_793_491_140),
//!     Moment::at(1_794_096_000),
//! );
//! let cleared = judge(request, &Policy::new(at, TrustAnchors::Mozilla)).clear()?;
//! let issuance = Issuance { authority: &authority.name, signer: &key, threads: NonZeroUsize::MIN, clock: &|| at };
//! issue(&mut ledger, &issuance, [cleared], &mut rng, &mut |batch| {
//!     for outcome in batch {
//!         print!("{}", outcome.expect("issued").certificate.line());
//!     }
//! })?;
//! assert_eq!(Certificates::of(&ledger, CertificateFilter::unfinished()).count(), 0);
//! let head = ledger.verify_audit()?.expect("something happened");
//! assert_eq!(head.seq, 3); // an authority added, a serial reserved, a certificate recorded
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In reading order: an authority is a name and a public key in an [`AuthorityState`]; a certificate is reserved, then
//! recorded, imported or abandoned ([`CertificateRecord`]); a [`Revocation`] says what is not to be trusted any more;
//! an [`Entry`] is what a record of the audit chain says, an [`AuditRecord`] its place in it. A [`Ledger`] keeps all
//! that, [`SqliteLedger`] in a file, [`PostgresLedger`] for several machines. [`issue`] is how certificates come about.
//! Beside it, in the same place, are [`Resources`]: what a certificate API serves, and the keys that open it, with secrets
//! [`Sealed`] under a [`MasterKey`]. [`SqliteStore`] and [`PostgresStore`] keep them; [`issue_resource`] makes a
//! certificate that is both in the ledger and a resource.
//!
//! Invariants: a serial and the bytes to be signed are durable before anything is signed, and a certificate is recorded
//! before it is handed out. No serial is given twice. Every change is one record in a chain of hashes; every row of
//! every table is what the records say, and [`Ledger::verify_audit`] finds where it is not. Nothing is deleted but
//! sealed secrets. No passphrase comes here, and no private key that is not sealed. The clock and the dice are
//! arguments.

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
mod seal;
mod resource;
mod resource_filter;
mod api_key;
mod pending;
mod resources;
mod rate;
mod sql;
mod sqlite;
mod postgres;

pub use api_key::{API_KEY_DESCRIPTION_BYTES_MAX, Admission, ApiKeyHash, ApiKeyRecord, NewApiKey, OpenKey};
pub use audit::{AuditHash, AuditHead, AuditRecord, AuditRecords, PAGE_RECORDS_MAX};
pub use authority::{
    AUTHORITY_NAME_BYTES_MAX, AuthorityId, AuthorityName, AuthorityRecord, AuthorityState, COMMENT_BYTES_MAX,
    Custody, KEY_FILE_BYTES_MAX, NewAuthority, Origin, Transition,
};
pub use certificate::{CertificateId, CertificateRecord, CertificateState, Standing};
pub use entry::{AuthorityAdded, Entry, ResourceCreated};
pub use error::{Conflict, Error};
pub use filter::{CertificateFilter, Certificates, Cursor, PAGE_CERTIFICATES_MAX, Page};
pub use issuance::{BATCH_CERTIFICATES_MAX, Issuance, Issued, NotIssued, Outcome, issue};
pub use ledger::Ledger;
pub use pending::{Pending, wait};
pub use postgres::{PostgresAddress, PostgresLedger, PostgresStore};
pub use rate::RATE_WINDOW_SECS;
pub use reservation::{Importing, Preparation, Recording, Reservation, Reserving};
pub use resource::{
    Deleting, NewResource, PAGE_RESOURCES_BYTES_MAX, PAGE_RESOURCES_MAX, RESOURCE_CONTENT_BYTES_MAX,
    RESOURCE_ID_BYTES_MAX, RESOURCE_TEXT_BYTES_MAX, ResourceCount, ResourceFacts, ResourceId, ResourceKind,
    ResourcePage, ResourceRecord, ResourceUpdate,
};
pub use resource_filter::{Relation, ResourceFilter, TextField, TextTest, TimeField};
pub use resources::{Preparing, Resealing, ResourceIssuance, Resources, issue_resource, rotate_master_key};
pub use revocation::{
    KrlVersion, REASON_BYTES_MAX, REVOCATION_ENTRIES_MAX, REVOKED_TEXT_BYTES_MAX, Revocation, RevocationId,
    RevocationTarget, Revoked, RevokedKeyId, RevokedSerials, Revoking,
};
pub use seal::{MASTER_KEY_BYTES, MasterKey, MasterKeyNumber, Sealed};
pub use serial::{SERIAL_START_END, SerialStart, Serials};
pub use sql::{GROUP_CHANGES_MAX, OpenLedger};
pub use sqlite::{LEDGER_FILE_NAME, SqliteLedger, SqliteStore};
