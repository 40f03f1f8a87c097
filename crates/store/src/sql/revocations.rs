//! Revocations: what a target comes to, what is new of it, and all there is.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use certgate_facts::{SshPublicKey, Timestamp};

use super::cells::Row;
use super::change::Change;
use super::{Database, authorities, chain, values};
use crate::authority::{AuthorityId, AuthorityName};
use crate::entry::Entry;
use crate::error::Error;
use crate::revocation::{
    KrlVersion, REASON_BYTES_MAX, Revocation, RevocationId, RevocationTarget, Revoked, RevokedKeyId,
    RevokedSerials, Revoking,
};
use crate::serial::Run;

/// Revokes what is not revoked yet.
pub(super) fn revoke(
    sql: &dyn Database,
    target: &RevocationTarget,
    reason: &str,
    at: Timestamp,
) -> Result<Revoking, Error> {
    target.check()?;
    if reason.len() > REASON_BYTES_MAX {
        return Err(Error::TextUnfit { field: "reason", reason: "it is too long" });
    }
    let mut change = Change::begin(sql, at)?;
    let meant = resolve(change.sql(), target)?;
    if meant.is_empty() {
        return Ok(Revoking::NothingFound);
    }
    let added = without_known(change.sql(), meant)?;
    if added.is_empty() {
        return Ok(Revoking::AlreadyRevoked);
    }
    added.check_size()?;
    let (target, reason) = (target.clone(), reason.to_owned());
    let entry = Entry::Revoked { target: target.clone(), reason: reason.clone(), added: added.clone() };
    let id = change.append(&entry)?;
    insert(&change, id, &added)?;
    let revocation = Revocation { id: RevocationId(id), at: change.at(), target, reason, added };
    change.commit()?;
    Ok(Revoking::Revoked(Box::new(revocation)))
}

/// What a target comes to, in the terms of a key revocation list.
fn resolve(sql: &dyn Database, target: &RevocationTarget) -> Result<Revoked, Error> {
    let mut revoked = Revoked::default();
    match target {
        RevocationTarget::Serials { authority, first, last } => {
            let authority = authorities::named(sql, authority)?.id;
            revoked.serials.push(RevokedSerials { authority, first: *first, last: *last });
        }
        RevocationTarget::KeyId { authority, key_id } => {
            let authority = authorities::id_of(sql, authority.as_ref())?;
            revoked.key_ids.push(RevokedKeyId { authority, key_id: key_id.clone() });
        }
        RevocationTarget::Key(key) => revoked.keys.push(canonical(key)),
        RevocationTarget::Principal { authority, name } => {
            let query = "SELECT authority, serial, key_id FROM certificate
                WHERE id IN (SELECT certificate FROM principal WHERE name = ?1)
                AND (?2 IS NULL OR authority = ?2) ORDER BY authority, serial";
            revoked = of_certificates(sql, query, name, authority.as_ref())?;
        }
        RevocationTarget::Host { authority, name } => {
            let query = "SELECT authority, serial, key_id FROM certificate WHERE host_key IN
                (SELECT host_key FROM certificate JOIN principal ON principal.certificate = certificate.id
                 WHERE principal.name = ?1)
                AND (?2 IS NULL OR authority = ?2) ORDER BY authority, serial";
            revoked = of_certificates(sql, query, name, authority.as_ref())?;
        }
    }
    Ok(revoked)
}

