//! The rules of the house, as tests.

mod budgets;
mod catalog;
mod crates;
mod manifest;
mod names;
mod readme;
mod tree;
mod words;

use std::path::PathBuf;

use crate::harness::{files_below, workspace};

/// Every source file, those of the tests included.
fn sources() -> Vec<PathBuf> {
    let folders = ["crates", "tests"].map(|folder| workspace().join(folder));
    let files: Vec<PathBuf> = folders.iter().flat_map(|folder| files_below(folder, "rs")).collect();
    assert!(files.len() > 100, "{} source files", files.len());
    files
}

/// The source files of the program alone.
fn program_sources() -> Vec<PathBuf> {
    let folder = workspace().join("crates");
    sources().into_iter().filter(|path| path.starts_with(&folder)).collect()
}

fn read(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Fails with all faults at once.
#[track_caller]
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
