//! Reserving serials, and closing what was reserved.

use certgate_facts::{SshCertificate, SshCertificateFields, Timestamp};
use certgate_sign::{IssuedCertificate, ToBeSigned};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::change::Change;
use super::{authorities, certificates, chain};
use crate::authority::{AuthorityId, AuthorityName, AuthorityRecord, AuthorityState};
use crate::certificate::{CertificateId, CertificateState};
use crate::entry::Entry;
use crate::error::{Conflict, Error};
use crate::reservation::{Recording, Reservation, Reserving};
use crate::revocation::{REASON_BYTES_MAX, RevocationId};
use crate::serial::SERIAL_END;

/// Reserves as many as `prepare` gives bytes for.
pub(super) fn reserve(
    connection: &mut Connection,
    name: &AuthorityName,
    at: Timestamp,
    prepare: &mut dyn FnMut(u64) -> Option<ToBeSigned>,
) -> Result<Vec<Reserving>, Error> {
    let mut change = Change::begin(connection, at)?;
    let authority = authorities::named(change.sql(), name)?;
    refuse_to_sign(change.sql(), &authority)?;
    let is_anything_revoked: bool = change.sql().query_row(
        "SELECT EXISTS (SELECT 1 FROM revoked_key_id) OR EXISTS (SELECT 1 FROM revoked_key)",
        [],
        |row| row.get(0),
    )?;
    let mut free = free_serials(change.sql(), &authority, authority.next_serial)?;
    let mut reserved = Vec::new();
    while let Some(to_be_signed) = prepare(free.start) {
        let fields = to_be_signed.fields();
        if fields.serial() != free.start || fields.authority_key().blob() != authority.public_key.blob() {
            return Err(Conflict::BytesDiffer.into());
        }
        if is_anything_revoked && let Some(revocation) = revocation_of(change.sql(), authority.id, fields)? {
            reserved.push(Reserving::Revoked(revocation));
            continue;
        }
        let bytes = to_be_signed.bytes().to_vec();
        let entry = Entry::SerialReserved { authority: authority.id, to_be_signed: bytes.clone() };
        let id = change.append(&entry)?;
        certificates::insert(&change, id, authority.id, fields, CertificateState::Reserved)?;
        reserved.push(Reserving::Reserved(Reservation { id: CertificateId(id), to_be_signed: bytes }));
        free.start += 1;
        if free.is_empty() {
            free = free_serials(change.sql(), &authority, free.start)?;
        }
    }
    let next = params![authority.id.number(), free.start];
    change.execute("UPDATE authority SET next_serial = ?2 WHERE id = ?1", next)?;
    change.commit()?;
    Ok(reserved)
}

/// Whether an authority does not sign.
fn refuse_to_sign(sql: &Connection, authority: &AuthorityRecord) -> Result<(), Error> {
    let name = authority.name.clone();
    if authority.state != AuthorityState::Signing {
        return Err(Error::WrongState { name, state: authority.state, transition: None });
    }
    let query = "SELECT 1 FROM revoked_key WHERE fingerprint = ?1";
    match sql.prepare_cached(query)?.exists([authority.public_key.fingerprint()])? {
        true => Err(Error::AuthorityRevoked { name }),
        false => Ok(()),
    }
}

/// The first serials from `from` on that nobody has and nothing revokes; at least one.
fn free_serials(
    sql: &Connection,
    authority: &AuthorityRecord,
    from: u64,
) -> Result<std::ops::Range<u64>, Error> {
    let number = authority.id.number();
    let mut first_taken = sql.prepare_cached(
        "SELECT min(serial) FROM certificate
         WHERE authority = ?1 AND serial >= ?2 AND serial > x'0000000000000000'",
    )?;
    let mut run_at = sql.prepare_cached(
        "SELECT last FROM revoked_serials WHERE authority = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1",
    )?;
    let mut run_after =
        sql.prepare_cached("SELECT min(first) FROM revoked_serials WHERE authority = ?1 AND first > ?2")?;
    let mut start = from;
    loop {
        if start >= SERIAL_END {
            return Err(Error::SerialsExhausted { name: authority.name.clone() });
        }
        let here = params![number, start.to_be_bytes()];
        let revoked: Option<[u8; 8]> = run_at.query_row(here, |row| row.get(0)).optional()?;
        if let Some(last) = revoked.map(u64::from_be_bytes).filter(|last| *last >= start) {
            start = last.saturating_add(1);
            continue;
        }
        let number_of = |bytes: Option<[u8; 8]>| bytes.map_or(SERIAL_END, u64::from_be_bytes);
        let taken = number_of(first_taken.query_row(here, |row| row.get(0))?);
        if taken == start {
            start += 1;
            continue;
        }
        let revoked = number_of(run_after.query_row(here, |row| row.get(0))?);
        return Ok(start..taken.min(revoked).min(SERIAL_END));
    }
}

