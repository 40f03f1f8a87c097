//! The ledger in a database.

use certgate_facts::{SshCertificate, Timestamp};
use certgate_sign::IssuedCertificate;

use super::change::Change;
use super::{
    Database, Snapshot, authorities, certificates, chain, imports, reservations, revocations, verification,
};
use crate::audit::{AuditHead, AuditRecord};
use crate::authority::{AuthorityName, AuthorityRecord, NewAuthority, Transition};
use crate::certificate::{CertificateId, CertificateRecord};
use crate::error::Error;
use crate::filter::{CertificateFilter, Cursor, Page};
use crate::ledger::Ledger;
use crate::reservation::{Importing, Preparation, Recording, Reservation, Reserving};
use crate::revocation::{KrlVersion, Revocation, RevocationId, RevocationTarget, Revoked, Revoking};

/// A ledger that is kept in a database.
pub(crate) trait Kept {
    /// The database.
    fn database(&self) -> &dyn Database;

    /// Reads.
    fn read<T>(&self, work: impl Fn(&dyn Database) -> Result<T, Error>) -> Result<T, Error> {
        self.database().read(work)
    }
}

/// A ledger that is open, wherever it is kept.
pub struct OpenLedger {
    database: Box<dyn Database + Send>,
}

impl OpenLedger {
    pub(crate) fn of(database: impl Database + Send + 'static) -> Self {
        Self { database: Box::new(database) }
    }
}

impl Kept for OpenLedger {
    fn database(&self) -> &dyn Database {
        self.database.as_ref()
    }
}

impl<K: Kept> Ledger for K {
    fn add_authority(&mut self, new: &NewAuthority, at: Timestamp) -> Result<AuthorityRecord, Error> {
        Change::make(self.database(), at, |change| authorities::add(change, new))
    }

    fn authority(&self, name: &AuthorityName) -> Result<Option<AuthorityRecord>, Error> {
        self.read(|sql| authorities::by_name(sql, name))
    }

    fn authorities(&self) -> Result<Vec<AuthorityRecord>, Error> {
        self.read(authorities::all)
    }

    fn take_step(
        &mut self,
        name: &AuthorityName,
        transition: Transition,
        at: Timestamp,
    ) -> Result<AuthorityRecord, Error> {
        Change::make(self.database(), at, |change| authorities::take_step(change, name, transition))
    }

    fn reserve(
        &mut self,
        authority: &AuthorityName,
        at: Timestamp,
        preparation: &mut dyn Preparation,
    ) -> Result<Vec<Reserving>, Error> {
        Change::make(self.database(), at, |change| reservations::reserve(change, authority, preparation))
    }

    fn record(
        &mut self,
        signed: &[(Reservation, IssuedCertificate)],
        at: Timestamp,
    ) -> Result<Vec<Recording>, Error> {
        Change::make(self.database(), at, |change| reservations::record(change, signed))
    }

    fn complete(&mut self, id: CertificateId, signed: &SshCertificate, at: Timestamp) -> Result<(), Error> {
        reservations::complete(self.database(), id, signed, at)
    }

    fn abandon(&mut self, id: CertificateId, reason: &str, at: Timestamp) -> Result<(), Error> {
        reservations::abandon(self.database(), id, reason, at)
    }

    fn abandon_older(
        &mut self,
        reserved_before: Timestamp,
        reason: &str,
        at: Timestamp,
    ) -> Result<usize, Error> {
        reservations::abandon_older(self.database(), reserved_before, reason, at)
    }

    fn import(
        &mut self,
        authority: &AuthorityName,
        certificates: &[SshCertificate],
        at: Timestamp,
    ) -> Result<Vec<Result<Importing, Error>>, Error> {
        imports::import(self.database(), authority, certificates, at)
    }

    fn certificates(&self, filter: &CertificateFilter, after: Option<Cursor>) -> Result<Page, Error> {
        self.read(|sql| certificates::page(sql, filter, after))
    }

    fn latest(&self, filter: &CertificateFilter) -> Result<Option<CertificateRecord>, Error> {
        self.read(|sql| certificates::latest(sql, filter))
    }

    fn revoke(&mut self, target: &RevocationTarget, reason: &str, at: Timestamp) -> Result<Revoking, Error> {
        revocations::revoke(self.database(), target, reason, at)
    }

    fn revocation(&self, id: RevocationId) -> Result<Option<Revocation>, Error> {
        self.read(|sql| revocations::by_id(sql, id))
    }

    fn revoked(&self, authority: Option<&AuthorityName>) -> Result<Revoked, Error> {
        self.read(|sql| {
            let _snapshot = Snapshot::of(sql)?;
            revocations::revoked(sql, authorities::id_of(sql, authority)?)
        })
    }

    fn publish_krl(&mut self, authority: Option<&AuthorityName>, at: Timestamp) -> Result<KrlVersion, Error> {
        revocations::publish(self.database(), authority, at)
    }

    fn audit_head(&self) -> Result<Option<AuditHead>, Error> {
        self.read(chain::head)
    }

    fn audit_records(&self, after: u64) -> Result<Vec<AuditRecord>, Error> {
        self.read(|sql| {
            let _snapshot = Snapshot::of(sql)?;
            chain::records(sql, after)
        })
    }

    fn verify_audit(&self) -> Result<Option<AuditHead>, Error> {
        self.read(|sql| {
            let _snapshot = Snapshot::of(sql)?;
            verification::verify(sql)
        })
    }
}
