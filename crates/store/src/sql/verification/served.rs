//! Rows of what is served against the records of it.

use certgate_facts::Timestamp;

use super::rows::{Expected, later, row_of};
use crate::entry::{Entry, ResourceCreated};
use crate::error::Error;
use crate::resource::ResourceFacts;
use crate::sql::{Database, Kind, Value, chain, values};

/// Compares what a record made; one of another kind is none of this module's.
pub(super) fn compare(sql: &dyn Database, (seq, at): (u64, Timestamp), entry: &Entry) -> Result<(), Error> {
    match entry {
        Entry::ResourceCreated(created) => resource(sql, (seq, at), created),
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
                ("revoked", ended_by(sql, ("api_key", "revoked"), seq, is_it)?),
            ];
            row_of(sql, "api_key", seq, expected)
        }
        Entry::ApiKeyRevoked { key } => row_of(sql, "api_key", *key, &[("revoked", Value::from(seq))]),
        _ => Ok(()),
    }
}

fn resource(sql: &dyn Database, (seq, at): (u64, Timestamp), created: &ResourceCreated) -> Result<(), Error> {
    let (changed, description, metadata) = match named_by(sql, ("resource", "changed"), seq)? {
        None => (Value::Null(Kind::Integer), created.description.clone(), created.metadata.clone()),
        Some((changed, Entry::ResourceUpdated { resource, description, metadata })) if resource == seq => {
            (Value::from(changed), description, metadata)
        }
        Some(_) => return Err(Error::Inconsistent { table: "resource", column: "changed", id: seq }),
    };
    let ResourceFacts { subject_common_name, serial_number, not_before, not_after } = &created.facts;
    let is_end = |entry: &Entry| matches!(entry, Entry::ResourceDeleted { resource } if *resource == seq);
    let deleted = ended_by(sql, ("resource", "deleted"), seq, is_end)?;
    let is_there = deleted == Value::Null(Kind::Integer);
    let expected: Expected<'_> = &[
        ("kind", Value::from(created.kind.name())),
        ("name", Value::from(created.id.as_str())),
        ("authority", Value::from(created.authority)),
        ("created_at", Value::from(at.unix_secs())),
        ("description", Value::from(description)),
        ("metadata", Value::from(metadata)),
        ("subject_common_name", Value::from(subject_common_name.as_deref())),
        ("serial_number", Value::from(serial_number.as_deref())),
        ("not_before", Value::from(not_before.map(Timestamp::unix_secs))),
        ("not_after", Value::from(not_after.map(Timestamp::unix_secs))),
        ("changed", changed),
        ("deleted", deleted),
    ];
    row_of(sql, "resource", seq, expected)?;
    let has_secret = sql.finds("SELECT 1 FROM secret WHERE resource = ?1", values![seq])?;
    match has_secret == (created.has_secret && is_there) {
        true => Ok(()),
        false => Err(Error::Inconsistent { table: "secret", column: "resource", id: seq }),
    }
}

/// The number of the record that ended something, if the row names one and it may be that.
fn ended_by(
    sql: &dyn Database,
    (table, column): (&'static str, &'static str),
    id: u64,
    is_it: impl Fn(&Entry) -> bool,
) -> Result<Value<'static>, Error> {
    match named_by(sql, (table, column), id)? {
        None => Ok(Value::Null(Kind::Integer)),
        Some((seq, entry)) if is_it(&entry) => Ok(Value::from(seq)),
        Some(_) => Err(Error::Inconsistent { table, column, id }),
    }
}

/// The later record that a row names.
fn named_by(
    sql: &dyn Database,
    (table, column): (&'static str, &'static str),
    id: u64,
) -> Result<Option<(u64, Entry)>, Error> {
    let Some(seq) = later(sql, table, column, id)? else { return Ok(None) };
    match chain::entry(sql, seq)? {
        Some((_, entry)) => Ok(Some((seq, entry))),
        None => Err(Error::Inconsistent { table, column, id }),
    }
}
