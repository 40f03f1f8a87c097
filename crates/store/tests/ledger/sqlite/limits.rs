//! No space, and no right to write.

use std::fs;
use std::num::NonZeroUsize;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use certgate_store::{
    BATCH_CERTIFICATES_MAX, CertificateFilter, Error, Issuance, Ledger as _, NotIssued, issue,
};
use rusqlite::Connection;

use super::Folder;
use crate::harness::{add, found, issue_all, key, name, now, rng, wish};
use crate::worker;

/// A worker in a shell that lets files grow to some blocks of 512 bytes.
fn word_under_limit(folder: &Folder, signal: &str, blocks: &str) -> Option<String> {
    let script = format!("{signal} ulimit -f {blocks}; exec \"$0\" \"$@\"");
    worker::word_of(worker::command(&["sh", "-c", &script], &folder.path(), None, usize::MAX))
}

#[test]
fn a_limit_on_the_size_of_files_ends_a_run_with_a_clear_error_and_loses_nothing() {
    let folder = Folder::new();
    add(&mut folder.ledger(), "prod", 1);
    // The signal that a limit sends is ignored in the first, and kills in the second.
    for (signal, due) in [("trap '' XFSZ;", Some("Full")), ("", None)] {
        for blocks in ["400", "401", "900"] {
            assert_eq!(word_under_limit(&folder, signal, blocks).as_deref(), due);
            let mut ledger = folder.ledger();
            ledger.verify_audit().unwrap();
            issue_all(&mut ledger, "prod", 1, &[wish(1)]);
        }
    }
}

/// Words that take from root the right to write where the mode forbids it.
fn bound_by_modes() -> &'static [&'static str] {
    let output = Command::new("id").arg("-u").output().unwrap();
    match String::from_utf8_lossy(&output.stdout).trim() {
        "0" => &["setpriv", "--bounding-set", "-dac_override,-dac_read_search"],
        _ => &[],
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_folder_or_file_that_may_not_be_written_to_is_named_and_left_alone() {
    let word = |folder: &Folder| worker::word_of(worker::command(bound_by_modes(), &folder.path(), None, 1));
    let new = Folder::new();
    fs::create_dir_all(new.path()).unwrap();
    set_mode(&new.path(), 0o500);
    assert_eq!(word(&new).as_deref(), Some("ReadOnly"));
    assert!(!new.file().exists());

    let old = Folder::new();
    issue_all(&mut with_authority(&old), "prod", 1, &[wish(1)]);
    let before = fs::read(old.file()).unwrap();
    for (folder_mode, file_mode) in [(0o500, 0o600), (0o700, 0o400), (0o500, 0o400), (0o700, 0)] {
        set_mode(&old.file(), file_mode);
        set_mode(&old.path(), folder_mode);
        assert_eq!(word(&old).as_deref(), Some("ReadOnly"), "{folder_mode:o} {file_mode:o}");
        set_mode(&old.path(), 0o700);
        set_mode(&old.file(), 0o600);
        assert_eq!(fs::read(old.file()).unwrap(), before);
    }
    assert_eq!(word(&old).as_deref(), Some("issued 7"));
}

#[test]
fn what_was_signed_and_could_not_be_recorded_is_told_with_its_number() {
    let folder = Folder::new();
    let mut ledger = with_authority(&folder);
    // The first batch cannot be recorded, the second can.
    let outside = Connection::open(folder.file()).unwrap();
    let failing = "CREATE TRIGGER failing BEFORE UPDATE ON certificate WHEN old.id = 7
        BEGIN SELECT raise(ABORT, 'for a test'); END;";
    outside.execute_batch(failing).unwrap();
    let (signer, authority) = (key(1), name("prod"));
    let issuance =
        Issuance { authority: &authority, signer: &signer, threads: NonZeroUsize::MIN, clock: &now };
    let requests = (1..).take(3 * BATCH_CERTIFICATES_MAX).map(|number| wish(number).cleared());
    let mut outcomes = Vec::new();
    let ended = issue(&mut ledger, &issuance, requests, &mut rng(1), &mut |batch| outcomes.extend(batch));
    assert!(matches!(ended, Err(Error::Driver(_))), "{ended:?}");
    // The third was not even reserved.
    let (lost, kept) = outcomes.split_at(BATCH_CERTIFICATES_MAX);
    assert_eq!(kept.len(), BATCH_CERTIFICATES_MAX);
    assert!(kept.iter().all(Result::is_ok));
    let unfinished = found(&ledger, CertificateFilter::unfinished());
    assert_eq!(unfinished.len(), lost.len());
    for (outcome, record) in lost.iter().zip(unfinished) {
        assert!(matches!(outcome, Err(NotIssued::NotRecorded(id)) if *id == record.id()), "{outcome:?}");
    }
    outside.execute_batch("DROP TRIGGER failing").unwrap();
    ledger.verify_audit().unwrap();
}

fn with_authority(folder: &Folder) -> certgate_store::SqliteLedger {
    let mut ledger = folder.ledger();
    add(&mut ledger, "prod", 1);
    ledger
}
