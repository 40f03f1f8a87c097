//! Reading rows: what cannot be read has a place.

use rusqlite::Row;
use rusqlite::types::FromSql;

use crate::error::Error;

/// A row of a table, with its number in the column `id`.
pub(super) struct Cells<'r, 's> {
    row: &'r Row<'s>,
    table: &'static str,
    id: u64,
}

impl<'r, 's> Cells<'r, 's> {
    pub(super) fn of(row: &'r Row<'s>, table: &'static str) -> Result<Self, Error> {
        let id = row.get("id").map_err(|_| Error::Inconsistent { table, column: "id", id: 0 })?;
        Ok(Self { row, table, id })
    }

    pub(super) const fn id(&self) -> u64 {
        self.id
    }

    /// What stands in a column.
    pub(super) fn read<T: FromSql>(&self, column: &'static str) -> Result<T, Error> {
        self.row.get(column).map_err(|_| self.fault(column))
    }

    /// What stands in a column, if it means something.
    pub(super) fn parse<T: FromSql, P>(
        &self,
        column: &'static str,
        parse: impl FnOnce(T) -> Option<P>,
    ) -> Result<P, Error> {
        parse(self.read(column)?).ok_or_else(|| self.fault(column))
    }

    /// A column does not say what it should.
    pub(super) const fn fault(&self, column: &'static str) -> Error {
        Error::Inconsistent { table: self.table, column, id: self.id }
    }
}
