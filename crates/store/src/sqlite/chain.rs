//! The audit chain in its table.

use certgate_facts::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::cells::Cells;
use crate::audit::{AuditHash, AuditHead, AuditRecord, PAGE_RECORDS_MAX};
use crate::entry::Entry;
use crate::error::Error;

/// The last record.
pub(super) fn head(connection: &Connection) -> Result<Option<AuditHead>, Error> {
    let mut statement =
        connection.prepare_cached("SELECT seq AS id, hash FROM audit ORDER BY seq DESC LIMIT 1")?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let cells = Cells::of(row, "audit")?;
    Ok(Some(AuditHead { seq: cells.id(), hash: AuditHash(cells.read("hash")?) }))
}

/// Some records after the one numbered `after`.
pub(super) fn records(connection: &Connection, after: u64) -> Result<Vec<AuditRecord>, Error> {
    let mut previous = match after {
        0 => AuditHash::NONE,
        _ => match hash_of(connection, after)? {
            Some(hash) => hash,
            None => return Ok(Vec::new()),
        },
    };
    let mut statement = connection.prepare_cached(
        "SELECT seq AS id, at, kind, body, hash FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let mut rows = statement.query((after, PAGE_RECORDS_MAX))?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let record = record(row, previous)?;
        previous = record.hash;
        records.push(record);
    }
    Ok(records)
}

fn hash_of(connection: &Connection, seq: u64) -> Result<Option<AuditHash>, Error> {
    let mut statement = connection.prepare_cached("SELECT hash FROM audit WHERE seq = ?1")?;
    let hash = statement.query_row([seq], |row| row.get(0)).optional();
    hash.map(|hash| hash.map(AuditHash)).map_err(|_| Error::Inconsistent {
        table: "audit",
        column: "hash",
        id: seq,
    })
}

/// A row of the columns `id`, `at`, `kind`, `body` and `hash` as the record that comes after `previous`.
pub(super) fn record(row: &Row<'_>, previous: AuditHash) -> Result<AuditRecord, Error> {
    let cells = Cells::of(row, "audit")?;
    let kind: String = cells.read("kind")?;
    let body: Vec<u8> = cells.read("body")?;
    Ok(AuditRecord {
        seq: cells.id(),
        at: Timestamp::from_unix_secs(cells.read("at")?),
        entry: Entry::read(&kind, &body).ok_or_else(|| cells.fault("body"))?,
        body,
        previous,
        hash: AuditHash(cells.read("hash")?),
    })
}

/// The record numbered `seq`, as an entry.
pub(super) fn entry(connection: &Connection, seq: u64) -> Result<Option<(Timestamp, Entry)>, Error> {
    let mut statement =
        connection.prepare_cached("SELECT seq AS id, at, kind, body, hash FROM audit WHERE seq = ?1")?;
    let mut rows = statement.query([seq])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let record = record(row, AuditHash::NONE)?;
    Ok(Some((record.at, record.entry)))
}
