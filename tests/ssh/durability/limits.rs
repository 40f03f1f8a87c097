//! No space, and no right to write.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;

use super::{group, issuing};
use crate::harness::{Folder, Run, files_below};

/// A shell that lets files grow to some blocks of 512 bytes; to write more is an error, and no signal.
fn limited(folder: &Folder, blocks: u32, arguments: &[&str]) -> Run {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    folder.certgate_after(&["/bin/sh", "-c", &script], arguments).run()
}

/// All that is in the folder, but for what SQLite leaves beside the ledger without anything in it.
fn contents(folder: &Folder) -> BTreeMap<PathBuf, u64> {
    let mut contents = folder.contents();
    contents.retain(|path, _| {
        let name = path.to_str().unwrap();
        let has_content = || std::fs::metadata(path).unwrap().len() > 0;
        !name.ends_with("-shm") && (!name.ends_with("-wal") || has_content())
    });
    contents
}

const FULL: &str = "the ledger cannot grow: the disk is full, or a quota or a file size limit is reached";

/// How many hosts of group 0 have a certificate, each of which `ssh-keygen` reads.
fn whole_certificates(folder: &Folder) -> usize {
    let files = files_below(&folder.path("0"), "pub");
    let certificates = files.iter().filter(|file| file.to_str().unwrap().ends_with("-cert.pub"));
    certificates.inspect(|file| drop(folder.facts(file))).count()
}

fn hidden_files(folder: &Folder) -> Vec<String> {
    let names =
        folder.contents().into_keys().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
    names.filter(|name| name.starts_with('.') || name.ends_with(".new")).collect()
}

#[test]
fn a_full_disk_ends_a_run_with_a_clear_error_and_the_next_run_completes_it() {
    let folder = Folder::with_authority();
    group(&folder, 0, 40);
    folder.issue("host", &["web.example.com"], &[]);
    let kept = folder.read("host-cert.pub");
    let inventory = issuing(0);
    let arguments: Vec<&str> = inventory.iter().map(String::as_str).collect();
    let mut refused = 0;
    for blocks in [1, 2, 63, 64, 100, 160, 180, 200] {
        let run = limited(&folder, blocks, &arguments);
        assert_eq!(run.code, 2, "{blocks}: {run:?}");
        assert!(run.stderr.contains(FULL), "{blocks}: {run:?}");
        refused += 1;
        folder.is_sound();
        assert_eq!(folder.read("host-cert.pub"), kept);
        assert_eq!(hidden_files(&folder), Vec::<String>::new());
        assert_eq!(folder.listed(&["--key-id", "web.example.com", "--status", "valid"]).len(), 1);
    }
    assert_eq!(refused, 8);
    let before = whole_certificates(&folder);
    let run = folder.certgate(&arguments).exits(0);
    assert!(run.stdout.starts_with("40 hosts: "), "{run:?}");
    assert_eq!((before, whole_certificates(&folder)), (0, 40));
    folder.is_sound();
}

#[test]
fn nothing_is_half_made_where_there_is_no_space() {
    let folder = Folder::with_authority();
    folder.issue("host", &["web.example.com"], &[]);
    folder.certgate(["krl", "build", "--out", "list", "--revoke-key", "host.pub"]).exits(0);
    std::fs::create_dir(folder.path("out")).unwrap();
    let before = contents(&folder);
    let blocks = |arguments: &[&str]| u32::from(!arguments.contains(&"--update"));
    for arguments in [
        &["ca", "create", "new", "--without-passphrase"][..],
        &["ca", "create", "new", "--without-passphrase", "--state", "other"],
        &["ca", "rotate", "prepare", "new", "--replacing", "hosts", "--without-passphrase"],
        &["issue", "--public-key", "host.pub", "--principal", "web.example.com"],
        &["renew", "host-cert.pub"],
        &["revoke", "--key", "host.pub", "--reason", "a test"],
        &["krl", "build", "--update", "list", "--out", "list", "--revoke-key", "hosts.pub"],
        &["krl", "build", "--from-ledger", "--out", "list", "--overwrite"],
        &["export", "--as", "files", "--out-dir", "out"],
        &["ca", "retire", "hosts", "--despite-valid-certificates"],
    ] {
        let run = limited(&folder, blocks(arguments), arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        assert!(run.stderr.contains(FULL) || run.stderr.contains("File too large"), "{arguments:?}: {run:?}");
        let _ = std::fs::remove_dir_all(folder.path("other"));
        assert_eq!(contents(&folder), before, "{arguments:?}");
    }
    folder.is_sound();
}

#[test]
fn half_a_key_file_is_taken_away_again() {
    let folder = Folder::with_authority();
    folder.key("held", &["ed25519"]);
    // Another process has the ledger open, so that there is nothing to grow for this one but the key file.
    let socket = folder.path("silent.socket");
    let listener = UnixListener::bind(&socket).unwrap();
    let waiting = folder.certgate(["ca", "create", "held", "--agent", "held.pub"]);
    let mut waiting = waiting.variable("SSH_AUTH_SOCK", socket.to_str().unwrap()).start();
    let _connected = listener.accept().unwrap();
    let create = ["ca", "create", "large", "--key-type", "rsa-4096", "--without-passphrase"];
    let run = limited(&folder, 4, &create);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("cannot write `") && run.stderr.contains("authorities/large`"), "{run:?}");
    assert!(!folder.path("state/authorities/large").exists());
    folder.certgate(create).exits(0);
    waiting.kill().unwrap();
    waiting.wait().unwrap();
    folder.is_sound();
}

