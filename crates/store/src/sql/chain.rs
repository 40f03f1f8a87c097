//! The audit chain in its table.

use certgate_facts::Timestamp;

use super::cells::{Cells, Row};
use super::{Database, values};
use crate::audit::{AuditHash, AuditHead, AuditRecord, PAGE_RECORDS_MAX};
use crate::entry::Entry;
use crate::error::Error;

/// The last record.
pub(super) fn head(sql: &dyn Database) -> Result<Option<AuditHead>, Error> {
    sql.first("SELECT seq AS id, hash FROM audit ORDER BY seq DESC LIMIT 1", &[], |row| {
        let cells = Cells::of(row, "audit")?;
        Ok(AuditHead { seq: cells.id(), hash: AuditHash(cells.read("hash")?) })
    })
}

/// Some records after the one numbered `after`.
pub(super) fn records(sql: &dyn Database, after: u64) -> Result<Vec<AuditRecord>, Error> {
    let mut previous = match after {
        0 => AuditHash::NONE,
        _ => match hash_of(sql, after)? {
            Some(hash) => hash,
            None => return Ok(Vec::new()),
        },
    };
    let query = "SELECT seq AS id, at, kind, body, hash FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2";
    sql.all(query, values![after, PAGE_RECORDS_MAX], |row| {
        let record = record(row, previous)?;
        previous = record.hash;
        Ok(record)
    })
}

/// The hash of the record numbered `seq`.
pub(super) fn hash_of(sql: &dyn Database, seq: u64) -> Result<Option<AuditHash>, Error> {
    sql.first("SELECT seq AS id, hash FROM audit WHERE seq = ?1", values![seq], |row| {
        Cells::of(row, "audit")?.read("hash").map(AuditHash)
    })
}

/// A row of the columns `id`, `at`, `kind`, `body` and `hash` as the record that comes after `previous`.
fn record(row: &dyn Row, previous: AuditHash) -> Result<AuditRecord, Error> {
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
pub(super) fn entry(sql: &dyn Database, seq: u64) -> Result<Option<(Timestamp, Entry)>, Error> {
    sql.first("SELECT seq AS id, at, kind, body, hash FROM audit WHERE seq = ?1", values![seq], |row| {
        let record = record(row, AuditHash::NONE)?;
        Ok((record.at, record.entry))
    })
}
