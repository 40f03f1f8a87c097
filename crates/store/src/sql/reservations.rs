//! Reserving serials, and closing what was reserved.

use certgate_facts::{SshCertificate, SshCertificateFields, Timestamp};
use certgate_sign::IssuedCertificate;

use super::authorities::SigningAuthority;
use super::change::Change;
use super::{Database, authorities, certificates, chain, values};
use crate::authority::{AuthorityId, AuthorityName, AuthorityState};
use crate::certificate::{CertificateId, CertificateState};
use crate::entry::Entry;
use crate::error::{Conflict, Error};
use crate::issuance::BATCH_CERTIFICATES_MAX;
use crate::reservation::{Preparation, Recording, Reservation, Reserving};
use crate::revocation::{REASON_BYTES_MAX, RevocationId};
use crate::serial::{SERIAL_END, Serials};

/// Reserves as many as there are bytes for.
pub(super) fn reserve(
    change: &mut Change<'_>,
    name: &AuthorityName,
    serials: Serials,
    preparation: &mut dyn Preparation,
) -> Result<Vec<Reserving>, Error> {
    let authority = authorities::signing(change.sql(), name)?;
    refuse_to_sign(name, &authority)?;
    let mut free = free_serials(change.sql(), &authority, authority.next_serial)?;
    if free.is_empty() {
        return Err(Error::SerialsExhausted { name: name.clone() });
    }
    let (mut reserved, mut next_serial) = (Vec::new(), authority.next_serial);
    let serial_of = |free: u64| if serials == Serials::Zero { 0 } else { free };
    while let Some(to_be_signed) = preparation.next(serial_of(free.start)) {
        let fields = to_be_signed.fields();
        if fields.serial() != serial_of(free.start) || fields.authority_key().blob() != authority.public_key {
            return Err(Conflict::BytesDiffer.into());
        }
        if authority.is_anything_revoked
            && let Some(revocation) = revocation_of(change.sql(), authority.id, fields)?
        {
            reserved.push(Reserving::Revoked(revocation));
            continue;
        }
        let bytes = to_be_signed.bytes().to_vec();
        let entry = Entry::SerialReserved { authority: authority.id, to_be_signed: bytes.clone() };
        let id = change.append(&entry)?;
        certificates::insert(change, id, authority.id, fields, CertificateState::Reserved)?;
        reserved.push(Reserving::Reserved(Reservation { id: CertificateId(id), to_be_signed: bytes }));
        if serials == Serials::Zero {
            continue;
        }
        free.start += 1;
        next_serial = free.start;
        if free.is_empty() {
            free = free_serials(change.sql(), &authority, free.start)?;
        }
        if free.is_empty() {
            break;
        }
    }
    let next = values![authority.id.number(), next_serial];
    change.execute("UPDATE authority SET next_serial = ?2 WHERE id = ?1", next)?;
    Ok(reserved)
}

/// Whether an authority does not sign.
fn refuse_to_sign(name: &AuthorityName, authority: &SigningAuthority) -> Result<(), Error> {
    let name = name.clone();
    if authority.state != AuthorityState::Signing {
        return Err(Error::WrongState { name, state: authority.state, transition: None });
    }
    if authority.is_revoked { Err(Error::AuthorityRevoked { name }) } else { Ok(()) }
}

/// The first serials from `from` on that nobody has and nothing revokes; empty if there are none.
fn free_serials(
    sql: &dyn Database,
    authority: &SigningAuthority,
    from: u64,
) -> Result<std::ops::Range<u64>, Error> {
    let number = authority.id.number();
    // A run that is revoked and begins no later, the next serial that is taken, and the next run: one question of three parts.
    let query = "SELECT
        (SELECT last FROM revoked_serials WHERE authority = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1),
        (SELECT serial FROM certificate WHERE authority = ?1 AND serial >= ?2
            AND serial > x'0000000000000000' ORDER BY serial LIMIT 1),
        (SELECT first FROM revoked_serials WHERE authority = ?1 AND first > ?2 ORDER BY first LIMIT 1)";
    let mut start = from;
    loop {
        if start >= SERIAL_END {
            return Ok(SERIAL_END..SERIAL_END);
        }
        let found = sql.first(query, values![number, &start.to_be_bytes()], |row| {
            let serial = |index| Ok::<_, Error>(row.at::<Option<[u8; 8]>>(index)?.map(u64::from_be_bytes));
            Ok([serial(0)?, serial(1)?, serial(2)?])
        })?;
        let [run_at, taken, run_after] = found.unwrap_or_default();
        if let Some(last) = run_at.filter(|last| *last >= start) {
            start = last.saturating_add(1);
            continue;
        }
        if taken == Some(start) {
            start += 1;
            continue;
        }
        return Ok(start..[taken, run_after].into_iter().flatten().fold(SERIAL_END, u64::min));
    }
}

