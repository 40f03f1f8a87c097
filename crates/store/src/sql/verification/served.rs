//! Rows of what is served against the records of it.

use super::rows::{Expected, later, row_of};
use crate::entry::{Entry, ResourceCreated};
use crate::error::Error;
use crate::sql::{Database, Kind, Value, chain, values};

/// Compares what a record made; one of another kind is none of this module's.
pub(super) fn compare(sql: &dyn Database, seq: u64, entry: &Entry) -> Result<(), Error> {
    match entry {
        Entry::ResourceCreated(created) => resource(sql, seq, created),
        Entry::ResourceUpdated { resource, .. } => match later(sql, "resource", "changed", *resource)? {
            Some(changed) if changed >= seq => Ok(()),
            _ => Err(Error::Inconsistent { table: "resource", column: "changed", id: *resource }),
        },
        Entry::ResourceDeleted { resource } => {
            row_of(sql, "resource", *resource, &[("deleted", Value::from(seq))])
        }
        Entry::ApiKeyAdded { id, hash, is_read_only, .. } => {
            let is_it = |entry: &Entry| matches!(entry, Entry::ApiKeyRevoked { key } if *key == seq);
            let expected: Expected<'_> = &[
                ("name", Value::from(id.as_str())),
                ("hash", Value::from(hash)),
                ("is_read_only", Value::from(*is_read_only)),
                ("revoked", named_by(sql, "api_key", "revoked", seq, is_it)?),
            ];
            row_of(sql, "api_key", seq, expected)
        }
        Entry::ApiKeyRevoked { key } => row_of(sql, "api_key", *key, &[("revoked", Value::from(seq))]),
        _ => Ok(()),
    }
}

fn resource(sql: &dyn Database, seq: u64, created: &ResourceCreated) -> Result<(), Error> {
    let is_change =
        |entry: &Entry| matches!(entry, Entry::ResourceUpdated { resource, .. } if *resource == seq);
    let is_end = |entry: &Entry| matches!(entry, Entry::ResourceDeleted { resource } if *resource == seq);
    let deleted = named_by(sql, "resource", "deleted", seq, is_end)?;
    let is_there = deleted == Value::Null(Kind::Integer);
    let expected: Expected<'_> = &[
        ("kind", Value::from(created.kind.name())),
        ("name", Value::from(created.id.as_str())),
        ("authority", Value::from(created.authority)),
        ("changed", named_by(sql, "resource", "changed", seq, is_change)?),
        ("deleted", deleted),
    ];
    row_of(sql, "resource", seq, expected)?;
    let has_secret = sql.finds("SELECT 1 FROM secret WHERE resource = ?1", values![seq])?;
    match has_secret == (created.has_secret && is_there) {
        true => Ok(()),
        false => Err(Error::Inconsistent { table: "secret", column: "resource", id: seq }),
    }
}

/// The number of a later record that a row names, if it is one that it may name.
fn named_by(
    sql: &dyn Database,
    table: &'static str,
    column: &'static str,
    id: u64,
    is_it: impl Fn(&Entry) -> bool,
) -> Result<Value<'static>, Error> {
    let Some(seq) = later(sql, table, column, id)? else { return Ok(Value::Null(Kind::Integer)) };
    match chain::entry(sql, seq)? {
        Some((_, entry)) if is_it(&entry) => Ok(Value::from(seq)),
        _ => Err(Error::Inconsistent { table, column, id }),
    }
}
