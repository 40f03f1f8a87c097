//! Rows against what they should be.

use std::collections::BTreeSet;

use crate::authority::AuthorityId;
use crate::error::Error;
use crate::revocation::Revoked;
use crate::sql::{Cell, Database, FromCell, Value, values};
use certgate_facts::SshCertificateFields;

/// Columns, and what should stand in them.
pub(super) type Expected<'e> = &'e [(&'static str, Value<'e>)];

/// Compares the row numbered `id`.
pub(super) fn row_of(
    sql: &dyn Database,
    table: &'static str,
    id: u64,
    expected: Expected<'_>,
) -> Result<(), Error> {
    let columns: Vec<&str> = expected.iter().map(|(column, _)| *column).collect();
    let query = format!("SELECT {} FROM {table} WHERE id = ?1", columns.join(", "));
    let fault = |column| Error::Inconsistent { table, column, id };
    let compared = sql.first(&query, values![id], |row| {
        let mut columns = expected.iter().enumerate();
        match columns.find(|(index, (_, due))| !is_same(row.cell(*index), due)) {
            Some((_, (column, _))) => Err(fault(column)),
            None => Ok(()),
        }
    })?;
    compared.ok_or(fault("id"))
}

fn is_same(found: Option<Cell<'_>>, due: &Value<'_>) -> bool {
    match (found, due) {
        (Some(Cell::Null), Value::Null(_)) => true,
        (Some(Cell::Integer(found)), Value::Integer(due)) => found == *due,
        (Some(Cell::Text(found)), Value::Text(due)) => found.as_ref() == due.as_bytes(),
        (Some(Cell::Blob(found)), Value::Blob(due)) => found == due.as_ref(),
        _ => false,
    }
}

/// The record that a certificate's row says closed it.
pub(super) fn closed(sql: &dyn Database, id: u64) -> Result<Option<u64>, Error> {
    later(sql, "certificate", "closed", id)
}

/// The number of a later record that a row names.
pub(super) fn later(
    sql: &dyn Database,
    table: &'static str,
    column: &'static str,
    id: u64,
) -> Result<Option<u64>, Error> {
    let fault = |column| Error::Inconsistent { table, column, id };
    let query = format!("SELECT {column} FROM {table} WHERE id = ?1");
    let read = |cell: Option<Cell<'_>>| cell.and_then(FromCell::from_cell).ok_or(fault(column));
    sql.first(&query, values![id], |row| read(row.cell(0)))?.ok_or(fault("id"))
}

/// Compares the principals of a certificate; how many rows there should be comes back.
pub(super) fn principals(sql: &dyn Database, id: u64, fields: &SshCertificateFields) -> Result<u64, Error> {
    let query = "SELECT 1 FROM principal WHERE name = ?1 AND certificate = ?2";
    let names = distinct_principals(fields);
    for name in &names {
        if !sql.finds(query, values![*name, id])? {
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
pub(super) fn revoked(sql: &dyn Database, id: u64, added: &Revoked) -> Result<(), Error> {
    let fault = |table, column| Err(Error::Inconsistent { table, column, id });
    let query =
        "SELECT 1 FROM revoked_serials WHERE authority = ?1 AND first = ?2 AND last = ?3 AND revocation = ?4";
    for run in &added.serials {
        let (first, last) = (run.first.to_be_bytes(), run.last.to_be_bytes());
        if !sql.finds(query, values![run.authority.number(), &first, &last, id])? {
            return fault("revoked_serials", "first");
        }
    }
    let query = "SELECT 1 FROM revoked_key_id WHERE key_id = ?1 AND authority = ?2 AND revocation = ?3";
    for entry in &added.key_ids {
        let authority = entry.authority.map_or(0, AuthorityId::number);
        if !sql.finds(query, values![&entry.key_id, authority, id])? {
            return fault("revoked_key_id", "key_id");
        }
    }
    let query = "SELECT 1 FROM revoked_key WHERE fingerprint = ?1 AND public_key = ?2 AND revocation = ?3";
    for key in &added.keys {
        if !sql.finds(query, values![key.fingerprint(), key.blob(), id])? {
            return fault("revoked_key", "public_key");
        }
    }
    Ok(())
}
