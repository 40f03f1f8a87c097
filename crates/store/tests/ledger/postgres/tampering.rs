//! A database that was changed from outside.

use certgate_store::{AuditHead, Error, Ledger as _, PostgresLedger};

use super::Database;
use crate::cluster::Cluster;
use crate::specimen::{TABLES, full};

fn specimen() -> Database {
    let database = Database::new();
    full(&database);
    database
}

fn verified(database: &Database) -> Result<Option<AuditHead>, Error> {
    PostgresLedger::open(&database.address()).and_then(|ledger| ledger.verify_audit())
}

/// The guards are asleep, as for one who may do everything and wants no traces.
const UNGUARDED: &str = "SET session_replication_role = replica; SET search_path = certgate;";

/// The same value with a bit of one byte changed.
fn flipped(column: &str, of_type: &str) -> String {
    match of_type {
        "bigint" => format!("coalesce({column} # 64, 1)"),
        "bytea" => format!(
            "CASE WHEN length({column}) > 0 THEN set_byte({column}, 0, get_byte({column}, 0) # 16) ELSE '\\x00' END"
        ),
        _ => format!(
            "CASE WHEN {column} <> '' THEN chr(ascii({column}) # 1) || substr({column}, 2) ELSE 'x' END"
        ),
    }
}

#[test]
fn one_byte_in_any_column_is_found() {
    let database = specimen();
    let untouched = verified(&database).unwrap();
    let mut cases = 0;
    for table in TABLES {
        let columns = database.psql(&format!(
            "SELECT column_name, data_type FROM information_schema.columns
             WHERE table_schema = 'certgate' AND table_name = '{table}'"
        ));
        database.psql(&format!("CREATE TABLE public.{table} AS TABLE certgate.{table}"));
        for (column, of_type) in columns.lines().filter_map(|line| line.split_once('|')) {
            let new = flipped(column, of_type);
            let row = format!("SELECT ctid FROM {table} ORDER BY {column} LIMIT 1");
            let change = format!("UPDATE {table} SET {column} = {new} WHERE ctid = ({row})");
            match Cluster::shared().try_psql(&database.name, &format!("{UNGUARDED} {change}")) {
                // Some bytes are guarded by what the database itself checks.
                Err(said) => assert!(said.contains("violates check constraint"), "{said}"),
                Ok(_) => {
                    cases += 1;
                    let found = verified(&database);
                    assert!(matches!(found, Err(Error::Inconsistent { .. })), "{table}.{column}: {found:?}");
                }
            }
            let back = format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM public.{table}");
            database.psql(&format!("{UNGUARDED} {back}"));
        }
    }
    assert!(cases > 45, "{cases}");
    assert_eq!(verified(&database).unwrap(), untouched);
}

#[test]
fn a_row_less_is_found() {
    let database = specimen();
    for table in TABLES {
        database.psql(&format!("CREATE TABLE public.{table} AS TABLE certgate.{table}"));
        let less = format!("DELETE FROM {table} WHERE ctid = (SELECT ctid FROM {table} ORDER BY 1 LIMIT 1)");
        database.psql(&format!("{UNGUARDED} {less}"));
        let found = verified(&database);
        assert!(matches!(found, Err(Error::Inconsistent { .. })), "{table}: {found:?}");
        let back = format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM public.{table}");
        database.psql(&format!("{UNGUARDED} {back}"));
    }
    verified(&database).unwrap();
}

#[test]
fn a_schema_that_was_changed_is_found() {
    for sql in [
        "DROP TRIGGER audit_stays ON audit",
        "ALTER TABLE audit DISABLE TRIGGER audit_stays",
        "ALTER TABLE certificate DISABLE TRIGGER ALL",
        "DROP INDEX certificate_serial",
        "ALTER TABLE krl DROP CONSTRAINT krl_version_check",
        "CREATE RULE quiet AS ON INSERT TO revoked_key DO INSTEAD NOTHING",
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "ALTER TABLE audit ENABLE ROW LEVEL SECURITY",
        "CREATE OR REPLACE VIEW listed AS SELECT id, authority, serial, key_id, host_key, valid_after, valid_before,
         state, ''::text COLLATE \"C\" AS authority_name, 0::bigint AS made_at, ''::text COLLATE \"C\" AS made_kind,
         ''::bytea AS made_body, 0::bigint AS closed_at, ''::text COLLATE \"C\" AS closed_kind,
         ''::bytea AS closed_body, 0::bigint AS revocation FROM certificate",
    ] {
        let database = Database::new();
        drop(database.ledger());
        database.psql(&format!("SET search_path = certgate; {sql}"));
        let found = verified(&database);
        assert!(matches!(found, Err(Error::Inconsistent { table: "pg_class", .. })), "{sql}: {found:?}");
    }
}

#[test]
fn guards_in_the_database_keep_records_from_being_changed_or_deleted() {
    let database = specimen();
    for table in TABLES {
        for sql in [format!("DELETE FROM certgate.{table}"), format!("TRUNCATE certgate.{table} CASCADE")] {
            let said = Cluster::shared().try_psql(&database.name, &sql).unwrap_err();
            assert!(said.contains("kept") || said.contains("for ever"), "{sql}: {said}");
        }
    }
    assert!(Cluster::shared().try_psql(&database.name, "UPDATE certgate.audit SET at = 0").is_err());
}
