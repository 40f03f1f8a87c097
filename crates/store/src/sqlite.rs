//! Ledgers and stores in a file, kept by SQLite.

mod connection;
mod fault;
mod file;
mod readers;

use std::future::ready;
use std::path::Path;

use certgate_facts::Timestamp;
use rusqlite::Connection;

pub use self::file::LEDGER_FILE_NAME;
use self::readers::Readers;
use crate::error::Error;
use crate::pending::Pending;
use crate::rate::Requests;
use crate::resource::ResourceId;
use crate::sql::{Database, Keeps, Kept, OpenLedger, Writer};

/// A ledger in the file [`LEDGER_FILE_NAME`] of a folder.
///
/// It is written ahead (WAL) and synced with every change. Any number of processes may have it open.
pub struct SqliteLedger {
    connection: Connection,
}

impl SqliteLedger {
    /// Opens the ledger in `folder`, and makes both where they are missing: the folder with mode 0700, the file with
    /// 0600. A ledger of an older certgate is brought up to date.
    ///
    /// # Errors
    ///
    /// - [`Error::NotALedger`] for a file that is something else.
    /// - [`Error::SchemaNewer`] for a ledger of a newer certgate.
    /// - [`Error::ReadOnly`], [`Error::Full`], [`Error::Busy`], [`Error::Damaged`], [`Error::Driver`] for what cannot
    ///   be opened.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        file::open(folder).map(|connection| Self { connection })
    }
}

impl From<SqliteLedger> for OpenLedger {
    fn from(ledger: SqliteLedger) -> Self {
        Self::of(ledger.connection)
    }
}

impl Kept for SqliteLedger {
    fn database(&self) -> &dyn Database {
        &self.connection
    }
}

/// Resources beside the ledger that [`SqliteLedger`] opens, in the same file.
///
/// One thread writes; what waits for it is committed together, [`GROUP_CHANGES_MAX`](crate::GROUP_CHANGES_MAX) changes at
/// most. Whoever polls reads by itself, on a connection of its own: that waits for no writer, and takes less time than to
/// ask another thread.
pub struct SqliteStore {
    writer: Writer,
    readers: Readers,
    requests: Requests,
}

impl SqliteStore {
    /// Opens the file in `folder`; both are made where they are missing.
    ///
    /// # Errors
    ///
    /// Those of [`SqliteLedger::open`].
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let connection = file::open(folder)?;
        let (writer, readers) = (Writer::start(Box::new(connection))?, Readers::of(folder));
        Ok(Self { writer, readers, requests: Requests::default() })
    }
}

impl Keeps for SqliteStore {
    fn writer(&self) -> &Writer {
        &self.writer
    }

    fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&dyn Database) -> Result<T, Error> + Send + 'static,
    ) -> Pending<'_, T> {
        Box::pin(async move { self.readers.read(work) })
    }

    fn count(&self, key: &ResourceId, limit: u32, at: Timestamp) -> Pending<'_, Option<u64>> {
        Box::pin(ready(Ok(self.requests.count(key, limit, at))))
    }
}

#[cfg(test)]
mod tests;
