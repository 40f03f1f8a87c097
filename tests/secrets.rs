//! No output holds a part of a private key: not as base64, not as hexadecimal, not as decoded bytes.

mod altered;
mod search;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use crate::harness::{Certgate, armors, files_below, fixtures};
use altered::alterations;
use search::Secret;

/// A private key as a file of its own.
struct KeyFile {
    path: PathBuf,
    text: String,
}

/// Every different private key of the fixtures that reads as sound armor.
fn key_files() -> Vec<KeyFile> {
    let mut by_body = BTreeMap::new();
    for folder in ["keys", "seed", "rules", "damaged", "chain"] {
        let files =
            ["key", "pem"].into_iter().flat_map(|extension| files_below(&fixtures().join(folder), extension));
        for path in files {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            let bodies: Vec<String> = private_bodies(&text);
            if !bodies.is_empty() {
                by_body.entry(bodies).or_insert(KeyFile { path, text });
            }
        }
    }
    by_body.into_values().collect()
}

fn private_bodies(text: &str) -> Vec<String> {
    let keys = armors(text).into_iter().filter(|armor| armor.label.ends_with("PRIVATE KEY"));
    keys.map(|armor| armor.body).collect()
}

/// Everything that `check` and `show` print of a key in either slot, and on its own.
fn everything_printed(key: &Path) -> Vec<(String, Vec<u8>)> {
    let key = key.to_str().unwrap();
    let (chain, other) = ("chain/p256-depth-3.pem", "chain/rsa-2048-depth-1.key");
    let inputs = [
        vec!["--certificate", chain, "--private-key", key],
        vec!["--certificate", key, "--private-key", other],
        vec!["--certificate", key, "--private-key", key],
        vec![key],
    ];
    let commands = [vec!["check", "--at", certgate_fixtures::JUDGED_AT], vec!["show"]];
    let mut printed = Vec::new();
    for (input, command, format) in inputs.iter().flat_map(|input| {
        let formats = commands.iter().flat_map(|command| ["text", "json"].map(|format| (command, format)));
        formats.map(move |(command, format)| (input, command, format))
    }) {
        let run = Certgate::new(command.iter().chain(input).chain(&["--format", format])).run();
        assert!((0..=2).contains(&run.code), "{run:?}");
        printed.push((
            format!("{command:?} {input:?} {format}"),
            [run.stdout, run.stderr].concat().into_bytes(),
        ));
    }
    printed
}

/// Runs `check` on every element, on all processors.
fn on_all<T: Sync>(elements: &[T], check: impl Fn(&T) -> Vec<String> + Sync) -> Vec<String> {
    let threads = thread::available_parallelism().map_or(2, usize::from);
    let share = elements.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let started: Vec<_> = elements
            .chunks(share)
            .map(|share| scope.spawn(|| share.iter().flat_map(&check).collect::<Vec<String>>()))
            .collect();
        started.into_iter().flat_map(|thread| thread.join().expect("no thread panics")).collect()
    })
}

fn leaks_of(key: &Path, secret: &Secret) -> Vec<String> {
    let leaks = everything_printed(key).into_iter().filter_map(|(how, printed)| {
        let found = secret.found_in(&printed)?;
        Some(format!("{how} prints `{found}`"))
    });
    leaks.collect()
}

#[test]
fn no_output_holds_a_part_of_a_private_key() {
    let keys = key_files();
    assert!(keys.len() >= 45, "{} keys", keys.len());
    let leaks = on_all(&keys, |key| leaks_of(&key.path, &Secret::of(&private_bodies(&key.text))));
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

#[test]
fn no_output_holds_a_part_of_a_private_key_that_is_damaged_or_mislabelled() {
    let folder = tempfile::tempdir().unwrap();
    let mut altered: Vec<(PathBuf, Vec<String>)> = Vec::new();
    for key in key_files().into_iter().filter(|key| key.path.starts_with(fixtures().join("keys"))) {
        for (name, bytes) in alterations(&key.text) {
            let path = folder.path().join(format!("{}-{name}", altered.len()));
            std::fs::write(&path, bytes).unwrap();
            altered.push((path, private_bodies(&key.text)));
        }
    }
    assert!(altered.len() >= 300, "{} altered keys", altered.len());
    let leaks = on_all(&altered, |(path, bodies)| leaks_of(path, &Secret::of(bodies)));
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

#[test]
fn swapped_files_of_the_fixtures_print_no_key() {
    let swapped: Vec<String> = crate::harness::rule_uploads()
        .into_iter()
        .filter(|upload| upload.is_bad())
        .flat_map(|upload| {
            let text = |path: String| {
                String::from_utf8_lossy(&std::fs::read(fixtures().join(path)).unwrap()).into_owned()
            };
            let bodies = [text(upload.key()), text(upload.certificate())].concat();
            let secret = Secret::of(&private_bodies(&bodies));
            let slots =
                ["--certificate".to_owned(), upload.key(), "--private-key".to_owned(), upload.certificate()];
            let run = Certgate::check(slots).run();
            let found = secret.found_in([run.stdout, run.stderr].concat().as_bytes());
            found.map(|found| format!("{}: `{found}`", upload.stem))
        })
        .collect();
    assert!(swapped.is_empty(), "{}", swapped.join("\n"));
}
