//! What may stand at the top.

use std::collections::BTreeSet;
use std::process::Command;

use super::none;
use crate::harness::workspace;

const ALLOWED: [&str; 15] = [
    ".ci",
    ".clippy.toml",
    ".deny.toml",
    ".gitattributes",
    ".github",
    ".gitignore",
    ".pre-commit-hooks.yaml",
    ".rustfmt.toml",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "crates",
    "fixtures",
    "tests",
];

/// What git keeps, or would keep with the next commit.
fn kept() -> Vec<String> {
    let arguments = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(arguments).current_dir(workspace()).output();
    let output = output.unwrap_or_else(|error| panic!("install git: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn nothing_stands_at_the_top_but_what_has_its_place_there() {
    let top: BTreeSet<String> =
        kept().iter().filter_map(|path| path.split('/').next()).map(str::to_owned).collect();
    let is_allowed = |name: &String| ALLOWED.contains(&name.as_str()) || name.starts_with("LICENSE-");
    none(top.into_iter().filter(|name| !is_allowed(name)).collect());
}

#[test]
fn fixtures_hold_no_code() {
    let is_code = |path: &String| path.starts_with("fixtures/") && path.ends_with(".rs");
    none(kept().into_iter().filter(is_code).collect());
}

#[test]
fn both_licences_are_there() {
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        assert!(kept().iter().any(|path| path == name), "{name}");
    }
}
