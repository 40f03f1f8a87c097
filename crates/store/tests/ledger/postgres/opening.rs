//! What the database has in it, and who may have it.

use certgate_store::{Error, PostgresLedger};

use super::Database;
use crate::contract::Store as _;
use crate::harness::add;

fn refusal(database: &Database) -> Error {
    PostgresLedger::open(&database.address()).err().unwrap()
}

#[test]
fn a_ledger_of_a_newer_certgate_is_refused_with_both_versions() {
    let database = Database::new();
    drop(database.ledger());
    database.psql("UPDATE certgate.version SET version = 7");
    let error = refusal(&database);
    assert!(matches!(error, Error::SchemaNewer { found: 7, known: 2 }), "{error}");
    database.psql("UPDATE certgate.version SET version = 2");
    drop(database.ledger());
}

#[test]
fn what_is_no_ledger_is_refused_and_left_as_it_is() {
    for sql in [
        "CREATE SCHEMA certgate AUTHORIZATION certgate; CREATE TABLE certgate.other (x TEXT)",
        "CREATE SCHEMA certgate AUTHORIZATION certgate; CREATE TABLE certgate.version (version TEXT);
         INSERT INTO certgate.version VALUES ('x'); ALTER TABLE certgate.version OWNER TO certgate",
        "CREATE SCHEMA certgate AUTHORIZATION certgate; CREATE TABLE certgate.version (version BIGINT);
         ALTER TABLE certgate.version OWNER TO certgate",
    ] {
        let database = Database::new();
        database.psql(sql);
        let error = refusal(&database);
        assert!(matches!(error, Error::NotALedger), "{error}");
        let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'certgate'::regnamespace";
        assert_eq!(database.psql(&format!("{tables} AND relkind = 'r'")), "1");
    }
}

#[test]
fn a_schema_that_is_empty_and_tables_of_others_are_no_hindrance() {
    let database = Database::new();
    database.psql("CREATE SCHEMA certgate AUTHORIZATION certgate; CREATE TABLE public.audit (seq TEXT)");
    add(database.open().as_mut(), "prod", 1);
    assert_eq!(database.psql("SELECT count(*) FROM certgate.authority"), "1");
    assert_eq!(database.psql("SELECT count(*) FROM public.audit"), "0");
}

#[test]
fn a_role_that_may_make_no_schema_is_told() {
    let database = Database::new();
    let name = &database.name;
    database.psql(&format!("ALTER DATABASE {name} OWNER TO postgres"));
    assert_eq!(
        refusal(&database).to_string(),
        format!("the ledger failed: PostgreSQL: permission denied for database {name}")
    );
    assert!(PostgresLedger::found(&database.address()).unwrap().is_none());
}

#[test]
fn what_cannot_be_reached_is_named() {
    let url = "postgres://me@127.0.0.1:1/ledger";
    let error = PostgresLedger::open(&certgate_store::PostgresAddress::read(url).unwrap()).err().unwrap();
    assert!(matches!(error, Error::Unreachable { .. }));
    assert!(error.to_string().starts_with(&format!("no connection to {url}: ")), "{error}");
    let error = PostgresLedger::open(
        &certgate_store::PostgresAddress::read(&crate::cluster::Cluster::shared().url("none")).unwrap(),
    );
    assert!(error.err().unwrap().to_string().ends_with("database \"none\" does not exist"));
}
