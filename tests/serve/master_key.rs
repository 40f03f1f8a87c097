//! `certgate master-key rotate`: which key opens what is sealed, at any point.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt};
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::harness::{Certgate, Folder, Served, fixtures};

const HOST_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh";

fn host(served: &Served, authority: &str) -> u16 {
    let host = json!({ "ssh_certificate_authority_id": authority, "public_key": HOST_KEY });
    served.post("/ssh_host_certificates", &host).status
}

fn upload(served: &Served) -> u16 {
    let file = |name: &str| fs::read_to_string(fixtures().join("chain").join(name)).unwrap();
    let body =
        json!({ "certificate_pem": file("p256-depth-1.pem"), "private_key_pem": file("p256-depth-1.key") });
    served.post("/tls_certificates", &body).status
}

/// The key files in a folder: their names.
fn key_files(folder: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.filter(|name| name.starts_with("master.key")).collect();
    names.sort();
    names
}

#[test]
fn a_server_that_runs_says_that_it_has_the_old_key_and_seals_nothing_with_it() {
    let mut served = Served::new();
    let authority = served.authority();
    assert_eq!(upload(&served), 201);
    let before = fs::read(served.state().join("master.key")).unwrap();
    let run = served.certgate(&["master-key", "rotate"]).exits(0);
    assert!(
        run.stderr.contains("2 private keys") && run.stderr.contains("start them again"),
        "{}",
        run.stderr
    );
    let after = fs::read(served.state().join("master.key")).unwrap();
    assert_ne!(before, after);
    for key in [&before, &after] {
        assert!(!run.stderr.contains(String::from_utf8_lossy(key).trim()));
    }
    assert_eq!(served.ask_bare("GET", "/readyz").answer().status, 503);
    assert_eq!(served.ask_bare("GET", "/healthz").answer().status, 200);
    assert_eq!(upload(&served), 503);
    served.get("/tls_certificates").is(200);
    served.killed_and_started();
    assert_eq!(served.ask_bare("GET", "/readyz").answer().status, 200);
    assert_eq!((upload(&served), host(&served, &authority)), (201, 201));
    served.certgate(&["ssh", "audit", "verify"]).exits(0);
}

#[test]
fn a_key_that_is_lost_is_missed_and_no_other_one_takes_its_place() {
    let mut served = Served::new();
    served.authority();
    let file = served.state().join("master.key");
    let other = served.state().join("elsewhere.key");
    fs::rename(&file, &other).unwrap();
    let run = served.certgate(&["serve", "--listen", "127.0.0.1:0"]).exits(2);
    assert!(
        run.stderr.contains("master.key` is missing; what is sealed needs master key "),
        "{}",
        run.stderr
    );
    assert!(!file.exists());
    fs::rename(&other, &file).unwrap();
    served.killed_and_started();
    served.ask_bare("GET", "/readyz").answer().is(200);
}