/// What revokes a certificate that is not there yet.
fn revocation_of(
    sql: &Connection,
    authority: AuthorityId,
    fields: &SshCertificateFields,
) -> Result<Option<RevocationId>, Error> {
    let mut statement = sql.prepare_cached(
        "SELECT min(revocation) FROM (
             SELECT revocation FROM revoked_key_id WHERE key_id = ?1 AND authority IN (0, ?2)
             UNION ALL SELECT revocation FROM revoked_key WHERE fingerprint = ?3)",
    )?;
    let key_id = fields.key_id().as_bytes();
    let params = params![key_id, authority.number(), fields.public_key().fingerprint()];
    let revocation: Option<u64> = statement.query_row(params, |row| row.get(0))?;
    Ok(revocation.map(RevocationId))
}

/// Records what was just signed.
pub(super) fn record(
    connection: &mut Connection,
    signed: &[(Reservation, IssuedCertificate)],
    at: Timestamp,
) -> Result<Vec<Recording>, Error> {
    let mut change = Change::begin(connection, at)?;
    let mut recorded = Vec::with_capacity(signed.len());
    for (reservation, issued) in signed {
        let certificate = issued.certificate();
        if certificate.signed_bytes() != Some(reservation.to_be_signed()) {
            return Err(Conflict::BytesDiffer.into());
        }
        let id = reservation.id();
        recorded.push(if certificates::is_open(change.sql(), id)? == Some(true) {
            close_recorded(&mut change, id, certificate)?;
            Recording::Recorded(id)
        } else {
            Recording::ClosedMeanwhile(id)
        });
    }
    change.commit()?;
    Ok(recorded)
}

/// Records what was signed elsewhere or earlier.
pub(super) fn complete(
    connection: &mut Connection,
    id: CertificateId,
    signed: &SshCertificate,
    at: Timestamp,
) -> Result<(), Error> {
    signed.verify_signature().map_err(|fault| Error::Sign(fault.into()))?;
    let mut change = Change::begin(connection, at)?;
    require_open(change.sql(), id)?;
    match chain::entry(change.sql(), id.number())? {
        Some((_, Entry::SerialReserved { to_be_signed, .. }))
            if signed.signed_bytes() == Some(&to_be_signed) => {}
        _ => return Err(Conflict::BytesDiffer.into()),
    }
    close_recorded(&mut change, id, signed)?;
    change.commit()
}

/// Records a certificate that is open, and whose bytes are those reserved.
pub(super) fn close_recorded(
    change: &mut Change<'_>,
    id: CertificateId,
    certificate: &SshCertificate,
) -> Result<(), Error> {
    let signature = certificate.fields().map(SshCertificateFields::signature).unwrap_or_default().to_vec();
    let closed = change.append(&Entry::CertificateRecorded { certificate: id, signature })?;
    close(change, id, CertificateState::Recorded, closed)
}

/// Closes what will not be signed.
pub(super) fn abandon(
    connection: &mut Connection,
    id: CertificateId,
    reason: &str,
    at: Timestamp,
) -> Result<(), Error> {
    if reason.len() > REASON_BYTES_MAX {
        return Err(Error::TextUnfit { field: "reason", reason: "it is too long" });
    }
    let mut change = Change::begin(connection, at)?;
    require_open(change.sql(), id)?;
    let entry = Entry::CertificateAbandoned { certificate: id, reason: reason.to_owned() };
    let closed = change.append(&entry)?;
    close(&change, id, CertificateState::Abandoned, closed)?;
    change.commit()
}

fn require_open(sql: &Connection, id: CertificateId) -> Result<(), Error> {
    match certificates::is_open(sql, id)? {
        Some(true) => Ok(()),
        Some(false) => Err(Conflict::CertificateClosed { id }.into()),
        None => Err(Conflict::CertificateUnknown { id }.into()),
    }
}

fn close(change: &Change<'_>, id: CertificateId, state: CertificateState, closed: u64) -> Result<(), Error> {
    change.execute(
        "UPDATE certificate SET state = ?2, closed = ?3 WHERE id = ?1",
        params![id.number(), state.name(), closed],
    )?;
    Ok(())
}
