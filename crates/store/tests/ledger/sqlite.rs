//! The ledger in a file.

mod agent;
mod limits;
mod opening;
mod operations;
mod tampering;

use std::path::PathBuf;

use certgate_store::{Ledger, Resources, SqliteLedger, SqliteStore};
use tempfile::TempDir;

use crate::contract::{Store, holds};
use crate::processes;
use crate::resources::{self, Place};

/// A ledger in a folder that disappears.
pub(crate) struct Folder {
    outer: TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { outer: tempfile::tempdir().unwrap() }
    }

    /// The ledger's folder: not there before the ledger is.
    pub(crate) fn path(&self) -> PathBuf {
        self.outer.path().join("state/certgate")
    }

    /// The ledger's file.
    pub(crate) fn file(&self) -> PathBuf {
        self.path().join(certgate_store::LEDGER_FILE_NAME)
    }

    pub(crate) fn ledger(&self) -> SqliteLedger {
        SqliteLedger::open(&self.path()).unwrap()
    }
}

impl Store for Folder {
    fn open(&self) -> Box<dyn Ledger + Send> {
        Box::new(self.ledger())
    }
}

impl Place for Folder {
    fn open(&self) -> Box<dyn Resources> {
        Box::new(SqliteStore::open(&self.path()).unwrap())
    }

    fn ledger(&self) -> Box<dyn Ledger + Send> {
        Store::open(self)
    }
}

#[test]
fn the_sqlite_store_keeps_the_contract() {
    resources::holds(|| Box::new(Folder::new()));
}

#[test]
fn processes_that_are_killed_lose_no_serial_and_give_none_twice() {
    let folder = Folder::new();
    processes::lose_no_serial_and_give_none_twice(&folder, folder.path().as_os_str());
}

#[test]
fn processes_that_start_at_once_make_one_ledger() {
    for _ in 0..10 {
        let folder = Folder::new();
        processes::make_one_ledger(&folder, folder.path().as_os_str());
    }
}

#[test]
fn the_sqlite_ledger_keeps_the_contract() {
    holds(|| Box::new(Folder::new()));
}
