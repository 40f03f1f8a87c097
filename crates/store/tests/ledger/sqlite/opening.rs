//! What the file is, and who may read it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use certgate_store::{CertificateFilter, Error, Ledger as _, SqliteLedger};
use rusqlite::Connection;

use super::Folder;
use crate::harness::{add, found, issue_all, wish};
use crate::worker;

fn refusal(folder: &Folder) -> Error {
    SqliteLedger::open(&folder.path()).err().unwrap()
}

fn raw(folder: &Folder) -> Connection {
    Connection::open(folder.file()).unwrap()
}

#[test]
fn files_are_for_their_owner_alone() {
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let folder = Folder::new();
    let mut ledger = folder.ledger();
    add(&mut ledger, "prod", 1);
    assert_eq!(mode(&folder.path()), 0o700);
    assert_eq!(mode(folder.path().parent().unwrap()), 0o700);
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            assert_eq!(mode(&entry.path()), 0o600, "{:?}", entry.path());
            entry.file_name().into_string().unwrap()
        })
        .collect();
    names.sort();
    assert_eq!(names, ["ledger.sqlite3", "ledger.sqlite3-shm", "ledger.sqlite3-wal"]);
}

#[test]
fn a_folder_that_was_there_keeps_its_mode() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o750)).unwrap();
    drop(folder.ledger());
    assert_eq!(fs::metadata(folder.path()).unwrap().permissions().mode() & 0o7777, 0o750);
}

#[test]
fn every_connection_writes_ahead_and_syncs() {
    let folder = Folder::new();
    drop(folder.ledger());
    let mode: String = raw(&folder).query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
}

#[test]
fn a_ledger_of_a_newer_certgate_is_refused_with_both_versions() {
    let folder = Folder::new();
    drop(folder.ledger());
    raw(&folder).execute_batch("PRAGMA user_version = 7").unwrap();
    let error = refusal(&folder);
    assert!(matches!(error, Error::SchemaNewer { found: 7, known: 2 }), "{error}");
    assert_eq!(
        error.to_string(),
        "the ledger has schema 7, and this certgate knows schemas up to 2; use a newer certgate"
    );
    raw(&folder).execute_batch("PRAGMA user_version = 2").unwrap();
    drop(folder.ledger());
}

#[test]
fn a_ledger_of_the_first_version_is_brought_up_to_date() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).unwrap();
    let first = include_str!("../../../migrations/sqlite/0001_ledger.sql");
    raw(&folder).execute_batch(first).unwrap();
    raw(&folder).execute_batch("PRAGMA application_id = 0x63676c65; PRAGMA user_version = 1").unwrap();
    let mut ledger = folder.ledger();
    add(&mut ledger, "prod", 1);
    issue_all(&mut ledger, "prod", 1, &[wish(1)]);
    ledger.verify_audit().unwrap();
}

#[test]
fn what_is_no_ledger_is_refused_and_left_as_it_is() {
    let text = |folder: &Folder| fs::write(folder.file(), "not a ledger, ".repeat(100)).unwrap();
    let short = |folder: &Folder| fs::write(folder.file(), "x").unwrap();
    let directory = |folder: &Folder| fs::create_dir(folder.file()).unwrap();
    let other = |folder: &Folder| raw(folder).execute_batch("CREATE TABLE t (x)").unwrap();
    let versioned = |folder: &Folder| raw(folder).execute_batch("PRAGMA user_version = 1").unwrap();
    let owned = |folder: &Folder| raw(folder).execute_batch("PRAGMA application_id = 5").unwrap();
    let negative = |folder: &Folder| {
        drop(folder.ledger());
        raw(folder).execute_batch("PRAGMA user_version = -1").unwrap();
    };
    let makers: [&dyn Fn(&Folder); 7] = [&text, &short, &directory, &other, &versioned, &owned, &negative];
    for make in makers {
        let folder = Folder::new();
        fs::create_dir_all(folder.path()).unwrap();
        make(&folder);
        let before = fs::read(folder.file()).ok();
        let error = refusal(&folder);
        assert!(matches!(error, Error::NotALedger), "{error}");
        assert_eq!(fs::read(folder.file()).ok(), before);
    }
}

#[test]
fn an_empty_file_becomes_a_ledger() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path()).unwrap();
    fs::write(folder.file(), "").unwrap();
    add(&mut folder.ledger(), "prod", 1);
}

#[test]
fn a_damaged_file_is_an_error_wherever_it_is_cut() {
    let folder = Folder::new();
    let mut ledger = folder.ledger();
    add(&mut ledger, "prod", 1);
    issue_all(&mut ledger, "prod", 1, &(1..=50).map(wish).collect::<Vec<_>>());
    drop(ledger);
    let whole = fs::read(folder.file()).unwrap();
    for sixteenths in 1..16 {
        fs::write(folder.file(), &whole[..whole.len() * sixteenths / 16]).unwrap();
        let verified = SqliteLedger::open(&folder.path()).and_then(|ledger| ledger.verify_audit());
        assert!(
            matches!(verified, Err(Error::Damaged { .. } | Error::NotALedger | Error::Inconsistent { .. })),
            "{sixteenths}/16: {verified:?}"
        );
    }
}

#[test]
fn a_folder_may_be_relative_and_have_any_name() {
    let outer = tempfile::tempdir().unwrap();
    for name in ["state", "file:state?mode=memory#%00", "ä b", "-x"] {
        for due in ["issued 7", "issued 7"] {
            let mut command = worker::command(&[], Path::new(name), None, 1);
            command.current_dir(outer.path());
            assert_eq!(worker::word_of(command).as_deref(), Some(due));
        }
        let ledger = SqliteLedger::open(&outer.path().join(name)).unwrap();
        assert_eq!(found(&ledger, CertificateFilter::default()).len(), 14);
    }
}
