//! Ledgers and stores in a database of PostgreSQL, in a schema of their own: `certgate`.

mod address;
mod cells;
mod fault;
mod readers;
mod schema;
mod session;
mod statement;
mod tls;

pub use self::address::PostgresAddress;
use self::readers::Readers;
use self::session::Session;
use crate::error::Error;
use crate::pending::Pending;
use crate::sql::{Database, Keeps, Kept, Writer};

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
}
