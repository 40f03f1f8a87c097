//! A ledger in a file, kept by SQLite.

mod authorities;
mod cells;
mod certificates;
mod chain;
mod change;
mod fault;
mod file;
mod imports;
mod reservations;
mod revocations;
mod readers;
mod resources;
mod overview;
mod api_keys;
mod store;
mod verification;
mod writer;

use std::path::Path;

use certgate_facts::{SshCertificate, Timestamp};
use certgate_sign::IssuedCertificate;
use rusqlite::Connection;

use self::change::Change;
pub use self::file::LEDGER_FILE_NAME;
pub use self::store::SqliteStore;
pub use self::writer::GROUP_CHANGES_MAX;
use crate::audit::{AuditHead, AuditRecord};
use crate::authority::{AuthorityName, AuthorityRecord, NewAuthority, Transition};
use crate::certificate::{CertificateId, CertificateRecord};
use crate::error::Error;
use crate::filter::{CertificateFilter, Cursor, Page};
use crate::ledger::Ledger;
use crate::reservation::{Importing, Preparation, Recording, Reservation, Reserving};
use crate::revocation::{KrlVersion, Revocation, RevocationId, RevocationTarget, Revoked, Revoking};

/// A ledger in the file [`LEDGER_FILE_NAME`] of a folder.
///
/// It is written ahead (WAL) and synced with every change. Any number of processes may have it open.
pub struct SqliteLedger {
    connection: Connection,
}

impl SqliteLedger {
    /// Opens the ledger in `folder`, and makes both where they are missing: the folder with mode 0700, the file with
    /// 0600. A ledger of an older certgate is brought up to date.
    ///
    /// # Errors
    ///
    /// - [`Error::NotALedger`] for a file that is something else.
    /// - [`Error::SchemaNewer`] for a ledger of a newer certgate.
    /// - [`Error::ReadOnly`], [`Error::Full`], [`Error::Busy`], [`Error::Damaged`], [`Error::Driver`] for what cannot
    ///   be opened.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        file::open(folder).map(|connection| Self { connection })
    }

    /// A view that does not change while others write.
    fn snapshot(&self) -> Result<rusqlite::Transaction<'_>, Error> {
        Ok(self.connection.unchecked_transaction()?)
    }
}

impl Ledger for SqliteLedger {
    fn add_authority(&mut self, new: &NewAuthority, at: Timestamp) -> Result<AuthorityRecord, Error> {
        Change::make(&mut self.connection, at, |change| authorities::add(change, new))
    }

    fn authority(&self, name: &AuthorityName) -> Result<Option<AuthorityRecord>, Error> {
        authorities::by_name(&self.connection, name)
    }

    fn authorities(&self) -> Result<Vec<AuthorityRecord>, Error> {
        authorities::all(&self.connection)
    }

    fn take_step(
        &mut self,
        name: &AuthorityName,
        transition: Transition,
        at: Timestamp,
    ) -> Result<AuthorityRecord, Error> {
        Change::make(&mut self.connection, at, |change| authorities::take_step(change, name, transition))
    }

    fn reserve(
        &mut self,
        authority: &AuthorityName,
        at: Timestamp,
        preparation: &mut dyn Preparation,
    ) -> Result<Vec<Reserving>, Error> {
        Change::make(&mut self.connection, at, |change| reservations::reserve(change, authority, preparation))
    }

    fn record(
        &mut self,
        signed: &[(Reservation, IssuedCertificate)],
        at: Timestamp,
    ) -> Result<Vec<Recording>, Error> {
        Change::make(&mut self.connection, at, |change| reservations::record(change, signed))
    }

    fn complete(&mut self, id: CertificateId, signed: &SshCertificate, at: Timestamp) -> Result<(), Error> {
        reservations::complete(&mut self.connection, id, signed, at)
    }

    fn abandon(&mut self, id: CertificateId, reason: &str, at: Timestamp) -> Result<(), Error> {
        reservations::abandon(&mut self.connection, id, reason, at)
    }

    fn abandon_older(
        &mut self,
        reserved_before: Timestamp,
        reason: &str,
        at: Timestamp,
    ) -> Result<usize, Error> {
        reservations::abandon_older(&mut self.connection, reserved_before, reason, at)
    }

    fn import(
        &mut self,
        authority: &AuthorityName,
        certificates: &[SshCertificate],
        at: Timestamp,
    ) -> Result<Vec<Result<Importing, Error>>, Error> {
        imports::import(&mut self.connection, authority, certificates, at)
    }

    fn certificates(&self, filter: &CertificateFilter, after: Option<Cursor>) -> Result<Page, Error> {
        certificates::page(&self.connection, filter, after)
    }

    fn latest(&self, filter: &CertificateFilter) -> Result<Option<CertificateRecord>, Error> {
        certificates::latest(&self.connection, filter)
    }

    fn revoke(&mut self, target: &RevocationTarget, reason: &str, at: Timestamp) -> Result<Revoking, Error> {
        revocations::revoke(&mut self.connection, target, reason, at)
    }

    fn revocation(&self, id: RevocationId) -> Result<Option<Revocation>, Error> {
        revocations::by_id(&self.connection, id)
    }

    fn revoked(&self, authority: Option<&AuthorityName>) -> Result<Revoked, Error> {
        let snapshot = self.snapshot()?;
        revocations::revoked(&snapshot, authorities::id_of(&snapshot, authority)?)
    }

    fn publish_krl(&mut self, authority: Option<&AuthorityName>, at: Timestamp) -> Result<KrlVersion, Error> {
        revocations::publish(&mut self.connection, authority, at)
    }

    fn audit_head(&self) -> Result<Option<AuditHead>, Error> {
        chain::head(&self.connection)
    }

    fn audit_records(&self, after: u64) -> Result<Vec<AuditRecord>, Error> {
        chain::records(&*self.snapshot()?, after)
    }

    fn verify_audit(&self) -> Result<Option<AuditHead>, Error> {
        verification::verify(&*self.snapshot()?)
    }
}

#[cfg(test)]
mod tests;