/// The certificates that a query finds: by serial, or where that is 0 by key id.
fn of_certificates(
    sql: &dyn Database,
    query: &str,
    name: &[u8],
    authority: Option<&AuthorityName>,
) -> Result<Revoked, Error> {
    let authority = authorities::id_of(sql, authority)?.map(AuthorityId::number);
    let mut serials: BTreeMap<AuthorityId, Vec<u64>> = BTreeMap::new();
    let mut key_ids = BTreeSet::new();
    sql.each(query, values![name, authority], &mut |row| {
        let (authority, serial) = (AuthorityId(row.at(0)?), u64::from_be_bytes(row.at(1)?));
        match serial {
            0 => drop(key_ids.insert((authority, row.at::<Vec<u8>>(2)?))),
            _ => serials.entry(authority).or_default().push(serial),
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let run = |authority| move |Run { first, last }| RevokedSerials { authority, first, last };
    let runs = |(authority, serials)| Run::of_ascending(serials).into_iter().map(run(authority));
    let key_id = |(authority, key_id)| RevokedKeyId { authority: Some(authority), key_id };
    Ok(Revoked {
        serials: serials.into_iter().flat_map(runs).collect(),
        key_ids: key_ids.into_iter().map(key_id).collect(),
        keys: Vec::new(),
    })
}

/// Keys are kept and compared without their comments, in the one form that all encodings of a key have.
fn canonical(key: &SshPublicKey) -> SshPublicKey {
    SshPublicKey::from_blob(&key.canonical_blob()).unwrap_or_else(|_| key.clone())
}

/// What of it is not revoked yet.
fn without_known(sql: &dyn Database, meant: Revoked) -> Result<Revoked, Error> {
    let mut new = Revoked::default();
    for RevokedSerials { authority, first, last } in meant.serials {
        for Run { first, last } in (Run { first, last }).without(overlapping(sql, authority, first, last)?) {
            new.serials.push(RevokedSerials { authority, first, last });
        }
    }
    let query = "SELECT 1 FROM revoked_key_id WHERE key_id = ?1 AND authority IN (0, ?2)";
    for entry in meant.key_ids {
        let authority = entry.authority.map_or(0, AuthorityId::number);
        if !sql.finds(query, values![&entry.key_id, authority])? {
            new.key_ids.push(entry);
        }
    }
    let query = "SELECT 1 FROM revoked_key WHERE fingerprint = ?1";
    for key in meant.keys {
        if !sql.finds(query, values![key.fingerprint()])? {
            new.keys.push(key);
        }
    }
    Ok(new)
}

/// The runs that share a serial with one, ascending.
fn overlapping(sql: &dyn Database, authority: AuthorityId, first: u64, last: u64) -> Result<Vec<Run>, Error> {
    let query =
        "SELECT first, last FROM revoked_serials WHERE authority = ?1 AND first <= ?3 AND first >= coalesce(
         (SELECT first FROM revoked_serials WHERE authority = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1),
         ?2) ORDER BY first";
    sql.all(query, values![authority.number(), &first.to_be_bytes(), &last.to_be_bytes()], |row| run(row, 0))
}

/// A run in two columns, the first of them at `place`.
fn run(row: &dyn Row, place: usize) -> Result<Run, Error> {
    Ok(Run { first: u64::from_be_bytes(row.at(place)?), last: u64::from_be_bytes(row.at(place + 1)?) })
}

fn insert(change: &Change<'_>, id: u64, added: &Revoked) -> Result<(), Error> {
    for run in &added.serials {
        change.execute(
            "INSERT INTO revoked_serials (authority, first, last, revocation) VALUES (?1, ?2, ?3, ?4)",
            values![run.authority.number(), &run.first.to_be_bytes(), &run.last.to_be_bytes(), id],
        )?;
    }
    for entry in &added.key_ids {
        change.execute(
            "INSERT INTO revoked_key_id (key_id, authority, revocation) VALUES (?1, ?2, ?3)",
            values![&entry.key_id, entry.authority.map_or(0, AuthorityId::number), id],
        )?;
    }
    for key in &added.keys {
        change.execute(
            "INSERT INTO revoked_key (fingerprint, public_key, revocation) VALUES (?1, ?2, ?3)",
            values![key.fingerprint(), key.blob(), id],
        )?;
    }
    Ok(())
}

/// The revocation of this number.
pub(super) fn by_id(sql: &dyn Database, id: RevocationId) -> Result<Option<Revocation>, Error> {
    Ok(match chain::entry(sql, id.number())? {
        Some((at, Entry::Revoked { target, reason, added })) => {
            Some(Revocation { id, at, target, reason, added })
        }
        _ => None,
    })
}

/// All that is revoked: of one authority and of any, or of all.
pub(super) fn revoked(sql: &dyn Database, authority: Option<AuthorityId>) -> Result<Revoked, Error> {
    let number = authority.map(AuthorityId::number);
    let serials = "SELECT authority, first, last FROM revoked_serials WHERE ?1 IS NULL OR authority = ?1
        ORDER BY authority, first";
    let key_ids = "SELECT authority, key_id FROM revoked_key_id WHERE ?1 IS NULL OR authority IN (0, ?1)
        ORDER BY authority, key_id";
    let keys = "SELECT revocation, public_key FROM revoked_key ORDER BY public_key";
    Ok(Revoked {
        serials: sql.all(serials, values![number], |row| {
            let Run { first, last } = run(row, 1)?;
            Ok(RevokedSerials { authority: AuthorityId(row.at(0)?), first, last })
        })?,
        key_ids: sql.all(key_ids, values![number], |row| {
            let authority = Some(row.at(0)?).filter(|number| *number > 0).map(AuthorityId);
            Ok(RevokedKeyId { authority, key_id: row.at(1)? })
        })?,
        keys: sql.all(keys, &[], |row| {
            let (id, blob): (u64, Vec<u8>) = (row.at(0)?, row.at(1)?);
            let fault = |_| Error::Inconsistent { table: "revoked_key", column: "public_key", id };
            SshPublicKey::from_blob(&blob).map_err(fault)
        })?,
    })
}

/// Takes the next version of the list, and what it must contain, at one moment.
pub(super) fn publish(
    sql: &dyn Database,
    authority: Option<&AuthorityName>,
    at: Timestamp,
) -> Result<KrlVersion, Error> {
    let mut change = Change::begin(sql, at)?;
    let authority = authorities::id_of(change.sql(), authority)?;
    let last: Option<Option<u64>> = change.sql().cell("SELECT max(version) FROM krl", &[])?;
    let version = last.flatten().unwrap_or(0) + 1;
    let id = change.append(&Entry::KrlPublished { version, authority })?;
    change.execute("INSERT INTO krl (id, version) VALUES (?1, ?2)", values![id, version])?;
    let revoked = revoked(change.sql(), authority)?;
    change.commit()?;
    Ok(KrlVersion { version, revoked })
}
