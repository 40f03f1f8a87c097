//! Killed while it writes: every file is as it was or as it should be.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use crate::harness::{Certgate, Folder, fixtures};

use super::AT;

const CHAINS: usize = 40;
const ROUNDS: u64 = 24;

/// A folder of chains that are out of order.
fn folder() -> Folder {
    let folder = Folder::new();
    for number in 0..CHAINS {
        let from = fixtures().join("rules/chain-out-of-order/bad-swapped.pem");
        std::fs::copy(from, folder.path(&format!("{number:02}.pem"))).unwrap();
    }
    let key = fixtures().join("rules/chain-out-of-order/bad-swapped.key");
    std::fs::copy(key, folder.path("00.key")).unwrap();
    folder
}

fn contents(folder: &Folder) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = std::fs::read_dir(folder.root()).unwrap().map(|file| file.unwrap().path());
    files.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

fn fix(folder: &Folder) -> Certgate {
    Certgate::new(["fix", "--write", "."]).arguments(AT).folder(folder.root())
}

#[test]
fn each_file_is_old_or_new_and_what_is_left_behind_has_a_name_and_goes_with_the_next_run() {
    let whole = folder();
    let old = contents(&whole);
    assert_eq!(fix(&whole).run().code, 0);
    let new = contents(&whole);
    assert_eq!(old.len(), new.len());
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    let by_name = |files: &BTreeMap<PathBuf, Vec<u8>>| -> BTreeMap<String, Vec<u8>> {
        files.iter().map(|(path, bytes)| (name(path), bytes.clone())).collect()
    };
    let (old, new) = (by_name(&old), by_name(&new));
    let (mut between, mut wait) = (0, 12_345_u64);
    for round in 0..ROUNDS {
        let folder = folder();
        let mut running = fix(&folder).start();
        // A generator of odd waits, from none to some tens of milliseconds, longer with each round.
        wait = wait.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        thread::sleep(Duration::from_micros((wait >> 33) % ((round + 1) * 4_000)));
        running.kill().unwrap();
        running.wait().unwrap();
        let found = by_name(&contents(&folder));
        let mut changed = 0;
        for (name, bytes) in &found {
            match old.get(name) {
                Some(before) => {
                    let is_new = new.get(name) == Some(bytes) && bytes != before;
                    assert!(is_new || bytes == before, "round {round}: {name} is neither old nor new");
                    changed += usize::from(is_new);
                }
                None => assert!(name.starts_with('.') && name.ends_with(".new"), "round {round}: {name}"),
            }
        }
        assert!(old.keys().all(|name| found.contains_key(name)), "round {round}: a file is gone");
        between += usize::from(changed > 0 && changed < CHAINS);
        assert_eq!(fix(&folder).run().code, 0);
        assert_eq!(by_name(&contents(&folder)), new, "round {round}: the next run ends what this one began");
    }
    assert!(between > 0, "no kill came between the first file and the last");
}
