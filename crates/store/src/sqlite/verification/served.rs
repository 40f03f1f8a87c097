//! Rows of what is served against the records of it.

use certgate_facts::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _};

use super::rows::{Expected, row_of};
use super::{integer, text};
use crate::entry::{Entry, ResourceCreated};
use crate::error::Error;
use crate::resource::ResourceFacts;
use crate::sqlite::chain;

/// Compares what a record made; one of another kind is none of this module's.
pub(super) fn compare(sql: &Connection, (seq, at): (u64, Timestamp), entry: &Entry) -> Result<(), Error> {
    match entry {
        Entry::ResourceCreated(created) => resource(sql, (seq, at), created),
        Entry::ResourceUpdated { resource, .. } => match later(sql, "resource", "changed", *resource)? {
            Some(changed) if changed >= seq => Ok(()),
            _ => Err(Error::Inconsistent { table: "resource", column: "changed", id: *resource }),
        },
        Entry::ResourceDeleted { resource } => {
            row_of(sql, "resource", *resource, &[("deleted", integer(seq))])
        }
        Entry::ApiKeyAdded { id, hash, is_read_only, .. } => {
            let is_it = |entry: &Entry| matches!(entry, Entry::ApiKeyRevoked { key } if *key == seq);
            let expected: Expected<'_> = &[
                ("name", text(id.as_str())),
                ("hash", Value::Blob(hash.to_vec())),
                ("is_read_only", Value::Integer(i64::from(*is_read_only))),
                ("revoked", ended_by(sql, ("api_key", "revoked"), seq, is_it)?),
            ];
            row_of(sql, "api_key", seq, expected)
        }
        Entry::ApiKeyRevoked { key } => row_of(sql, "api_key", *key, &[("revoked", integer(seq))]),
        _ => Ok(()),
    }
}

fn resource(sql: &Connection, (seq, at): (u64, Timestamp), created: &ResourceCreated) -> Result<(), Error> {
    let (changed, description, metadata) = match named_by(sql, ("resource", "changed"), seq)? {
        None => (Value::Null, created.description.clone(), created.metadata.clone()),
        Some((changed, Entry::ResourceUpdated { resource, description, metadata })) if resource == seq => {
            (integer(changed), description, metadata)
        }
        Some(_) => return Err(Error::Inconsistent { table: "resource", column: "changed", id: seq }),
    };
    let ResourceFacts { subject_common_name, serial_number, not_before, not_after } = &created.facts;
    let is_end = |entry: &Entry| matches!(entry, Entry::ResourceDeleted { resource } if *resource == seq);
    let deleted = ended_by(sql, ("resource", "deleted"), seq, is_end)?;
    let is_there = deleted == Value::Null;
    let expected: Expected<'_> = &[
        ("kind", text(created.kind.name())),
        ("name", text(created.id.as_str())),
        ("authority", created.authority.map_or(Value::Null, integer)),
        ("created_at", Value::Integer(at.unix_secs())),
        ("description", Value::Text(description)),
        ("metadata", Value::Text(metadata)),
        ("subject_common_name", subject_common_name.clone().map_or(Value::Null, Value::Text)),
        ("serial_number", serial_number.clone().map_or(Value::Null, Value::Text)),
        ("not_before", not_before.map_or(Value::Null, |at| Value::Integer(at.unix_secs()))),
        ("not_after", not_after.map_or(Value::Null, |at| Value::Integer(at.unix_secs()))),
        ("changed", changed),
        ("deleted", deleted),
    ];
    row_of(sql, "resource", seq, expected)?;
    let has_secret = sql.prepare_cached("SELECT 1 FROM secret WHERE resource = ?1")?.exists([seq])?;
    match has_secret == (created.has_secret && is_there) {
        true => Ok(()),
        false => Err(Error::Inconsistent { table: "secret", column: "resource", id: seq }),
    }
}

/// The number of the record that ended something, if the row names one and it may be that.
fn ended_by(
    sql: &Connection,
    (table, column): (&'static str, &'static str),
    id: u64,
    is_it: impl Fn(&Entry) -> bool,
) -> Result<Value, Error> {
    match named_by(sql, (table, column), id)? {
        None => Ok(Value::Null),
        Some((seq, entry)) if is_it(&entry) => Ok(integer(seq)),
        Some(_) => Err(Error::Inconsistent { table, column, id }),
    }
}

/// The later record that a row names.
fn named_by(
    sql: &Connection,
    (table, column): (&'static str, &'static str),
    id: u64,
) -> Result<Option<(u64, Entry)>, Error> {
    let Some(seq) = later(sql, table, column, id)? else { return Ok(None) };
    match chain::entry(sql, seq)? {
        Some((_, entry)) => Ok(Some((seq, entry))),
        None => Err(Error::Inconsistent { table, column, id }),
    }
}

fn later(sql: &Connection, table: &'static str, column: &'static str, id: u64) -> Result<Option<u64>, Error> {
    let fault = || Error::Inconsistent { table, column, id };
    let mut statement = sql.prepare_cached(&format!("SELECT {column} FROM {table} WHERE id = ?1"))?;
    statement.query_row([id], |row| row.get(0)).optional().map_err(|_| fault())?.ok_or_else(fault)
}
