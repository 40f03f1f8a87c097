//! Resources in their tables.

use certgate_facts::{SshPublicKey, Timestamp};

use super::cells::{Cells, Row};
use super::change::Change;
use super::{Database, authorities, values};
use crate::authority::{Custody, NewAuthority, Origin, Transition};
use crate::entry::{Entry, ResourceCreated};
use crate::error::{Conflict, Error};
use crate::resource::{Deleting, NewResource, ResourceId, ResourceKind, ResourceRecord, ResourceUpdate};
use crate::resources::Resealing;
use crate::seal::{MasterKeyNumber, Sealed};
use crate::serial::SerialStart;

/// Resources, each with the record that made it.
pub(super) const SELECT: &str =
    "SELECT resource.id, made.kind AS made_kind, made.body AS made_body, created_at,
    description, metadata FROM resource JOIN audit AS made ON made.seq = resource.id";
/// Those that are there, of the kind that the first parameter names.
pub(super) const OF_KIND: &str = "WHERE resource.deleted IS NULL AND resource.kind = ?1";

/// Keeps one.
pub(crate) fn create(change: &mut Change<'_>, new: NewResource) -> Result<ResourceRecord, Error> {
    let authority = look_at(change.sql(), &new)?;
    keep(change, new, authority)
}

/// Whether there is nothing against keeping one. The number of the authority that signed it comes back.
pub(super) fn look_at(sql: &dyn Database, new: &NewResource) -> Result<Option<u64>, Error> {
    new.check()?;
    let taken = "SELECT 1 FROM resource WHERE kind = ?1 AND name = ?2";
    if sql.finds(taken, values![new.kind.name(), new.id.as_str()])? {
        return Err(Conflict::ResourceTaken { id: new.id.clone() }.into());
    }
    if let Some(sealed) = &new.secret {
        // Whoever still has the key from before a rotation seals nothing more with it.
        let other = master_keys(sql)?.into_iter().find(|other| *other != sealed.master);
        if let Some(due) = other {
            return Err(Error::MasterKeyDiffers { due, found: sealed.master });
        }
    }
    let Some(id) = &new.authority else { return Ok(None) };
    let unknown = || Conflict::ResourceAuthorityUnknown { id: id.clone() };
    Ok(Some(number(sql, ResourceKind::SshCertificateAuthority, id)?.ok_or_else(unknown)?))
}

/// Keeps one that was looked at.
pub(super) fn keep(
    change: &mut Change<'_>,
    new: NewResource,
    authority: Option<u64>,
) -> Result<ResourceRecord, Error> {
    let NewResource { kind, id, authority: _, description, metadata, facts, content, secret } = new;
    let entry = Entry::ResourceCreated(ResourceCreated {
        kind,
        id: id.as_str().to_owned(),
        authority,
        description: description.clone(),
        metadata: metadata.clone(),
        facts: facts.clone(),
        content: content.clone(),
        has_secret: secret.is_some(),
    });
    let seq = change.append(&entry)?;
    change.execute(
        "INSERT INTO resource (id, kind, name, authority, created_at, description, metadata, subject_common_name,
         serial_number, not_before, not_after) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        values![
            seq,
            kind.name(),
            id.as_str(),
            authority,
            change.at().unix_secs(),
            &description,
            &metadata,
            facts.subject_common_name.as_deref(),
            facts.serial_number.as_deref(),
            facts.not_before.map(Timestamp::unix_secs),
            facts.not_after.map(Timestamp::unix_secs),
        ],
    )?;
    if let Some(sealed) = secret {
        change.execute(
            "INSERT INTO secret (resource, master, sealed) VALUES (?1, ?2, ?3)",
            values![seq, &sealed.master.0, &sealed.bytes],
        )?;
    }
    Ok(ResourceRecord { kind, id, created_at: change.at(), description, metadata, facts, content })
}

/// Keeps an SSH certificate authority, in the ledger too.
pub(super) fn create_authority(
    change: &mut Change<'_>,
    new: NewResource,
    public_key: SshPublicKey,
) -> Result<ResourceRecord, Error> {
    let authority = NewAuthority {
        name: new.id.authority_name()?,
        public_key,
        comment: String::new(),
        custody: Custody::Sealed,
        origin: Origin::Created,
        succeeds: None,
        serial_start: SerialStart::ONE,
    };
    let signed_by = look_at(change.sql(), &new)?;
    authorities::add(change, &authority)?;
    keep(change, new, signed_by)
}

/// The number of one that is there.
fn number(sql: &dyn Database, kind: ResourceKind, id: &ResourceId) -> Result<Option<u64>, Error> {
    let query = "SELECT id FROM resource WHERE deleted IS NULL AND kind = ?1 AND name = ?2";
    sql.cell(query, values![kind.name(), id.as_str()])
}

/// One that is there.
pub(super) fn one(
    sql: &dyn Database,
    kind: ResourceKind,
    id: &ResourceId,
) -> Result<Option<ResourceRecord>, Error> {
    sql.first(&format!("{SELECT} {OF_KIND} AND resource.name = ?2"), values![kind.name(), id.as_str()], read)
}

