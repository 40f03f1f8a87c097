//! What the logic asks, asked of SQLite.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

use super::file;
use crate::error::Error;
use crate::sql::{Cell, Database, Row, Value, Visit};

impl Database for Connection {
    fn each(&self, query: &str, values: &[Value<'_>], visit: Visit<'_>) -> Result<(), Error> {
        let mut statement = self.prepare_cached(query)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if visit(row)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn execute(&self, statement: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        execute(self, statement, values)
    }

    fn run(&self, statements: &str) -> Result<(), Error> {
        Ok(self.execute_batch(statements)?)
    }

    fn begin_writing(&self) -> Result<(), Error> {
        execute(self, "BEGIN IMMEDIATE", &[]).map(drop)
    }

    fn begin_reading(&self) -> Result<(), Error> {
        execute(self, "BEGIN", &[]).map(drop)
    }

    fn commit(&self) -> Result<(), Error> {
        execute(self, "COMMIT", &[]).map(drop)
    }

    fn roll_back(&self) {
        // A disk that is full has taken it back already; and there is nothing else to be done about it.
        if self.is_in_transaction() {
            let _ = execute(self, "ROLLBACK", &[]);
        }
    }

    fn is_in_transaction(&self) -> bool {
        !self.is_autocommit()
    }

    fn verify(&self) -> Result<(), Error> {
        let report: String = self.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        match report.as_str() {
            "ok" => file::verify_schema(self),
            _ => Err(Error::Damaged { reason: report }),
        }
    }
}

/// Statements are compiled once for each connection.
fn execute(sql: &Connection, statement: &str, values: &[Value<'_>]) -> Result<u64, Error> {
    let changed = sql.prepare_cached(statement)?.execute(params_from_iter(values))?;
    Ok(u64::try_from(changed).unwrap_or(u64::MAX))
}

impl Row for rusqlite::Row<'_> {
    fn cell(&self, index: usize) -> Option<Cell<'_>> {
        match self.get_ref(index).ok()? {
            ValueRef::Null => Some(Cell::Null),
            ValueRef::Integer(number) => Some(Cell::Integer(number)),
            ValueRef::Text(text) => Some(Cell::Text(text.into())),
            ValueRef::Blob(bytes) => Some(Cell::Blob(bytes)),
            ValueRef::Real(_) => None,
        }
    }

    fn column(&self, index: usize) -> Option<&str> {
        self.as_ref().column_name(index).ok()
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null(_) => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
