//! A connection to PostgreSQL, made again where it broke.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error as DriverError, Row, Statement};

use super::address::PostgresAddress;
use super::cells::{parameter, type_of};
use super::tls::Tls;
use super::{fault, schema, statement};
use crate::error::Error;
use crate::sql::{Database, Value, Visit};

/// Longest time that it may take to connect, with all that is said before the first question.
const CONNECTING: Duration = Duration::from_secs(20);
/// Statements that are kept prepared.
const STATEMENTS_KEPT: usize = 256;
/// How every connection works. A commit is durable once it is answered, also where the server is set to answer earlier;
/// whoever waits for a lock for half a minute is told; names are those of our schema, and nobody slips another one in.
const SETTINGS: &str = "SET search_path = certgate, pg_temp; SET lock_timeout = '30s';
    SET standard_conforming_strings = on; SET client_min_messages = warning;
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') <> 'remote_apply'";
/// Writers come one after the other: what is read after the lock is what the last one left. The number is "cgle".
const BEGIN_WRITING: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock(1667722341)";
/// What only reads is asked for by somebody who waits no longer than this: what is given up is not to go on without them.
const READING: &str = "SET statement_timeout = '60s'";
const BEGIN_READING: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// A transaction that failed is committed without a complaint, and is not: the first statement complains.
const COMMIT: &str = "SELECT 1; COMMIT";

/// A connection to PostgreSQL, with what is needed to make another one. None is made before something is asked.
pub(super) struct Session {
    address: PostgresAddress,
    tls: Tls,
    runtime: Runtime,
    /// What is said on each connection before anything else.
    settings: String,
    live: RefCell<Option<Live>>,
    is_in_transaction: Cell<bool>,
}

/// A connection that was made.
struct Live {
    client: Client,
    statements: RefCell<HashMap<String, Statement>>,
    is_broken: Cell<bool>,
}

impl Session {
    pub(super) fn new(address: &PostgresAddress) -> Result<Self, Error> {
        let tls = address.check()?.clone();
        let runtime = Builder::new_current_thread().enable_all().build();
        Ok(Self {
            address: address.clone(),
            tls,
            runtime: runtime.map_err(|error| Error::Driver(Box::new(error)))?,
            settings: SETTINGS.to_owned(),
            live: RefCell::new(None),
            is_in_transaction: Cell::new(false),
        })
    }

    /// The same for who only reads, which has a limit on its time.
    pub(super) fn for_reading(address: &PostgresAddress) -> Result<Self, Error> {
        Ok(Self { settings: format!("{SETTINGS}; {READING}"), ..Self::new(address)? })
    }

    /// Makes a connection where there is none, or none any more.
    fn connect(&self) -> Result<(), Error> {
        if !self.is_lost() {
            return Ok(());
        }
        if self.is_in_transaction.get() {
            return Err(lost());
        }
        let connecting = async {
            let client = self.address.connect(self.tls.clone()).await?;
            client.batch_execute(&self.settings).await?;
            Ok(client)
        };
        let connected = self.runtime.block_on(async { tokio::time::timeout(CONNECTING, connecting).await });
        let connected: Result<Client, DriverError> = connected.map_err(|_| self.address.timed_out())?;
        let client = connected.map_err(|error| self.address.unreachable(&error))?;
        let (statements, is_broken) = (RefCell::default(), Cell::new(false));
        self.live.replace(Some(Live { client, statements, is_broken }));
        Ok(())
    }

    /// Asks something on the connection. Two kinds of failure: of what was asked, and of getting to ask.
    fn ask<T>(
        &self,
        work: impl AsyncFnOnce(&Live) -> Result<T, DriverError>,
    ) -> Result<Result<T, DriverError>, Error> {
        self.connect()?;
        let live = self.live.borrow();
        let Some(live) = live.as_ref() else { return Err(lost()) };
        let answer = self.runtime.block_on(work(live));
        if answer.as_ref().is_err_and(fault::ends_connection) {
            live.is_broken.set(true);
        }
        Ok(answer)
    }

