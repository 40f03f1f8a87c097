//! Reading rows: what cannot be read has a place.

use std::borrow::Cow;
use std::cell::Cell as Place;

use crate::error::Error;

/// What stands in a column of a row.
#[derive(Clone, Debug)]
pub(crate) enum Cell<'r> {
    Null,
    Integer(i64),
    /// UTF-8, unless it was changed from outside.
    Text(Cow<'r, [u8]>),
    Blob(&'r [u8]),
}

/// A row that a query found.
pub(crate) trait Row {
    /// What stands in a column, by its place; nothing for what is neither null nor of a kind that we keep.
    fn cell(&self, index: usize) -> Option<Cell<'_>>;

    /// What the column at a place is called; nothing behind the last one.
    fn column(&self, index: usize) -> Option<&str>;
}

impl dyn Row + '_ {
    /// What stands in a column, by its place.
    pub(crate) fn at<T: FromCell>(&self, index: usize) -> Result<T, Error> {
        let read = self.cell(index).and_then(T::from_cell);
        read.ok_or_else(|| Error::Driver("a column holds something else than it should".into()))
    }
}

/// What can be read from a cell.
pub(crate) trait FromCell: Sized {
    fn from_cell(cell: Cell<'_>) -> Option<Self>;
}

impl FromCell for i64 {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Integer(number) = cell { Some(number) } else { None }
    }
}

impl FromCell for u64 {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        i64::from_cell(cell)?.try_into().ok()
    }
}

impl FromCell for usize {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        i64::from_cell(cell)?.try_into().ok()
    }
}

impl FromCell for bool {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        i64::from_cell(cell).map(|number| number != 0)
    }
}

impl FromCell for String {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Text(text) = cell { std::str::from_utf8(&text).ok().map(str::to_owned) } else { None }
    }
}

impl FromCell for Vec<u8> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Blob(bytes) = cell { Some(bytes.to_vec()) } else { None }
    }
}

impl<const LENGTH: usize> FromCell for [u8; LENGTH] {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Blob(bytes) = cell { bytes.try_into().ok() } else { None }
    }
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Null = cell { Some(None) } else { T::from_cell(cell).map(Some) }
    }
}

/// A row of a table, with its number in the column `id`.
pub(super) struct Cells<'r> {
    row: &'r dyn Row,
    table: &'static str,
    id: u64,
    /// The place behind the column that was read last: columns are read in their order, mostly.
    next: Place<usize>,
}

impl<'r> Cells<'r> {
    pub(super) fn of(row: &'r dyn Row, table: &'static str) -> Result<Self, Error> {
        Self::numbered(row, table, "id")
    }

    /// The same for a row of several tables: the number of this one is in the column `id`.
    pub(super) fn numbered(row: &'r dyn Row, table: &'static str, id: &'static str) -> Result<Self, Error> {
        let cells = Self { row, table, id: 0, next: Place::new(0) };
        Ok(Self { id: cells.read(id)?, ..cells })
    }

    pub(super) const fn id(&self) -> u64 {
        self.id
    }

    /// What stands in a column.
    pub(super) fn read<T: FromCell>(&self, column: &'static str) -> Result<T, Error> {
        let cell = self.index(column).and_then(|index| self.row.cell(index));
        cell.and_then(T::from_cell).ok_or_else(|| self.fault(column))
    }

    /// Which place a column has.
    fn index(&self, column: &str) -> Option<usize> {
        let is_it = |index: usize| self.row.column(index).map(|name| name == column);
        let index = match is_it(self.next.get()) {
            Some(true) => self.next.get(),
            _ => (0..).map_while(is_it).position(|is_it| is_it)?,
        };
        self.next.set(index + 1);
        Some(index)
    }

    /// What stands in a column, if it means something.
    pub(super) fn parse<T: FromCell, P>(
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
