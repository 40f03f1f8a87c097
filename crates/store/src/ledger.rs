//! What a ledger does, however it is kept.

use certgate_facts::{SshCertificate, Timestamp};
use certgate_sign::IssuedCertificate;

use crate::audit::{AuditHead, AuditRecord};
use crate::authority::{AuthorityName, AuthorityRecord, NewAuthority, Transition};
use crate::certificate::{CertificateId, CertificateRecord};
use crate::error::Error;
use crate::filter::{CertificateFilter, Cursor, Page};
use crate::reservation::{Importing, Preparation, Recording, Reservation, Reserving};
use crate::revocation::{KrlVersion, Revocation, RevocationId, RevocationTarget, Revoked, Revoking};

/// A durable record of what SSH host authorities signed.
///
/// Every method that changes something does all of it or nothing, has written one record for each change into the same
/// transaction, and returns only when that is durable. Several may work on the same ledger at once, in several
/// processes. `at` is the time to be recorded.
///
/// # Errors
///
/// Any method may give [`Error::Busy`], [`Error::Damaged`], [`Error::Driver`] and [`Error::Inconsistent`], and those
/// that write [`Error::Full`] and [`Error::ReadOnly`]; those that name an authority [`Error::AuthorityUnknown`].
/// Others are said where they are given.
pub trait Ledger {
    /// Adds an authority.
    ///
    /// # Errors
    ///
    /// - [`Error::Conflict`] for a name or a key that is taken, or a predecessor that has a successor.
    /// - [`Error::Sign`] for a key that does not sign certificates; [`Error::TextUnfit`] for a text that is not kept.
    fn add_authority(&mut self, new: &NewAuthority, at: Timestamp) -> Result<AuthorityRecord, Error>;

    /// The authority of this name.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn authority(&self, name: &AuthorityName) -> Result<Option<AuthorityRecord>, Error>;

    /// All authorities, in the order in which they were added.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn authorities(&self) -> Result<Vec<AuthorityRecord>, Error>;

    /// Takes an authority, and its predecessor where that is part of it, one step on or back.
    ///
    /// # Errors
    ///
    /// - [`Error::WrongState`] for a step that does not start where the authority is.
    /// - [`Error::AuthorityStillNeeded`] for retiring while certificates under it can be used at `at` or later.
    /// - [`Error::Conflict`] for withdrawing what has signed, for switching back to what is not published, and for
    ///   reinstating what was replaced otherwise.
    fn take_step(
        &mut self,
        name: &AuthorityName,
        transition: Transition,
        at: Timestamp,
    ) -> Result<AuthorityRecord, Error>;

    /// Reserves serials: asks `preparation` for the bytes to be signed under one serial after the other, until it has
    /// none, and makes serials and bytes durable. Only then are the bytes to be signed.
    ///
    /// What comes back is in the order of what `preparation` gave; it is not asked any more once serials have run
    /// out. A serial for which it gave nothing, or something with a revoked key or key id, is not used up.
    ///
    /// # Errors
    ///
    /// - [`Error::AuthorityRevoked`], [`Error::WrongState`], [`Error::SerialsExhausted`] for an authority that does
    ///   not sign.
    /// - [`Error::Conflict`] for bytes with another serial or authority than asked for.
    fn reserve(
        &mut self,
        authority: &AuthorityName,
        at: Timestamp,
        preparation: &mut dyn Preparation,
    ) -> Result<Vec<Reserving>, Error>;

    /// Records certificates that were just signed; what comes back is in their order.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] for a certificate that is not the one reserved.
    fn record(
        &mut self,
        signed: &[(Reservation, IssuedCertificate)],
        at: Timestamp,
    ) -> Result<Vec<Recording>, Error>;

    /// Records a certificate that was reserved earlier on and signed since, wherever that was.
    ///
    /// # Errors
    ///
    /// - [`Error::Conflict`] for a certificate that was not reserved, or not as it is now, or is closed already.
    /// - [`Error::Sign`] for a signature that the authority did not make.
    fn complete(&mut self, id: CertificateId, signed: &SshCertificate, at: Timestamp) -> Result<(), Error>;

    /// Closes a reservation that will not be signed. Its serial is not given again, and can be revoked.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] for what is no open reservation; [`Error::TextUnfit`] for a reason that is not kept.
    fn abandon(&mut self, id: CertificateId, reason: &str, at: Timestamp) -> Result<(), Error>;

    /// Closes, as [`Ledger::abandon`], all reservations that were made before `reserved_before`, or the first
    /// [`BATCH_CERTIFICATES_MAX`](crate::BATCH_CERTIFICATES_MAX) of them; how many comes back, 0 once none is left.
    ///
    /// # Errors
    ///
    /// [`Error::TextUnfit`] for a reason that is not kept.
    fn abandon_older(
        &mut self,
        reserved_before: Timestamp,
        reason: &str,
        at: Timestamp,
    ) -> Result<usize, Error>;

    /// Imports certificates that the authority signed before, each for itself; what comes back is in their order.
    ///
    /// A reservation that is found among them is completed. They are written some hundreds at a time: after an error, what
    /// was written stays, and can be imported again.
    ///
    /// # Errors
    ///
    /// Those of the trait; for a single certificate [`Error::Conflict`] if its serial is taken by another, it is not
    /// for hosts or not of this authority, [`Error::Sign`] if its signature does not verify.
    fn import(
        &mut self,
        authority: &AuthorityName,
        certificates: &[SshCertificate],
        at: Timestamp,
    ) -> Result<Vec<Result<Importing, Error>>, Error>;

    /// Some of the certificates that a filter lets through, after `after`. [`Certificates`](crate::Certificates)
    /// gives all.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn certificates(&self, filter: &CertificateFilter, after: Option<Cursor>) -> Result<Page, Error>;

    /// The one among those that a filter lets through that was reserved or imported last.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn latest(&self, filter: &CertificateFilter) -> Result<Option<CertificateRecord>, Error>;

    /// Revokes.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] for a range that is none, [`Error::RevocationTooLarge`], [`Error::TextUnfit`].
    fn revoke(&mut self, target: &RevocationTarget, reason: &str, at: Timestamp) -> Result<Revoking, Error>;

    /// A revocation.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn revocation(&self, id: RevocationId) -> Result<Option<Revocation>, Error>;

    /// What is revoked: of one authority, with what is revoked of any, or all.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn revoked(&self, authority: Option<&AuthorityName>) -> Result<Revoked, Error>;

    /// Takes the next version for a key revocation list, before its file is written, with what it must contain: a
    /// list of a greater version never lacks what a smaller one has.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn publish_krl(&mut self, authority: Option<&AuthorityName>, at: Timestamp) -> Result<KrlVersion, Error>;

    /// The last record of the audit chain; nothing in a new ledger.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn audit_head(&self) -> Result<Option<AuditHead>, Error>;

    /// Some of the records after the one numbered `after`, 0 for the first. [`AuditRecords`](crate::AuditRecords)
    /// gives all.
    ///
    /// # Errors
    ///
    /// Those of the trait.
    fn audit_records(&self, after: u64) -> Result<Vec<AuditRecord>, Error>;

    /// Recomputes the whole audit chain, and compares every row of every table with what the records say.
    ///
    /// # Errors
    ///
    /// [`Error::Inconsistent`] with the first place where they differ; [`Error::Damaged`] for a file that SQLite
    /// finds damaged.
    fn verify_audit(&self) -> Result<Option<AuditHead>, Error>;
}
