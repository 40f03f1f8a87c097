//! Whether the chain is whole, and the tables say what it says.
//!
//! Record by record: its number and hash, then every column of every row it made. What is left over in a table after
//! that was made by no record.

mod extra;
mod rows;
mod served;

use std::collections::BTreeMap;

use certgate_facts::SshCertificate;

use self::rows::{Expected, row_of};
use super::{Database, Kind, Value, certificates, chain};
use crate::audit::{AuditHash, AuditHead, AuditRecord};
use crate::authority::{AuthorityId, AuthorityState, Custody};
use crate::certificate::{CertificateId, CertificateState};
use crate::entry::{AuthorityAdded, Entry};
use crate::error::Error;
use crate::revocation::Revoked;
use crate::serial::{SERIAL_END, pushed_by_import};

/// What the records so far come to.
struct Verification<'c> {
    sql: &'c dyn Database,
    authorities: BTreeMap<AuthorityId, Authority>,
    /// Rows of principals that should be there.
    principals: u64,
    /// Rows that each revocation should have: of serials, key ids, keys.
    revoked: BTreeMap<u64, [usize; 3]>,
    krl_version: u64,
}

/// What of an authority changes.
struct Authority {
    state: AuthorityState,
    moved: u64,
    next_serial: u64,
}

/// Verifies all of it; the head comes back.
pub(super) fn verify(sql: &dyn Database) -> Result<Option<AuditHead>, Error> {
    sql.verify()?;
    let mut verification = Verification {
        sql,
        authorities: BTreeMap::new(),
        principals: 0,
        revoked: BTreeMap::new(),
        krl_version: 0,
    };
    let mut head = AuditHead { seq: 0, hash: AuditHash::NONE };
    let mut after = 0;
    loop {
        let records = chain::records(sql, after)?;
        let Some(last) = records.last() else { break };
        after = last.seq;
        for record in records {
            head = linked(&record, head)?;
            verification.compare(&record)?;
        }
    }
    verification.compare_authorities()?;
    extra::find(sql, verification.principals, &verification.revoked)?;
    Ok(Some(head).filter(|head| head.seq > 0))
}

/// Whether a record comes after `head`; the new head comes back.
fn linked(record: &AuditRecord, head: AuditHead) -> Result<AuditHead, Error> {
    let fault = |column| Err(Error::Inconsistent { table: "audit", column, id: record.seq });
    if record.seq != head.seq + 1 {
        return fault("seq");
    }
    let hash = head.hash.next(record.seq, record.at, record.entry.kind(), &record.body);
    if record.hash != hash {
        return fault("hash");
    }
    Ok(AuditHead { seq: record.seq, hash })
}

