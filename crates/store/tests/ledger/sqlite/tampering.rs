//! A ledger that was changed from outside.

use std::fs;

use certgate_store::{AuditHead, CertificateFilter, Error, Ledger, SqliteLedger};
use chacha20::rand_core::Rng as _;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::Folder;
use crate::harness::rng;
use crate::specimen::{TABLES, full};

fn verified(folder: &Folder) -> Result<Option<AuditHead>, Error> {
    SqliteLedger::open(&folder.path()).and_then(|ledger| ledger.verify_audit())
}

/// Runs statements as one would who wants no traces: without the guards, which are put back afterwards.
fn change(
    folder: &Folder,
    work: impl FnOnce(&Connection) -> rusqlite::Result<usize>,
) -> rusqlite::Result<usize> {
    let raw = Connection::open(folder.file())?;
    raw.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;")?;
    let mut statement = raw.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")?;
    let triggers = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let triggers: Vec<(String, String)> = triggers.collect::<Result<_, _>>()?;
    drop(statement);
    for (name, _) in &triggers {
        raw.execute_batch(&format!("DROP TRIGGER {name}"))?;
    }
    let changed = work(&raw);
    for (_, sql) in &triggers {
        raw.execute_batch(sql)?;
    }
    changed
}

/// The same value with one byte changed.
fn flipped(value: &Value, seed: u64) -> Value {
    let flip = |bytes: &mut [u8], bit: u8| match bytes.len() {
        0 => false,
        length => {
            let at = usize::try_from(rng(seed).next_u64()).unwrap() % length;
            bytes[at] ^= bit;
            true
        }
    };
    match value {
        Value::Null => Value::Integer(1),
        Value::Integer(number) => Value::Integer(number ^ 0x40),
        Value::Text(text) => {
            let mut bytes = text.clone().into_bytes();
            // The lowest bit keeps ASCII what it is.
            let text = if flip(&mut bytes, 1) { String::from_utf8(bytes).unwrap() } else { "x".to_owned() };
            Value::Text(text)
        }
        Value::Blob(bytes) => {
            let mut bytes = bytes.clone();
            Value::Blob(if flip(&mut bytes, 0x10) { bytes } else { vec![0] })
        }
        Value::Real(_) => panic!("no column is a float"),
    }
}

fn columns(raw: &Connection, table: &str) -> Vec<(String, bool)> {
    let mut statement = raw.prepare("SELECT name, pk > 0 FROM pragma_table_info(?1)").unwrap();
    let columns = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    columns.collect::<Result<_, _>>().unwrap()
}

/// All values of a column, in the order of the table's key.
fn values(raw: &Connection, table: &str, key: &str, column: &str) -> Vec<Value> {
    let mut statement = raw.prepare(&format!("SELECT {column} FROM {table} ORDER BY {key}")).unwrap();
    let values = statement.query_map([], |row| row.get(0)).unwrap();
    values.collect::<Result<_, _>>().unwrap()
}

#[test]
fn one_byte_in_any_column_of_any_row_is_found() {
    let folder = Folder::new();
    full(&folder);
    let untouched = fs::read(folder.file()).unwrap();
    let mut cases = 0;
    for table in TABLES {
        let raw = Connection::open(folder.file()).unwrap();
        let columns = columns(&raw, table);
        let keys: Vec<&str> =
            columns.iter().filter(|(_, is_key)| *is_key).map(|(name, _)| name.as_str()).collect();
        let key = keys.join(", ");
        let all: Vec<_> =
            columns.iter().map(|(column, _)| (column.clone(), values(&raw, table, &key, column))).collect();
        drop(raw);
        for (column, before) in all {
            assert!(!before.is_empty(), "{table} is empty");
            for (row, value) in before.iter().enumerate() {
                cases += 1;
                let row = i64::try_from(row).unwrap();
                let new = flipped(value, u64::try_from(row).unwrap());
                change(&folder, |raw| {
                    let this =
                        format!("({key}) = (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET ?2)");
                    raw.execute(&format!("UPDATE {table} SET {column} = ?1 WHERE {this}"), (&new, row))
                })
                .unwrap();
                let found = verified(&folder);
                assert!(
                    matches!(found, Err(Error::Inconsistent { .. } | Error::Damaged { .. })),
                    "{table}.{column}, row {row}: {value:?} made {new:?}: {found:?}"
                );
                fs::write(folder.file(), &untouched).unwrap();
            }
        }
    }
    assert!(cases > 150, "{cases}");
    assert!(verified(&folder).unwrap().is_some());
}