    /// Begins a transaction; on another connection where the one that was there turns out to be gone, since nothing was
    /// done yet.
    fn begin(&self, statements: &str) -> Result<(), Error> {
        let mut begun = self.run(statements);
        if begun.is_err() && self.is_lost() {
            begun = self.run(statements);
        }
        self.is_in_transaction.set(true);
        if begun.is_err() {
            self.roll_back();
        }
        begun
    }
}

impl Live {
    async fn statement(&self, text: &str, values: &[Value<'_>]) -> Result<Statement, DriverError> {
        if let Some(statement) = self.statements.borrow().get(text) {
            return Ok(statement.clone());
        }
        let types: Vec<Type> = values.iter().map(|value| type_of(value.kind())).collect();
        let prepared = self.client.prepare_typed(&statement::translated(text), &types).await?;
        let mut statements = self.statements.borrow_mut();
        if statements.len() >= STATEMENTS_KEPT {
            statements.clear();
        }
        statements.insert(text.to_owned(), prepared.clone());
        Ok(prepared)
    }

    async fn rows(&self, query: &str, values: &[Value<'_>]) -> Result<Vec<Row>, DriverError> {
        let (statement, parameters) = (self.statement(query, values).await?, parameters(values));
        let parameters: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(AsRef::as_ref).collect();
        self.client.query(&statement, &parameters).await
    }

    async fn execute(&self, text: &str, values: &[Value<'_>]) -> Result<u64, DriverError> {
        let (statement, parameters) = (self.statement(text, values).await?, parameters(values));
        let parameters: Vec<&(dyn ToSql + Sync)> = parameters.iter().map(AsRef::as_ref).collect();
        self.client.execute(&statement, &parameters).await
    }
}

fn lost() -> Error {
    Error::Unreachable { reason: "the connection to PostgreSQL was lost".to_owned() }
}

fn parameters<'v>(values: &'v [Value<'_>]) -> Vec<Box<dyn ToSql + Sync + 'v>> {
    values.iter().map(parameter).collect()
}

impl Database for Session {
    fn each(&self, query: &str, values: &[Value<'_>], visit: Visit<'_>) -> Result<(), Error> {
        for row in self.ask(async |live| live.rows(query, values).await)?? {
            if visit(&row)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn execute(&self, statement: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        Ok(self.ask(async |live| live.execute(statement, values).await)??)
    }

    fn run(&self, statements: &str) -> Result<(), Error> {
        Ok(self.ask(async |live| live.client.batch_execute(statements).await)??)
    }

    fn begin_writing(&self) -> Result<(), Error> {
        self.begin(BEGIN_WRITING)
    }

    fn begin_reading(&self) -> Result<(), Error> {
        self.begin(BEGIN_READING)
    }

    fn commit(&self) -> Result<(), Error> {
        let asked = self.ask(async |live| live.client.batch_execute(COMMIT).await)?;
        match asked {
            Err(error) if fault::refuses_commit(&error) => Err(error.into()),
            asked => {
                self.is_in_transaction.set(false);
                asked.map_err(|error| Error::OutcomeUnknown(Arc::new(error.into())))
            }
        }
    }

    fn roll_back(&self) {
        if self.is_in_transaction.take() && !self.is_lost() {
            // Where that fails the connection is gone, and the transaction with it.
            let _ = self.run("ROLLBACK");
        }
    }

    fn is_in_transaction(&self) -> bool {
        self.is_in_transaction.get() && !self.is_lost()
    }

    fn is_lost(&self) -> bool {
        let live = self.live.borrow();
        live.as_ref().is_none_or(|live| live.is_broken.get() || live.client.is_closed())
    }

    fn verify(&self) -> Result<(), Error> {
        schema::verify(&Self::new(&self.address)?)
    }
}