impl Verification<'_> {
    /// Whether the rows that a record made are as it says.
    fn compare(&mut self, record: &AuditRecord) -> Result<(), Error> {
        let seq = record.seq;
        let fault = || Error::Inconsistent { table: "audit", column: "body", id: seq };
        match &record.entry {
            Entry::AuthorityAdded(added) => self.added(seq, added),
            Entry::AuthorityMoved { authority, from, to, .. } => {
                let authority = self.authorities.get_mut(authority).ok_or_else(fault)?;
                if authority.state != *from {
                    return Err(fault());
                }
                (authority.state, authority.moved) = (*to, seq);
                Ok(())
            }
            Entry::SerialReserved { authority, to_be_signed } => {
                let unsigned = certificates::with_signature(to_be_signed.clone(), &[]);
                let certificate = SshCertificate::from_blob(&unsigned).map_err(|_| fault())?;
                self.certificate(seq, *authority, &certificate, CertificateState::Reserved)
            }
            Entry::CertificateImported { authority, certificate } => {
                let certificate = SshCertificate::from_blob(certificate).map_err(|_| fault())?;
                self.certificate(seq, *authority, &certificate, CertificateState::Imported)
            }
            Entry::CertificateRecorded { certificate, .. } => {
                self.closed(*certificate, seq, CertificateState::Recorded)
            }
            Entry::CertificateAbandoned { certificate, .. } => {
                self.closed(*certificate, seq, CertificateState::Abandoned)
            }
            Entry::Revoked { added, .. } => self.revoked(seq, added),
            Entry::KrlPublished { version, .. } => {
                if *version <= self.krl_version {
                    return Err(fault());
                }
                self.krl_version = *version;
                row_of(self.sql, "krl", seq, &[("version", Value::from(*version))])
            }
            entry => served::compare(self.sql, (seq, record.at), entry),
        }
    }

    fn added(&mut self, seq: u64, added: &AuthorityAdded) -> Result<(), Error> {
        let fault = |_| Error::Inconsistent { table: "audit", column: "body", id: seq };
        let key = certgate_facts::SshPublicKey::from_blob(&added.public_key).map_err(fault)?;
        let (state, next_serial) = (added.state, added.first_serial);
        self.authorities.insert(AuthorityId(seq), Authority { state, moved: seq, next_serial });
        let expected: Expected<'_> = &[
            ("name", Value::from(added.name.as_str())),
            ("public_key", Value::from(&added.public_key)),
            ("fingerprint", Value::from(key.fingerprint())),
            ("comment", Value::from(added.comment.as_str())),
            (
                "key_file",
                match &added.custody {
                    Custody::Agent | Custody::Sealed => Value::Null(Kind::Text),
                    Custody::KeyFile(path) => Value::from(path.as_str()),
                },
            ),
            ("is_sealed", Value::from(added.custody == Custody::Sealed)),
            ("succeeds", Value::from(added.succeeds.map(AuthorityId::number))),
        ];
        row_of(self.sql, "authority", seq, expected)
    }

    /// At the end: what of authorities changes.
    fn compare_authorities(&self) -> Result<(), Error> {
        for (id, Authority { state, moved, next_serial }) in &self.authorities {
            let expected: Expected<'_> = &[
                ("state", Value::from(state.name())),
                ("moved", Value::from(*moved)),
                ("next_serial", Value::from(*next_serial)),
            ];
            row_of(self.sql, "authority", id.number(), expected)?;
        }
        Ok(())
    }

    fn certificate(
        &mut self,
        seq: u64,
        authority: AuthorityId,
        certificate: &SshCertificate,
        state: CertificateState,
    ) -> Result<(), Error> {
        let fault = || Error::Inconsistent { table: "audit", column: "body", id: seq };
        let fields = certificate.fields().ok_or_else(fault)?;
        let counter = &mut self.authorities.get_mut(&authority).ok_or_else(fault)?.next_serial;
        if state == CertificateState::Imported {
            *counter = pushed_by_import(*counter, fields.serial());
        } else if fields.serial() != 0 {
            if fields.serial() < *counter || fields.serial() >= SERIAL_END {
                return Err(fault());
            }
            *counter = fields.serial() + 1;
        }
        let mut expected = vec![
            ("authority", Value::from(authority.number())),
            ("serial", Value::from(fields.serial().to_be_bytes().to_vec())),
            ("key_id", Value::from(fields.key_id().as_bytes())),
            ("host_key", Value::from(fields.public_key().fingerprint())),
            ("valid_after", Value::from(fields.valid_after())),
            ("valid_before", Value::from(fields.valid_before())),
        ];
        match self.closing(seq, state)? {
            Some((state, closed)) => {
                expected.extend([("state", Value::from(state.name())), ("closed", Value::from(closed))])
            }
            None => expected
                .extend([("state", Value::from(state.name())), ("closed", Value::Null(Kind::Integer))]),
        }
        row_of(self.sql, "certificate", seq, &expected)?;
        self.principals += rows::principals(self.sql, seq, fields)?;
        Ok(())
    }

    /// What closed a certificate, by the record that its row names.
    fn closing(&self, id: u64, state: CertificateState) -> Result<Option<(CertificateState, u64)>, Error> {
        if state == CertificateState::Imported {
            return Ok(Some((state, id)));
        }
        let Some(closed) = rows::closed(self.sql, id)? else { return Ok(None) };
        let is_it = |certificate: CertificateId| certificate.number() == id && closed > id;
        match chain::entry(self.sql, closed)? {
            Some((_, Entry::CertificateRecorded { certificate, .. })) if is_it(certificate) => {
                Ok(Some((CertificateState::Recorded, closed)))
            }
            Some((_, Entry::CertificateAbandoned { certificate, .. })) if is_it(certificate) => {
                Ok(Some((CertificateState::Abandoned, closed)))
            }
            _ => Err(Error::Inconsistent { table: "certificate", column: "closed", id }),
        }
    }

    fn closed(&self, id: CertificateId, seq: u64, state: CertificateState) -> Result<(), Error> {
        let expected: Expected<'_> = &[("state", Value::from(state.name())), ("closed", Value::from(seq))];
        row_of(self.sql, "certificate", id.number(), expected)
    }

    fn revoked(&mut self, seq: u64, added: &Revoked) -> Result<(), Error> {
        rows::revoked(self.sql, seq, added)?;
        self.revoked.insert(seq, [added.serials.len(), added.key_ids.len(), added.keys.len()]);
        Ok(())
    }
}