/// What revokes a certificate that is not there yet.
fn revocation_of(
    sql: &dyn Database,
    authority: AuthorityId,
    fields: &SshCertificateFields,
) -> Result<Option<RevocationId>, Error> {
    let query = "SELECT min(revocation) FROM (
        SELECT revocation FROM revoked_key_id WHERE key_id = ?1 AND authority IN (0, ?2)
        UNION ALL SELECT revocation FROM revoked_key WHERE fingerprint = ?3) AS hits";
    let key_id = fields.key_id().as_bytes();
    let values = values![key_id, authority.number(), fields.public_key().fingerprint()];
    Ok(sql.cell::<Option<u64>>(query, values)?.flatten().map(RevocationId))
}

/// Records what was just signed.
pub(super) fn record(
    change: &mut Change<'_>,
    signed: &[(Reservation, IssuedCertificate)],
) -> Result<Vec<Recording>, Error> {
    let mut recorded = Vec::with_capacity(signed.len());
    for (reservation, issued) in signed {
        let certificate = issued.certificate();
        if certificate.signed_bytes() != Some(reservation.to_be_signed()) {
            return Err(Conflict::BytesDiffer.into());
        }
        let id = reservation.id();
        recorded.push(match close_recorded(change, id, certificate)? {
            true => Recording::Recorded(id),
            false => Recording::ClosedMeanwhile(id),
        });
    }
    Ok(recorded)
}

/// Records what was signed elsewhere or earlier.
pub(super) fn complete(
    sql: &dyn Database,
    id: CertificateId,
    signed: &SshCertificate,
    at: Timestamp,
) -> Result<(), Error> {
    signed.verify_signature().map_err(|fault| Error::Sign(fault.into()))?;
    let mut change = Change::begin(sql, at)?;
    require_there(change.sql(), id)?;
    match chain::entry(change.sql(), id.number())? {
        Some((_, Entry::SerialReserved { to_be_signed, .. }))
            if signed.signed_bytes() == Some(&to_be_signed) => {}
        _ => return Err(Conflict::BytesDiffer.into()),
    }
    match close_recorded(&mut change, id, signed)? {
        true => change.commit(),
        false => Err(Conflict::CertificateClosed { id }.into()),
    }
}

/// Closes what will not be signed.
pub(super) fn abandon(
    sql: &dyn Database,
    id: CertificateId,
    reason: &str,
    at: Timestamp,
) -> Result<(), Error> {
    check_reason(reason)?;
    let mut change = Change::begin(sql, at)?;
    require_there(change.sql(), id)?;
    match close_abandoned(&mut change, id, reason)? {
        true => change.commit(),
        false => Err(Conflict::CertificateClosed { id }.into()),
    }
}

/// Closes what was reserved before some time and will not be signed, a batch of it.
pub(super) fn abandon_older(
    sql: &dyn Database,
    reserved_before: Timestamp,
    reason: &str,
    at: Timestamp,
) -> Result<usize, Error> {
    check_reason(reason)?;
    let mut change = Change::begin(sql, at)?;
    let query = "SELECT id FROM certificate JOIN audit ON seq = id
        WHERE closed IS NULL AND at < ?1 ORDER BY id LIMIT ?2";
    let values = values![reserved_before.unix_secs(), BATCH_CERTIFICATES_MAX];
    let ids: Vec<u64> = change.sql().all(query, values, |row| row.at(0))?;
    for id in &ids {
        close_abandoned(&mut change, CertificateId(*id), reason)?;
    }
    change.commit()?;
    Ok(ids.len())
}

fn check_reason(reason: &str) -> Result<(), Error> {
    match reason.len() > REASON_BYTES_MAX {
        true => Err(Error::TextUnfit { field: "reason", reason: "it is too long" }),
        false => Ok(()),
    }
}

fn close_abandoned(change: &mut Change<'_>, id: CertificateId, reason: &str) -> Result<bool, Error> {
    let entry = Entry::CertificateAbandoned { certificate: id, reason: reason.to_owned() };
    close(change, id, CertificateState::Abandoned, &entry)
}

fn require_there(sql: &dyn Database, id: CertificateId) -> Result<(), Error> {
    match sql.finds("SELECT 1 FROM certificate WHERE id = ?1", values![id.number()])? {
        true => Ok(()),
        false => Err(Conflict::CertificateUnknown { id }.into()),
    }
}

/// Records a certificate whose bytes are those reserved, unless it is closed. Whether it was not comes back.
pub(super) fn close_recorded(
    change: &mut Change<'_>,
    id: CertificateId,
    certificate: &SshCertificate,
) -> Result<bool, Error> {
    let signature = certificate.fields().map(SshCertificateFields::signature).unwrap_or_default().to_vec();
    let entry = Entry::CertificateRecorded { certificate: id, signature };
    close(change, id, CertificateState::Recorded, &entry)
}

fn close(
    change: &mut Change<'_>,
    id: CertificateId,
    state: CertificateState,
    entry: &Entry,
) -> Result<bool, Error> {
    let is_open = change.execute(
        "UPDATE certificate SET state = ?2, closed = ?3 WHERE id = ?1 AND closed IS NULL",
        values![id.number(), state.name(), change.next_seq()],
    )? > 0;
    if is_open {
        change.append(entry)?;
    }
    Ok(is_open)
}
