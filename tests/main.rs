//! The black-box tests: they run the built `certgate`, and `openssl` and OpenSSH as its witnesses, over `fixtures/` and
//! over what these make.
//!
//! `tidy` holds the rules of the house as tests. `UPDATE=1` rewrites the files that are compared with real output.
#![cfg(test)]

mod harness;

mod api;
mod baseline;
mod caret;
mod cli;
mod config;
mod containers;
mod convert;
mod fix;
mod folders;
mod formats;
mod gate;
mod limits;
mod openssl_agrees;
mod pages;
mod pairing;
mod postgres;
mod push;
mod secrets;
mod seed;
mod serve;
mod ssh;
mod ssh_check;
mod targets;
mod tidy;

/// A file that no `mod` names is not compiled, and all its tests pass by not being run.
#[test]
fn no_test_file_is_forgotten() {
    let folder = harness::workspace().join("tests");
    let mut named = vec![folder.join("main.rs")];
    let mut next = 0;
    while let Some(file) = named.get(next).cloned() {
        next += 1;
        let is_main = file.file_stem().is_some_and(|stem| stem == "main");
        let below = if is_main { folder.clone() } else { file.with_extension("") };
        let text =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        named.extend(harness::modules(&text).map(|name| below.join(format!("{name}.rs"))));
    }
    for file in harness::files_below(&folder, "rs") {
        assert!(named.contains(&file), "no `mod` names {}", file.display());
    }
}