#[test]
fn a_row_more_or_less_is_found_with_its_place() {
    let folder = Folder::new();
    full(&folder);
    let untouched = fs::read(folder.file()).unwrap();
    let place = |sql: &str| {
        assert_eq!(change(&folder, |raw| raw.execute(sql, [])).unwrap(), 1, "{sql}");
        let place = match verified(&folder) {
            Err(Error::Inconsistent { table, column, .. }) => (table, column),
            other => panic!("{sql}: {other:?}"),
        };
        fs::write(folder.file(), &untouched).unwrap();
        place
    };
    for table in TABLES {
        let key = if table == "audit" { "seq" } else { "1" };
        let of_row = match table {
            "principal" => "(name, certificate)",
            "revoked_serials" => "(authority, first)",
            "revoked_key_id" => "(key_id, authority)",
            "revoked_key" => "fingerprint",
            "audit" => "seq",
            _ => "id",
        };
        let columns = of_row.trim_matches(['(', ')']);
        let less = format!(
            "DELETE FROM {table} WHERE {of_row} = (SELECT {columns} FROM {table} ORDER BY {key} LIMIT 1)"
        );
        assert_eq!(place(&less).0, table, "{less}");
    }
    let more = [
        ("INSERT INTO principal VALUES (x'61', 5)", "principal"),
        (
            "INSERT INTO revoked_serials VALUES (1, x'0000000000000063', x'0000000000000063', 12)",
            "revoked_serials",
        ),
        ("INSERT INTO revoked_key_id VALUES (x'61', 0, 14)", "revoked_key_id"),
        ("INSERT INTO revoked_key VALUES ('SHA256:x', x'61', 3)", "revoked_key"),
        ("INSERT INTO krl VALUES (1, 77)", "krl"),
        (
            "INSERT INTO certificate SELECT 1, 1, x'0000000000000058', key_id, host_key, 0, 9, state, closed FROM certificate LIMIT 1",
            "certificate",
        ),
        (
            "INSERT INTO authority SELECT 5, 'evil', x'61', 'SHA256:', '', NULL, NULL, 'signing', 1, 1, 0 FROM authority LIMIT 1",
            "authority",
        ),
        ("INSERT INTO audit SELECT 99, at, kind, body, hash FROM audit LIMIT 1", "audit"),
    ];
    let more_served = [
        (
            "INSERT INTO resource SELECT 1, kind, 'id_9', authority, created_at, description, metadata, '', '', 0, 0, NULL, NULL FROM resource LIMIT 1",
            "resource",
        ),
        ("INSERT INTO secret SELECT 1, master, sealed FROM secret", "secret"),
        ("INSERT INTO secret SELECT resource + 1, master, sealed FROM secret", "secret"),
        ("DELETE FROM secret", "secret"),
        ("INSERT INTO api_key SELECT 1, 'id_9', hash, 0, NULL FROM api_key LIMIT 1", "api_key"),
    ];
    for (sql, table) in more.into_iter().chain(more_served) {
        assert_eq!(place(sql).0, table, "{sql}");
    }
    // The last records can be cut off without a trace but for what else they made, and the head that was kept
    // elsewhere.
    let before = verified(&folder).unwrap().unwrap();
    assert_eq!(place("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)").0, "krl");
    assert_eq!(before.seq, folder.ledger().audit_head().unwrap().unwrap().seq);
}

#[test]
fn a_schema_that_was_changed_is_found() {
    let folder = Folder::new();
    full(&folder);
    let untouched = fs::read(folder.file()).unwrap();
    for sql in [
        "DROP TRIGGER audit_stays",
        "DROP INDEX certificate_serial",
        "CREATE TRIGGER quiet AFTER INSERT ON revoked_key BEGIN DELETE FROM krl; END",
        "DROP VIEW listed; CREATE VIEW listed AS SELECT * FROM certificate",
    ] {
        Connection::open(folder.file()).unwrap().execute_batch(sql).unwrap();
        let found = verified(&folder);
        assert!(matches!(found, Err(Error::Inconsistent { table: "sqlite_schema", .. })), "{sql}: {found:?}");
        fs::write(folder.file(), &untouched).unwrap();
    }
}

#[test]
fn guards_in_the_file_keep_records_from_being_changed_or_deleted() {
    let folder = Folder::new();
    full(&folder);
    let raw = Connection::open(folder.file()).unwrap();
    for table in TABLES {
        assert!(raw.execute(&format!("DELETE FROM {table}"), []).is_err(), "{table}");
    }
    assert!(raw.execute("UPDATE audit SET at = 0", []).is_err());
}

#[test]
fn a_byte_of_the_file_is_found_or_means_nothing() {
    let folder = Folder::new();
    full(&folder);
    let all = |ledger: &SqliteLedger| {
        let records: Result<Vec<_>, _> = certgate_store::AuditRecords::of(ledger).collect();
        let listed: Result<Vec<_>, _> =
            certgate_store::Certificates::of(ledger, CertificateFilter::default()).collect();
        (records.unwrap(), listed.unwrap(), ledger.revoked(None).unwrap(), ledger.authorities().unwrap())
    };
    let due = all(&folder.ledger());
    let untouched = fs::read(folder.file()).unwrap();
    let mut dice = rng(3);
    let mut found = 0;
    for _ in 0..400 {
        let mut changed = untouched.clone();
        let at = usize::try_from(dice.next_u64()).unwrap() % changed.len();
        changed[at] ^= 1 << (dice.next_u64() % 8);
        fs::write(folder.file(), &changed).unwrap();
        let _ = fs::remove_file(folder.file().with_extension("sqlite3-wal"));
        match SqliteLedger::open(&folder.path()) {
            Ok(ledger) if ledger.verify_audit().is_ok() => assert_eq!(all(&ledger), due, "byte {at}"),
            _ => found += 1,
        }
    }
    assert!(found > 50, "{found}");
}