/// What was selected by [`SELECT`].
pub(super) fn read(row: &dyn Row) -> Result<ResourceRecord, Error> {
    let cells = Cells::of(row, "resource")?;
    let (kind, body): (String, Vec<u8>) = (cells.read("made_kind")?, cells.read("made_body")?);
    let Some(Entry::ResourceCreated(created)) = Entry::read(&kind, &body) else {
        return Err(cells.fault("id"));
    };
    Ok(ResourceRecord {
        kind: created.kind,
        id: created.id.parse().map_err(|_| cells.fault("name"))?,
        created_at: Timestamp::from_unix_secs(cells.read("created_at")?),
        description: cells.read("description")?,
        metadata: cells.read("metadata")?,
        facts: created.facts,
        content: created.content,
    })
}

/// Changes one; where nothing is new there is no record of it.
pub(super) fn update(
    change: &mut Change<'_>,
    kind: ResourceKind,
    id: &ResourceId,
    update: ResourceUpdate,
) -> Result<Option<ResourceRecord>, Error> {
    update.check()?;
    let Some(seq) = number(change.sql(), kind, id)? else { return Ok(None) };
    let Some(mut resource) = one(change.sql(), kind, id)? else { return Ok(None) };
    let before = resource.clone();
    resource.description = update.description.unwrap_or(resource.description);
    resource.metadata = update.metadata.unwrap_or(resource.metadata);
    if resource != before {
        let entry = Entry::ResourceUpdated {
            resource: seq,
            description: resource.description.clone(),
            metadata: resource.metadata.clone(),
        };
        let changed = change.append(&entry)?;
        change.execute(
            "UPDATE resource SET changed = ?2, description = ?3, metadata = ?4 WHERE id = ?1",
            values![seq, changed, &resource.description, &resource.metadata],
        )?;
    }
    Ok(Some(resource))
}

/// Deletes one, unless it is an authority that is in use.
pub(super) fn delete(
    change: &mut Change<'_>,
    kind: ResourceKind,
    id: &ResourceId,
) -> Result<Deleting, Error> {
    let Some(seq) = number(change.sql(), kind, id)? else { return Ok(Deleting::Unknown) };
    let used = "SELECT 1 FROM resource WHERE authority = ?1 AND deleted IS NULL LIMIT 1";
    if change.sql().finds(used, values![seq])? {
        return Ok(Deleting::InUse);
    }
    if kind == ResourceKind::SshCertificateAuthority {
        let name = id.authority_name()?;
        let is_signing = authorities::named(change.sql(), &name)?;
        if Transition::RetireDespiteValidCertificates.from(is_signing.state).is_some() {
            authorities::take_step(change, &name, Transition::RetireDespiteValidCertificates)?;
        }
    }
    let deleted = change.append(&Entry::ResourceDeleted { resource: seq })?;
    change.execute("UPDATE resource SET deleted = ?2 WHERE id = ?1", values![seq, deleted])?;
    change.execute("DELETE FROM secret WHERE resource = ?1", values![seq])?;
    Ok(Deleting::Deleted)
}

/// The secret of one.
pub(super) fn secret(
    sql: &dyn Database,
    kind: ResourceKind,
    id: &ResourceId,
) -> Result<Option<Sealed>, Error> {
    let query =
        "SELECT resource.id, master, sealed FROM resource JOIN secret ON secret.resource = resource.id
        WHERE kind = ?1 AND name = ?2";
    sql.first(query, values![kind.name(), id.as_str()], sealed)
}

fn sealed(row: &dyn Row) -> Result<Sealed, Error> {
    let cells = Cells::of(row, "secret")?;
    Ok(Sealed { master: MasterKeyNumber(cells.read("master")?), bytes: cells.read("sealed")? })
}

/// The master keys that seal something.
pub(super) fn master_keys(sql: &dyn Database) -> Result<Vec<MasterKeyNumber>, Error> {
    let next = "SELECT master FROM secret WHERE master > ?1 ORDER BY master LIMIT 1";
    let mut found: Vec<MasterKeyNumber> = Vec::new();
    loop {
        let after = found.last().map_or(&[][..], |number| &number.0);
        match sql.cell(next, values![after])? {
            Some(number) => found.push(MasterKeyNumber(number)),
            None => return Ok(found),
        }
    }
}

/// Seals every secret anew. The last one may be the one that cannot be.
pub(super) fn reseal(
    change: &mut Change<'_>,
    resealing: Resealing,
    to: MasterKeyNumber,
) -> Result<u64, Error> {
    change.undoably(|change| reseal_all(change, resealing, to))
}

fn reseal_all(change: &mut Change<'_>, mut resealing: Resealing, to: MasterKeyNumber) -> Result<u64, Error> {
    let (mut count, mut after) = (0_u64, 0_u64);
    let next = "SELECT secret.resource AS id, master, sealed, name FROM secret
        JOIN resource ON resource.id = secret.resource WHERE secret.resource > ?1 ORDER BY secret.resource LIMIT 1";
    loop {
        let found = change.sql().first(next, values![after], |row| {
            let cells = Cells::of(row, "secret")?;
            let name: String = cells.read("name")?;
            Ok((cells.id(), resealing(&name, &sealed(row)?)?))
        })?;
        let Some((seq, anew)) = found else { break };
        change.execute(
            "UPDATE secret SET master = ?2, sealed = ?3 WHERE resource = ?1",
            values![seq, &anew.master.0, &anew.bytes],
        )?;
        (count, after) = (count + 1, seq);
    }
    change.append(&Entry::SecretsResealed { master: to, count })?;
    Ok(count)
}
