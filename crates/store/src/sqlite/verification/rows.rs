//! Rows against what they should be.

use std::collections::BTreeSet;

use certgate_facts::SshCertificateFields;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::authority::AuthorityId;
use crate::error::Error;
use crate::revocation::Revoked;

/// Columns, and what should stand in them.
pub(super) type Expected<'e> = &'e [(&'static str, Value)];

/// Compares the row numbered `id`.
pub(super) fn row_of(
    sql: &Connection,
    table: &'static str,
    id: u64,
    expected: &[(&'static str, Value)],
) -> Result<(), Error> {
    let columns: Vec<&str> = expected.iter().map(|(column, _)| *column).collect();
    let query = format!("SELECT {} FROM {table} WHERE id = ?1", columns.join(", "));
    let mut statement = sql.prepare_cached(&query)?;
    let mut rows = statement.query([id])?;
    let Some(row) = rows.next()? else { return Err(Error::Inconsistent { table, column: "id", id }) };
    for (index, (column, due)) in expected.iter().enumerate() {
        if !is_same(row.get_ref(index)?, due) {
            return Err(Error::Inconsistent { table, column, id });
        }
    }
    Ok(())
}

fn is_same(found: ValueRef<'_>, due: &Value) -> bool {
    match (found, due) {
        (ValueRef::Null, Value::Null) => true,
        (ValueRef::Integer(found), Value::Integer(due)) => found == *due,
        (ValueRef::Text(found), Value::Text(due)) => found == due.as_bytes(),
        (ValueRef::Blob(found), Value::Blob(due)) => found == due,
        _ => false,
    }
}

/// The record that a certificate's row says closed it.
pub(super) fn closed(sql: &Connection, id: u64) -> Result<Option<u64>, Error> {
    let mut statement = sql.prepare_cached("SELECT closed FROM certificate WHERE id = ?1")?;
    let closed = statement.query_row([id], |row| row.get(0)).optional();
    match closed {
        Ok(found) => found.ok_or(Error::Inconsistent { table: "certificate", column: "id", id }),
        Err(_) => Err(Error::Inconsistent { table: "certificate", column: "closed", id }),
    }
}

/// Compares the principals of a certificate; how many rows there should be comes back.
pub(super) fn principals(sql: &Connection, id: u64, fields: &SshCertificateFields) -> Result<u64, Error> {
    let mut statement = sql.prepare_cached("SELECT 1 FROM principal WHERE name = ?1 AND certificate = ?2")?;
    let names = distinct_principals(fields);
    for name in &names {
        if !statement.exists(params![name, id])? {
            return Err(Error::Inconsistent { table: "principal", column: "name", id });
        }
    }
    Ok(u64::try_from(names.len()).unwrap_or(u64::MAX))
}

/// The principals of a certificate, each once.
pub(super) fn distinct_principals(fields: &SshCertificateFields) -> BTreeSet<&[u8]> {
    fields.principals().iter().map(|name| name.as_bytes()).collect()
}

/// Compares the rows that a revocation made.
pub(super) fn revoked(sql: &Connection, id: u64, added: &Revoked) -> Result<(), Error> {
    let fault = |table, column| Err(Error::Inconsistent { table, column, id });
    let mut statement = sql.prepare_cached(
        "SELECT 1 FROM revoked_serials WHERE authority = ?1 AND first = ?2 AND last = ?3 AND revocation = ?4",
    )?;
    for run in &added.serials {
        let (first, last) = (run.first.to_be_bytes(), run.last.to_be_bytes());
        if !statement.exists(params![run.authority.number(), first, last, id])? {
            return fault("revoked_serials", "first");
        }
    }
    let mut statement = sql.prepare_cached(
        "SELECT 1 FROM revoked_key_id WHERE key_id = ?1 AND authority = ?2 AND revocation = ?3",
    )?;
    for entry in &added.key_ids {
        let authority = entry.authority.map_or(0, AuthorityId::number);
        if !statement.exists(params![entry.key_id, authority, id])? {
            return fault("revoked_key_id", "key_id");
        }
    }
    let mut statement = sql.prepare_cached(
        "SELECT 1 FROM revoked_key WHERE fingerprint = ?1 AND public_key = ?2 AND revocation = ?3",
    )?;
    for key in &added.keys {
        if !statement.exists(params![key.fingerprint(), key.blob(), id])? {
            return fault("revoked_key", "public_key");
        }
    }
    Ok(())
}
