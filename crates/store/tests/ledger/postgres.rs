//! The ledger in a PostgreSQL.

mod connections;
mod opening;
mod relay;
mod tampering;
mod transport;

use certgate_store::{Ledger, PostgresAddress, PostgresLedger, PostgresStore, Resources};

use crate::cluster::Cluster;
use crate::contract::{Store, holds};
use crate::processes;
use crate::resources::{self, Place};

/// A database of its own in the cluster that all tests share.
pub(crate) struct Database {
    pub(crate) name: String,
}

impl Database {
    pub(crate) fn new() -> Self {
        Self { name: Cluster::shared().database() }
    }

    pub(crate) fn url(&self) -> String {
        Cluster::shared().url(&self.name)
    }

    pub(crate) fn address(&self) -> PostgresAddress {
        PostgresAddress::read(&self.url()).unwrap()
    }

    pub(crate) fn ledger(&self) -> PostgresLedger {
        PostgresLedger::open(&self.address()).unwrap()
    }

    pub(crate) fn store(&self) -> PostgresStore {
        PostgresStore::open(&self.address()).unwrap()
    }

    /// What `psql` answers, as one who may do everything.
    pub(crate) fn psql(&self, sql: &str) -> String {
        Cluster::shared().psql(&self.name, sql)
    }
}

impl Store for Database {
    fn open(&self) -> Box<dyn Ledger + Send> {
        Box::new(self.ledger())
    }
}

impl Place for Database {
    fn open(&self) -> Box<dyn Resources> {
        Box::new(self.store())
    }

    fn ledger(&self) -> Box<dyn Ledger + Send> {
        Store::open(self)
    }
}

#[test]
fn the_postgresql_store_keeps_the_contract() {
    resources::holds(|| Box::new(Database::new()));
}

#[test]
fn the_postgresql_ledger_keeps_the_contract() {
    holds(|| Box::new(Database::new()));
}

#[test]
fn processes_that_are_killed_lose_no_serial_and_give_none_twice() {
    let database = Database::new();
    processes::lose_no_serial_and_give_none_twice(&database, database.url().as_ref());
}

#[test]
fn processes_that_start_at_once_make_one_ledger() {
    for _ in 0..5 {
        let database = Database::new();
        processes::make_one_ledger(&database, database.url().as_ref());
    }
}
