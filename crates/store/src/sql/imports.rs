//! Certificates that were signed before the ledger knew of them.

use certgate_facts::{SshCertificate, SshCertificateFields, SshRole, Timestamp};

use super::change::Change;
use super::{Database, authorities, certificates, chain, reservations, values};
use crate::authority::{AuthorityName, AuthorityRecord};
use crate::certificate::{CertificateId, CertificateState};
use crate::entry::Entry;
use crate::error::{Conflict, Error};
use crate::reservation::Importing;
use crate::serial::pushed_by_import;

/// Most certificates in one transaction.
const BATCH_CERTIFICATES: usize = 500;

/// Imports them, each for itself.
pub(super) fn import(
    sql: &dyn Database,
    name: &AuthorityName,
    certificates: &[SshCertificate],
    at: Timestamp,
) -> Result<Vec<Result<Importing, Error>>, Error> {
    let mut imported = Vec::with_capacity(certificates.len());
    authorities::named(sql, name)?;
    for batch in certificates.chunks(BATCH_CERTIFICATES) {
        let mut change = Change::begin(sql, at)?;
        let authority = authorities::named(change.sql(), name)?;
        let mut next_serial = authority.next_serial;
        for certificate in batch {
            imported.push(match check(certificate, &authority) {
                Ok(fields) => one(&mut change, &authority, certificate, fields, &mut next_serial)?,
                Err(refusal) => Err(refusal),
            });
        }
        let next = values![authority.id.number(), next_serial];
        change.execute("UPDATE authority SET next_serial = ?2 WHERE id = ?1", next)?;
        change.commit()?;
    }
    Ok(imported)
}

/// Whether the authority signed it for a host.
fn check<'c>(
    certificate: &'c SshCertificate,
    authority: &AuthorityRecord,
) -> Result<&'c SshCertificateFields, Error> {
    let fields = certificate.fields().ok_or_else(|| {
        Error::Sign(
            certgate_facts::SshSignatureFault::CertificateTypeUnknown { name: certificate.name().to_owned() }
                .into(),
        )
    })?;
    if fields.role() != SshRole::Host {
        return Err(Conflict::NotForHosts.into());
    }
    if fields.authority_key().blob() != authority.public_key.blob() {
        return Err(Conflict::BytesDiffer.into());
    }
    certificate.verify_signature().map_err(|fault| Error::Sign(fault.into()))?;
    Ok(fields)
}

fn one(
    change: &mut Change<'_>,
    authority: &AuthorityRecord,
    certificate: &SshCertificate,
    fields: &SshCertificateFields,
    next_serial: &mut u64,
) -> Result<Result<Importing, Error>, Error> {
    for id in holders(change.sql(), authority, fields)? {
        match chain::entry(change.sql(), id.number())? {
            Some((_, Entry::CertificateImported { certificate: known, .. }))
                if known == certificate.blob() =>
            {
                return Ok(Ok(Importing::Known(id)));
            }
            Some((_, Entry::SerialReserved { to_be_signed, .. }))
                if certificate.signed_bytes() == Some(&to_be_signed) =>
            {
                return reserved(change, id, certificate);
            }
            _ if fields.serial() == 0 => {}
            _ => return Ok(Err(Conflict::SerialTaken { serial: fields.serial() }.into())),
        }
    }
    let blob = certificate.blob().to_vec();
    let entry = Entry::CertificateImported { authority: authority.id, certificate: blob };
    let id = change.append(&entry)?;
    certificates::insert(change, id, authority.id, fields, CertificateState::Imported)?;
    *next_serial = pushed_by_import(*next_serial, fields.serial());
    Ok(Ok(Importing::Imported(CertificateId(id))))
}

/// One whose bytes were reserved here.
fn reserved(
    change: &mut Change<'_>,
    id: CertificateId,
    certificate: &SshCertificate,
) -> Result<Result<Importing, Error>, Error> {
    if reservations::close_recorded(change, id, certificate)? {
        return Ok(Ok(Importing::Completed(id)));
    }
    let state: Option<String> =
        change.sql().cell("SELECT state FROM certificate WHERE id = ?1", values![id.number()])?;
    Ok(match state.and_then(|state| CertificateState::from_name(state.as_bytes())) {
        Some(CertificateState::Recorded) => Ok(Importing::Known(id)),
        _ => Err(Conflict::CertificateClosed { id }.into()),
    })
}

/// Certificates that have the serial; of serial 0, those for the same host key.
fn holders(
    sql: &dyn Database,
    authority: &AuthorityRecord,
    fields: &SshCertificateFields,
) -> Result<Vec<CertificateId>, Error> {
    let query = if fields.serial() == 0 {
        "SELECT id FROM certificate WHERE authority = ?1 AND serial = ?2 AND host_key = ?3"
    } else {
        "SELECT id FROM certificate WHERE authority = ?1 AND serial = ?2 AND serial > x'0000000000000000' AND ?3 <> ''"
    };
    let serial = fields.serial().to_be_bytes();
    let values = values![authority.id.number(), &serial, fields.public_key().fingerprint()];
    sql.all(query, values, |row| row.at(0).map(CertificateId))
}
