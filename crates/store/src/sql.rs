//! The logic of ledgers and stores, over any database that speaks SQL.
//!
//! Statements are written once, in what SQLite and PostgreSQL have in common: parameters are `?1`, `?2`, …, bytes in a
//! statement are `x'00'`. A driver translates what its database says otherwise.

mod api_keys;
mod authorities;
mod cells;
mod certificates;
mod chain;
mod change;
mod condition;
mod imports;
mod ledger;
pub(crate) mod overview;
mod reservations;
mod resources;
mod revocations;
pub(crate) mod search;
mod store;
mod value;
mod verification;
mod writer;

use std::ops::ControlFlow;

pub(crate) use self::cells::{Cell, FromCell, Row};
pub(crate) use self::ledger::Kept;
pub use self::ledger::OpenLedger;
pub(crate) use self::store::Keeps;
pub(crate) use self::value::{Kind, Value, values};
pub use self::writer::GROUP_CHANGES_MAX;
pub(crate) use self::writer::Writer;
#[cfg(test)]
pub(crate) use self::{certificates::queries, change::Change, resources::create};
use crate::error::Error;

/// What is done with each row, and whether another one is wanted.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(&dyn Row) -> Result<ControlFlow<()>, Error>;

/// A connection to a database.
pub(crate) trait Database {
    /// Gives the rows of a query to `visit`, one after the other, which asks the database nothing meanwhile.
    fn each(&self, query: &str, values: &[Value<'_>], visit: Visit<'_>) -> Result<(), Error>;

    /// Runs a statement that changes something; how many rows it changed comes back.
    fn execute(&self, statement: &str, values: &[Value<'_>]) -> Result<u64, Error>;

    /// Runs statements without parameters or rows, one after the other.
    fn run(&self, statements: &str) -> Result<(), Error>;

    /// Begins a transaction that writes, once no other one does: what it reads is what the last one left.
    fn begin_writing(&self) -> Result<(), Error>;

    /// Begins a transaction that reads, and sees one state of things.
    fn begin_reading(&self) -> Result<(), Error>;

    /// Makes all of a transaction durable.
    ///
    /// # Errors
    ///
    /// [`Error::OutcomeUnknown`] where it may be durable all the same.
    fn commit(&self) -> Result<(), Error>;

    /// Takes a transaction back.
    fn roll_back(&self);

    /// Whether there is a transaction that could still be committed.
    fn is_in_transaction(&self) -> bool;

    /// Whether the connection is gone, so that another attempt may have one that is not.
    fn is_lost(&self) -> bool {
        false
    }

    /// Whether what the database keeps for itself is whole, and tables, indexes, views and triggers are those of today's
    /// schema.
    fn verify(&self) -> Result<(), Error>;
}

/// A view that does not change while others write, until it is dropped.
pub(crate) struct Snapshot<'d>(&'d dyn Database);

impl<'d> Snapshot<'d> {
    pub(crate) fn of(database: &'d dyn Database) -> Result<Self, Error> {
        database.begin_reading()?;
        Ok(Self(database))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        self.0.roll_back();
    }
}

impl dyn Database + '_ {
    /// What the first row of a query says.
    pub(crate) fn first<T>(
        &self,
        query: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&dyn Row) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let mut first = None;
        self.each(query, values, &mut |row| {
            first = Some(read(row)?);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(first)
    }

    /// What the first column of the first row says; nothing where there is no row.
    pub(crate) fn cell<T: FromCell>(&self, query: &str, values: &[Value<'_>]) -> Result<Option<T>, Error> {
        self.first(query, values, |row| row.at(0))
    }

    /// Whether a query finds anything.
    pub(crate) fn finds(&self, query: &str, values: &[Value<'_>]) -> Result<bool, Error> {
        Ok(self.first(query, values, |_| Ok(()))?.is_some())
    }

    /// What all rows of a query say.
    pub(crate) fn all<T>(
        &self,
        query: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(&dyn Row) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        self.each(query, values, &mut |row| {
            all.push(read(row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(all)
    }

    /// Reads; once more where the connection turns out to be gone.
    pub(crate) fn read<T>(&self, work: impl Fn(&dyn Database) -> Result<T, Error>) -> Result<T, Error> {
        match work(self) {
            Err(_) if self.is_lost() => work(self),
            answer => answer,
        }
    }
}
