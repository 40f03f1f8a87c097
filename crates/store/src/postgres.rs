//! Ledgers and stores in a database of PostgreSQL, in a schema of their own: `certgate`.

mod address;
mod cells;
mod fault;
mod readers;
mod schema;
mod session;
mod statement;
mod tls;

use certgate_facts::Timestamp;

pub use self::address::PostgresAddress;
use self::readers::Readers;
use self::session::Session;
use crate::error::Error;
use crate::pending::Pending;
use crate::rate::RATE_WINDOW_SECS;
use crate::resource::ResourceId;
use crate::sql::{Database, Keeps, Kept, OpenLedger, Writer, values};

/// A ledger in a PostgreSQL database, in the schema `certgate`.
///
/// Any number of processes on any number of machines may have it open. Whoever writes has a lock to itself until its
/// transaction ends. A connection that breaks is made again; a change that was being committed by then is looked for before
/// it is said to be made or not. It waits for the database, and so must not be used where futures are polled.
pub struct PostgresLedger {
    session: Session,
}

impl PostgresLedger {
    /// Opens the ledger in a database, and makes its schema where it is missing. A ledger of an older certgate is brought up
    /// to date.
    ///
    /// # Errors
    ///
    /// - [`Error::NotALedger`] if the database has a schema `certgate` that is something else.
    /// - [`Error::SchemaNewer`] for a ledger of a newer certgate.
    /// - [`Error::Busy`], [`Error::Driver`] for what cannot be reached or opened.
    pub fn open(address: &PostgresAddress) -> Result<Self, Error> {
        let session = Session::new(address)?;
        schema::open(&session)?;
        Ok(Self { session })
    }

    /// The ledger that is in a database; nothing where there is none.
    ///
    /// # Errors
    ///
    /// Those of [`PostgresLedger::open`].
    pub fn found(address: &PostgresAddress) -> Result<Option<Self>, Error> {
        let session = Session::new(address)?;
        match schema::has_version(&session)? {
            true => Self::open(address).map(Some),
            false => Ok(None),
        }
    }
}

impl From<PostgresLedger> for OpenLedger {
    fn from(ledger: PostgresLedger) -> Self {
        Self::of(ledger.session)
    }
}

impl Kept for PostgresLedger {
    fn database(&self) -> &dyn Database {
        &self.session
    }
}

/// Resources beside the ledger that [`PostgresLedger`] opens, in the same schema.
///
/// One thread writes; what waits for it is committed together, [`GROUP_CHANGES_MAX`](crate::GROUP_CHANGES_MAX) changes at
/// most. Some others read. Each has a connection of its own.
pub struct PostgresStore {
    writer: Writer,
    readers: Readers,
}

impl PostgresStore {
    /// Opens the store in a database; its schema is made where it is missing.
    ///
    /// # Errors
    ///
    /// Those of [`PostgresLedger::open`].
    pub fn open(address: &PostgresAddress) -> Result<Self, Error> {
        let PostgresLedger { session } = PostgresLedger::open(address)?;
        Ok(Self { writer: Writer::start(Box::new(session))?, readers: Readers::start(address)? })
    }
}

impl Keeps for PostgresStore {
    fn writer(&self) -> &Writer {
        &self.writer
    }

    fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&dyn Database) -> Result<T, Error> + Send + 'static,
    ) -> Pending<'_, T> {
        self.readers.read(work)
    }

    fn count(&self, key: &ResourceId, limit: u32, at: Timestamp) -> Pending<'_, Option<u64>> {
        let key = key.clone();
        self.readers.read(move |sql| {
            let values = values![key.as_str(), at.unix_secs(), u64::from(limit), u64::from(RATE_WINDOW_SECS)];
            Ok(sql.cell::<Option<u64>>("SELECT count_request(?1, ?2, ?3, ?4)", values)?.flatten())
        })
    }
}

#[cfg(test)]
mod tests;
