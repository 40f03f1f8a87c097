//! API keys in their table.

use certgate_facts::Timestamp;
use rusqlite::{Connection, Row, params};

use super::cells::Cells;
use super::change::Change;
use crate::api_key::{ApiKeyHash, ApiKeyRecord, NewApiKey};
use crate::entry::Entry;
use crate::error::{Conflict, Error};
use crate::resource::ResourceId;

const SELECT: &str = "SELECT api_key.id, made.kind AS made_kind, made.body AS made_body, made.at AS made_at,
    api_key.hash, api_key.is_read_only, revoked.at AS revoked_at
    FROM api_key JOIN audit AS made ON made.seq = api_key.id
    LEFT JOIN audit AS revoked ON revoked.seq = api_key.revoked";

/// Keeps one.
pub(super) fn add(change: &mut Change<'_>, new: NewApiKey) -> Result<(), Error> {
    new.check()?;
    let taken = "SELECT 1 FROM api_key WHERE name = ?1";
    if change.sql().prepare_cached(taken)?.exists([new.id.as_str()])? {
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
        params![seq, new.id.as_str(), new.hash.0, new.is_read_only],
    )?;
    Ok(())
}

/// The one of this id.
pub(super) fn one(sql: &Connection, id: &ResourceId) -> Result<Option<ApiKeyRecord>, Error> {
    let mut statement = sql.prepare_cached(&format!("{SELECT} WHERE api_key.name = ?1"))?;
    let mut rows = statement.query([id.as_str()])?;
    rows.next()?.map(read).transpose()
}

/// All of them, as they were made.
pub(super) fn all(sql: &Connection) -> Result<Vec<ApiKeyRecord>, Error> {
    let mut statement = sql.prepare_cached(&format!("{SELECT} ORDER BY api_key.id"))?;
    let mut rows = statement.query([])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        keys.push(read(row)?);
    }
    Ok(keys)
}

fn read(row: &Row<'_>) -> Result<ApiKeyRecord, Error> {
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
    let mut statement = change.sql().prepare_cached(query)?;
    let found: Option<u64> = statement.query_map([id.as_str()], |row| row.get(0))?.next().transpose()?;
    drop(statement);
    let Some(key) = found else { return Ok(false) };
    let revoked = change.append(&Entry::ApiKeyRevoked { key })?;
    change.execute("UPDATE api_key SET revoked = ?2 WHERE id = ?1", [key, revoked])?;
    Ok(true)
}
