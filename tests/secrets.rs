//! No output holds a part of a private key: not as base64, not as hexadecimal, not as decoded bytes.

mod altered;
mod search;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::thread;

use crate::harness::{Certgate, armors, files_below, fixtures, rule_uploads};
use altered::alterations;
pub(crate) use search::Secret;

const CHAIN: &str = "chain/p256-depth-3.pem";
const OTHER_KEY: &str = "chain/rsa-2048-depth-1.key";
const COMMANDS: [&[&str]; 4] = [
    &["check", "--at", certgate_fixtures::JUDGED_AT],
    &["check", "--at", certgate_fixtures::JUDGED_AT, "--format", "json"],
    &["show"],
    &["show", "--format", "json"],
];

/// Every different file of the fixtures that holds a private key, or what is left of one.
fn key_files() -> Vec<PathBuf> {
    let mut by_bytes = BTreeMap::new();
    for extension in ["key", "pem"] {
        for path in files_below(&fixtures(), extension) {
            let bytes = std::fs::read(&path).unwrap();
            let without_zeros: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
            if extension == "key" || String::from_utf8_lossy(&without_zeros).contains("PRIVATE KEY") {
                by_bytes.entry(bytes).or_insert(path);
            }
        }
    }
    by_bytes.into_values().collect()
}

/// All that is secret in the fixtures: of every private key whose armor is sound.
fn secret() -> &'static Secret {
    static SECRET: OnceLock<Secret> = OnceLock::new();
    SECRET.get_or_init(|| {
        let texts = key_files().into_iter().map(|path| std::fs::read(path).unwrap());
        let armors = texts.flat_map(|text| armors(&String::from_utf8_lossy(&text)));
        let keys = armors.filter(|armor| armor.label.ends_with("PRIVATE KEY"));
        let mut bodies: Vec<String> = keys.map(|armor| armor.body).collect();
        bodies.sort();
        bodies.dedup();
        assert!(bodies.len() >= 40, "{} keys", bodies.len());
        Secret::of(&bodies)
    })
}

/// What `check` and `show` print of the secret, given these files.
fn leaks_of<'a>(input: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
    COMMANDS.iter().filter_map(move |command| {
        let run = Certgate::new(*command).arguments(input).run();
        assert!((0..=2).contains(&run.code), "{run:?}");
        let found = secret().found_in([run.stdout, run.stderr].concat().as_bytes())?;
        Some(format!("{} {} prints `{found}`", command.join(" "), input.join(" ")))
    })
}

/// The same of a key in either slot, and in both.
fn leaks_in_slots(key: &Path) -> Vec<String> {
    let key = key.to_str().expect("the name is plain");
    let inputs: [&[&str]; 5] = [
        &["--certificate", CHAIN, "--private-key", key],
        &["--certificate", key, "--private-key", OTHER_KEY],
        &["--certificate", key, "--private-key", key],
        &["--certificate", key],
        &[key],
    ];
    inputs.iter().flat_map(|input| leaks_of(input)).collect()
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

/// Writes what becomes of a key into a folder.
fn write_alterations(key: &Path, folder: &Path) -> Vec<PathBuf> {
    let text = std::fs::read_to_string(key).unwrap();
    let stem = key.file_stem().expect("keys have names").to_str().expect("the name is plain");
    let write = |(name, bytes): (&str, Vec<u8>)| {
        let path = folder.join(format!("{stem}-{name}"));
        std::fs::write(&path, bytes).unwrap();
        path
    };
    alterations(&text).into_iter().map(write).collect()
}

#[test]
fn no_output_holds_a_part_of_a_private_key() {
    let keys = key_files();
    assert!(keys.len() >= 100, "{} files", keys.len());
    let leaks = on_all(&keys, |key| leaks_in_slots(key));
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

#[test]
fn no_output_holds_a_part_of_a_private_key_that_is_damaged_or_mislabelled() {
    let folder = tempfile::tempdir().unwrap();
    let keys = files_below(&fixtures().join("keys"), "key");
    let leaks = on_all(&keys, |key| {
        let altered = write_alterations(key, folder.path());
        let names: Vec<&str> = altered.iter().map(|path| path.to_str().expect("the name is plain")).collect();
        let in_slots = names.iter().flat_map(|name| {
            let slots = [
                ["--certificate", CHAIN, "--private-key", name],
                ["--certificate", name, "--private-key", name],
            ];
            slots.into_iter().flat_map(|input| leaks_of(&input).collect::<Vec<_>>())
        });
        in_slots.chain(leaks_of(&names)).collect()
    });
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

#[test]
fn no_output_holds_a_part_of_a_private_key_that_goes_with_a_bad_or_a_swapped_upload() {
    let leaks = on_all(&rule_uploads(), |upload| {
        let (chain, key) = (upload.certificate(), upload.key());
        let inputs = [
            ["--certificate", &chain, "--private-key", &key],
            ["--certificate", &key, "--private-key", &chain],
        ];
        inputs.into_iter().flat_map(|input| leaks_of(&input).collect::<Vec<_>>()).collect()
    });
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}