#[test]
fn the_key_before_it_stays_beside_it_for_its_owner_alone() {
    let served = Served::new();
    served.authority();
    let state = served.state();
    let before = fs::read(state.join("master.key")).unwrap();
    served.certgate(&["master-key", "rotate"]).exits(0);
    let names = key_files(&state);
    assert_eq!((names.len(), names[0].as_str()), (2, "master.key"), "{names:?}");
    assert_eq!(fs::read(state.join(&names[1])).unwrap(), before);
    for name in names {
        assert_eq!(fs::metadata(state.join(&name)).unwrap().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_rotation_that_was_ended_before_its_last_step_is_told_of_and_brought_to_its_end() {
    let mut served = Served::new();
    let authority = served.authority();
    let state = served.state();
    let before = fs::read(state.join("master.key")).unwrap();
    served.certgate(&["master-key", "rotate"]).exits(0);
    // All is sealed anew, and the new key is not in its place yet.
    fs::rename(state.join("master.key"), state.join("master.key.new")).unwrap();
    fs::write(state.join("master.key"), before).unwrap();
    fs::set_permissions(state.join("master.key"), PermissionsExt::from_mode(0o600)).unwrap();
    let run = served.certgate(&["serve", "--listen", "127.0.0.1:0"]).exits(2);
    assert!(run.stderr.contains("`certgate master-key rotate`"), "{}", run.stderr);
    served.certgate(&["master-key", "rotate"]).exits(0);
    served.killed_and_started();
    assert_eq!((upload(&served), host(&served, &authority)), (201, 201));
}

#[test]
fn keys_come_from_files_and_from_the_environment() {
    let mut served = Served::new();
    served.authority();
    let folder = Folder::new();
    let [first, second] =
        ["first.key", "second.key"].map(|name| folder.path(name).to_str().unwrap().to_owned());
    served.certgate(&["master-key", "rotate", "--to", &first]).exits(0);
    assert_eq!(key_files(&served.state()), ["master.key"], "nothing takes its place");
    let run = served.certgate(&["master-key", "rotate"]).exits(2);
    assert!(run.stderr.contains("nothing was sealed anew"), "{}", run.stderr);
    served.certgate(&["master-key", "rotate", "--master-key-file", &first, "--to", &second]).exits(0);
    // Done again, it finds all done.
    served.certgate(&["master-key", "rotate", "--master-key-file", &first, "--to", &second]).exits(0);
    let run =
        served.certgate(&["master-key", "rotate", "--master-key-file", &second, "--to", &second]).exits(2);
    assert!(run.stderr.contains("the same key"), "{}", run.stderr);

    let (now, next) = (fs::read_to_string(&second).unwrap(), "ab".repeat(32));
    let rotate = || served.certgate(&["master-key", "rotate"]).variable("CERTGATE_MASTER_KEY", &now);
    let run = rotate().exits(2);
    assert!(run.stderr.contains("--to"), "{}", run.stderr);
    let run = rotate().variable("CERTGATE_MASTER_KEY_NEW", &next).exits(0);
    assert!(
        run.stderr.contains("in CERTGATE_MASTER_KEY_NEW") && !run.stderr.contains(&next),
        "{}",
        run.stderr
    );
    let run = rotate().variable("CERTGATE_MASTER_KEY_NEW", "ab").exits(2);
    assert!(run.stderr.contains("64 hexadecimal digits"), "{}", run.stderr);
    fs::write(served.state().join("master.key"), next).unwrap();
    served.killed_and_started();
    served.ask_bare("GET", "/readyz").answer().is(200);
}

#[test]
fn where_nothing_is_sealed_there_is_nothing_to_rotate() {
    let served = Served::new();
    let run = served.certgate(&["master-key", "rotate"]).exits(2);
    assert!(run.stderr.contains("nothing is sealed"), "{}", run.stderr);
    assert_eq!(key_files(&served.state()), ["master.key"]);
    let folder = Folder::new();
    let state = folder.path("none");
    let run = Certgate::new(["master-key", "rotate", "--state", state.to_str().unwrap()]).exits(2);
    assert!(run.stderr.contains("no ledger"), "{}", run.stderr);
}

#[test]
fn killed_at_any_point_it_goes_on_when_it_is_run_again() {
    let mut served = Served::new();
    let authority = served.authority();
    for _ in 0..40 {
        assert_eq!(upload(&served), 201);
    }
    let (mut unfinished, mut finished) = (0, 0);
    for round in 0..60 {
        let before = fs::read(served.state().join("master.key")).unwrap();
        let mut rotation = served.certgate(&["master-key", "rotate"]).start();
        thread::sleep(Duration::from_micros(500 * (round % 30)));
        rotation.kill().unwrap();
        rotation.wait().unwrap();
        let is_finished = fs::read(served.state().join("master.key")).unwrap() != before;
        match is_finished {
            true => finished += 1,
            false => unfinished += 1,
        }
        if !is_finished && round % 2 == 0 {
            served.certgate(&["master-key", "rotate"]).exits(0);
        }
    }
    assert!(unfinished > 10, "{unfinished} unfinished, {finished} finished");
    served.certgate(&["master-key", "rotate"]).exits(0);
    served.killed_and_started();
    served.ask_bare("GET", "/readyz").answer().is(200);
    assert_eq!((upload(&served), host(&served, &authority)), (201, 201));
    served.certgate(&["ssh", "audit", "verify"]).exits(0);
    let leftovers: Vec<String> =
        key_files(&served.state()).into_iter().filter(|name| name.ends_with(".new")).collect();
    assert_eq!(leftovers, Vec::<String>::new());
}
