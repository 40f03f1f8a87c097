//! Connections that read.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use super::file;
use crate::error::Error;
use crate::sql::Database;

/// Most connections that are kept while nobody reads.
const READERS_KEPT_MAX: usize = 16;

/// Connections that read, as many as there are at work at the same time. None waits for whoever writes.
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    /// Those of a ledger that is there, in this folder.
    pub(super) fn of(folder: &Path) -> Self {
        Self { path: folder.join(file::LEDGER_FILE_NAME), idle: Mutex::new(Vec::new()) }
    }

    /// Reads.
    pub(super) fn read<T>(&self, work: impl FnOnce(&dyn Database) -> Result<T, Error>) -> Result<T, Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open()?,
        };
        let answer = work(&connection)?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < READERS_KEPT_MAX {
            idle.push(connection);
        }
        Ok(answer)
    }

    fn open(&self) -> Result<Connection, Error> {
        let connection = file::connect(self.path.clone())?;
        connection.execute_batch("PRAGMA query_only = ON;")?;
        Ok(connection)
    }
}