/// Words that take from root the right to write where the mode forbids it.
fn bound_by_modes(folder: &Folder) -> &'static [&'static str] {
    let id = folder.openssh("id", &["-u"]);
    match String::from_utf8_lossy(&id.stdout).trim() {
        "0" => &["setpriv", "--bounding-set", "-dac_override,-dac_read_search"],
        _ => &["env"],
    }
}

#[test]
fn a_state_that_may_not_be_written_to_is_said_to_be_so_and_left_as_it_is() {
    let folder = Folder::with_authority();
    folder.issue("host", &["web.example.com"], &[]);
    let words = bound_by_modes(&folder);
    let set = |name: &str, mode: u32| {
        std::fs::set_permissions(folder.path(name), PermissionsExt::from_mode(mode)).unwrap();
    };
    let before = contents(&folder);
    for (of_folder, of_ledger) in [(0o500, 0o600), (0o700, 0o400), (0o500, 0o400), (0o700, 0)] {
        for arguments in [
            &["issue", "--public-key", "host.pub", "--principal", "web.example.com"][..],
            &["renew", "host-cert.pub"],
            &["revoke", "--key", "host.pub", "--reason", "a test"],
            &["ca", "create", "new", "--without-passphrase"],
            &["krl", "build", "--from-ledger", "--out", "list"],
        ] {
            set("state/ledger.sqlite3", of_ledger);
            set("state", of_folder);
            let run = folder.certgate_after(words, arguments).exits(2);
            // What SQLite leaves beside the ledger has the mode of the ledger.
            let repaired = folder.openssh("chmod", &["-R", "u+rwX", "state"]);
            assert!(repaired.status.success(), "{repaired:?}");
            let said = "cannot be written to; change its owner or mode";
            assert!(run.stderr.contains(said), "{of_folder:o} {of_ledger:o} {arguments:?}: {run:?}");
            assert_eq!(contents(&folder), before, "{of_folder:o} {of_ledger:o} {arguments:?}");
        }
    }
    folder.certgate_after(words, &["renew", "host-cert.pub"]).exits(0);
    folder.is_sound();
}

#[test]
fn a_state_whose_name_cannot_be_made_durable_is_not_made() {
    let folder = Folder::new();
    let words = bound_by_modes(&folder);
    std::fs::create_dir(folder.path("in")).unwrap();
    let set = |mode: u32| {
        std::fs::set_permissions(folder.path("in"), PermissionsExt::from_mode(mode)).unwrap();
    };
    let create = ["ca", "create", "hosts", "--without-passphrase", "--state", "in/a/b"];
    // Names can be added to it, and it cannot be opened to be synced.
    set(0o300);
    for _ in 0..2 {
        let run = folder.certgate_after(words, &create).exits(2);
        assert!(run.stderr.contains("cannot make the folder `") && run.stderr.contains("in/a/b`"), "{run:?}");
        assert!(!folder.path("in/a").exists());
    }
    set(0o700);
    folder.certgate_after(words, &create).exits(0);
    assert!(folder.path("in/a/b/authorities/hosts").is_file());
}

#[test]
fn certificates_whose_folder_may_not_be_written_to_are_in_the_ledger_and_written_by_the_next_run() {
    let folder = Folder::with_authority();
    group(&folder, 0, 5);
    let words = bound_by_modes(&folder);
    let inventory = issuing(0);
    let arguments: Vec<&str> = inventory.iter().map(String::as_str).collect();
    let set = |mode: u32| {
        std::fs::set_permissions(folder.path("0"), PermissionsExt::from_mode(mode)).unwrap();
    };
    set(0o500);
    let run = folder.certgate_after(words, &arguments).exits(2);
    set(0o700);
    assert!(
        run.stdout.contains("Permission denied") && run.stdout.contains("the certificate is in the ledger")
    );
    assert!(run.stdout.ends_with("5 hosts: 5 failed\n"), "{run:?}");
    assert_eq!((whole_certificates(&folder), hidden_files(&folder).len()), (0, 0));
    let run = folder.certgate_after(words, &arguments).exits(0);
    assert_eq!(run.stdout, "5 hosts: 5 written again\n");
    assert_eq!((whole_certificates(&folder), folder.listed(&[]).len()), (5, 5));
}
