//! Opening the file: what it is, who may read it, how it is written, which schema it has.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::error::Error;

/// The name of a ledger's file in its folder.
pub const LEDGER_FILE_NAME: &str = "ledger.sqlite3";
/// What SQLite files of this kind say of themselves: "cgle".
const APPLICATION_ID: i32 = 0x6367_6c65;
/// How long to wait for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// Statements that are kept compiled.
const STATEMENTS_KEPT: usize = 96;
/// How every connection works: each commit is synced; 16 MiB in memory; 16 MiB written ahead before they are moved to
/// where they belong, which takes two more syncs.
const SETTINGS: &str = "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;
    PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4096;";
/// The steps from nothing to the schema of today, each one a version.
const MIGRATIONS: [&str; 2] = [
    include_str!("../../migrations/sqlite/0001_ledger.sql"),
    include_str!("../../migrations/sqlite/0002_resources.sql"),
];

/// Opens the ledger in `folder`, made where it is missing, of today's schema.
pub(super) fn open(folder: &Path) -> Result<Connection, Error> {
    let path = folder.join(LEDGER_FILE_NAME);
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(of_file)?;
    // One after the other: those that make a ledger at the same time are in each other's way.
    let opening = File::open(folder).map_err(of_file)?;
    opening.lock().map_err(of_file)?;
    create(&path).map_err(of_file)?;
    if !path.is_file() {
        return Err(Error::NotALedger);
    }
    let is_empty = path.metadata().map_err(of_file)?.len() == 0;
    let mut connection = connect(path)?;
    let snapshot = connection.unchecked_transaction()?;
    let missing = missing_migrations(&snapshot)?;
    let pages: u64 = snapshot.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    snapshot.commit()?;
    match missing {
        [] => return Ok(connection),
        // Too short for a page, and so not looked at by SQLite.
        _ if !is_empty && pages == 0 => return Err(Error::NotALedger),
        _ => {}
    }
    // Not before it is clear that the file is ours. It stays so for good.
    connection.execute_batch("PRAGMA journal_mode = WAL;")?;
    migrate(&mut connection)?;
    Ok(connection)
}

/// Makes an empty file, for its owner alone. SQLite gives the files beside it the same mode.
///
/// One that is there is not opened: closing it would drop all locks that the process has on it.
fn create(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(_) if path.exists() => Ok(()),
        opened => opened.map(drop),
    }
}

pub(super) fn connect(path: PathBuf) -> Result<Connection, Error> {
    // A name that starts with `file:` would be read as a URI.
    let path = if path.is_relative() { Path::new(".").join(path) } else { path };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // Nothing is read before: it would leave files beside it that cannot be written to either.
    if connection.is_readonly("main")? {
        return Err(Error::ReadOnly);
    }
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Without this a statement is compiled anew whenever its values change, for a plan that would not.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}

fn of_file(error: io::Error) -> Error {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Error::ReadOnly,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Error::Full,
        _ => Error::Driver(Box::new(error)),
    }
}

/// What has to be done to the schema.
fn missing_migrations(connection: &Connection) -> Result<&'static [&'static str], Error> {
    let number = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i32>(0));
    let (application, version) = (number("PRAGMA application_id")?, number("PRAGMA user_version")?);
    let tables: u32 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION_ID {
        let is_new = (application, version, tables) == (0, 0, 0);
        return if is_new { Ok(&MIGRATIONS) } else { Err(Error::NotALedger) };
    }
    let found = u32::try_from(version).map_err(|_| Error::NotALedger)?;
    let newer = Error::SchemaNewer { found, known: schema_version() };
    usize::try_from(found).ok().and_then(|done| MIGRATIONS.get(done..)).ok_or(newer)
}

/// Does what has to be done, unless another process did it meanwhile.
fn migrate(connection: &mut Connection) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for migration in missing_migrations(&transaction)? {
        transaction.execute_batch(migration)?;
    }
    transaction.execute_batch(&format!(
        "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {};",
        schema_version()
    ))?;
    Ok(transaction.commit()?)
}

fn schema_version() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Whether tables, indexes, views and triggers are those of today's schema.
pub(super) fn verify_schema(sql: &Connection) -> Result<(), Error> {
    let fresh = Connection::open_in_memory()?;
    for migration in MIGRATIONS {
        fresh.execute_batch(migration)?;
    }
    if schema(sql)? == schema(&fresh)? {
        return Ok(());
    }
    Err(Error::Inconsistent { table: "sqlite_schema", column: "sql", id: 0 })
}

/// What was created, but for what SQLite creates for itself.
fn schema(sql: &Connection) -> Result<Vec<(String, String)>, Error> {
    let mut statement = sql.prepare(
        "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name",
    )?;
    let created = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(created.collect::<Result<_, _>>()?)
}
