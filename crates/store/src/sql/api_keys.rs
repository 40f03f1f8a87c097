//! API keys in their table.

use certgate_facts::Timestamp;

use super::cells::{Cells, Row};
use super::change::Change;
use super::{Database, resources, values};
use crate::api_key::{Admission, ApiKeyHash, ApiKeyRecord, NewApiKey, OpenApiKey};
use crate::entry::Entry;
use crate::error::{Conflict, Error};
use crate::resource::{ResourceId, ResourceKind};

const SELECT: &str = "SELECT api_key.id, made.kind AS made_kind, made.body AS made_body, made.at AS made_at,
    api_key.hash, api_key.is_read_only, revoked.at AS revoked_at
    FROM api_key JOIN audit AS made ON made.seq = api_key.id
    LEFT JOIN audit AS revoked ON revoked.seq = api_key.revoked";
/// A key that opens, and a resource: its columns are those that [`resources::read`] reads, or null.
const ADMIT: &str = "SELECT resource.id, made.kind AS made_kind, made.body AS made_body, resource.created_at,
    resource.description, resource.metadata, api_key.id AS key, api_key.hash, api_key.is_read_only
    FROM api_key
    LEFT JOIN resource ON resource.deleted IS NULL AND resource.kind = ?2 AND resource.name = ?3
    LEFT JOIN audit AS made ON made.seq = resource.id
    WHERE api_key.name = ?1 AND api_key.revoked IS NULL";

/// Keeps one.
pub(super) fn add(change: &mut Change<'_>, new: NewApiKey) -> Result<(), Error> {
    new.check()?;
    let taken = "SELECT 1 FROM api_key WHERE name = ?1";
    if change.sql().finds(taken, values![new.id.as_str()])? {
        return Err(Conflict::ApiKeyTaken { id: new.id }.into());
    }
    let seq = change.append(&Entry::ApiKeyAdded {
        id: new.id.as_str().to_owned(),
        hash: new.hash.0,
        description: new.description,
        is_read_only: new.is_read_only,
    })?;
    change.execute(
        "INSERT INTO api_key (id, name, hash, is_read_only) VALUES (?1, ?2, ?3, ?4)",
        values![seq, new.id.as_str(), &new.hash.0, new.is_read_only],
    )?;
    Ok(())
}

/// The one of this id, if it opens, and what is asked for with it.
pub(super) fn admit(
    sql: &dyn Database,
    id: &ResourceId,
    asked: Option<&(ResourceKind, ResourceId)>,
) -> Result<Option<Admission>, Error> {
    let (kind, name) = asked.map(|(kind, name)| (kind.name(), name.as_str())).unzip();
    sql.first(ADMIT, values![id.as_str(), kind, name], |row| {
        let cells = Cells::numbered(row, "api_key", "key")?;
        let hash = ApiKeyHash(cells.read("hash")?);
        let key = OpenApiKey { id: id.clone(), hash, is_read_only: cells.read("is_read_only")? };
        let has_resource = cells.read::<Option<u64>>("id")?.is_some();
        let resource = if has_resource { Some(resources::read(row)?) } else { None };
        Ok(Admission { key, resource })
    })
}

/// All of them, as they were made.
pub(super) fn all(sql: &dyn Database) -> Result<Vec<ApiKeyRecord>, Error> {
    sql.all(&format!("{SELECT} ORDER BY api_key.id"), &[], read)
}

fn read(row: &dyn Row) -> Result<ApiKeyRecord, Error> {
    let cells = Cells::of(row, "api_key")?;
    let (kind, body): (String, Vec<u8>) = (cells.read("made_kind")?, cells.read("made_body")?);
    let Some(Entry::ApiKeyAdded { id, description, .. }) = Entry::read(&kind, &body) else {
        return Err(cells.fault("id"));
    };
    let revoked: Option<i64> = cells.read("revoked_at")?;
    Ok(ApiKeyRecord {
        id: id.parse().map_err(|_| cells.fault("name"))?,
        hash: ApiKeyHash(cells.read("hash")?),
        description,
        is_read_only: cells.read("is_read_only")?,
        created_at: Timestamp::from_unix_secs(cells.read("made_at")?),
        revoked_at: revoked.map(Timestamp::from_unix_secs),
    })
}

/// Revokes one that is there and is not revoked.
pub(super) fn revoke(change: &mut Change<'_>, id: &ResourceId) -> Result<bool, Error> {
    let query = "SELECT id FROM api_key WHERE name = ?1 AND revoked IS NULL";
    let Some(key) = change.sql().cell::<u64>(query, values![id.as_str()])? else { return Ok(false) };
    let revoked = change.append(&Entry::ApiKeyRevoked { key })?;
    change.execute("UPDATE api_key SET revoked = ?2 WHERE id = ?1", values![key, revoked])?;
    Ok(true)
}
