//! The manifests: every dependency says why, every crate has the lints.

use std::path::PathBuf;

use super::{none, read};
use crate::harness::{files_below, workspace};

fn manifests() -> Vec<PathBuf> {
    let manifests: Vec<PathBuf> = files_below(&workspace().join("crates"), "toml")
        .into_iter()
        .filter(|path| path.file_name().is_some_and(|name| name == "Cargo.toml"))
        .collect();
    assert!(manifests.len() >= 5);
    manifests
}

/// The lines under a heading, without the empty ones.
fn table<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = text.lines().skip_while(|line| *line != heading).skip(1);
    lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.is_empty()).collect()
}

fn has_reason(line: &str) -> bool {
    line.rsplit_once(" # ").is_some_and(|(_, reason)| reason.len() > 10)
}

#[test]
fn every_dependency_of_the_workspace_says_what_it_is_for() {
    let text = read(&workspace().join("Cargo.toml"));
    let lines = table(&text, "[workspace.dependencies]");
    assert!(lines.len() > 15);
    let foreign = lines.into_iter().filter(|line| !line.starts_with('#') && !line.starts_with("certgate-"));
    none(foreign.filter(|line| !has_reason(line)).map(str::to_owned).collect());
}

#[test]
fn every_member_of_the_workspace_says_what_it_is() {
    let text = read(&workspace().join("Cargo.toml"));
    let members: Vec<&str> = text.lines().filter(|line| line.starts_with("    \"crates/")).collect();
    assert_eq!(members.len(), manifests().len());
    none(members.into_iter().filter(|line| !has_reason(line)).map(str::to_owned).collect());
}

#[test]
fn every_crate_takes_lints_and_dependencies_from_the_workspace() {
    let mut faults = Vec::new();
    for path in manifests() {
        let text = read(&path);
        if table(&text, "[lints]") != ["workspace = true"] {
            faults.push(format!("{} has lints of its own", path.display()));
        }
        for heading in ["[dependencies]", "[dev-dependencies]", "[build-dependencies]"] {
            let own = table(&text, heading).into_iter().filter(|line| !line.contains("workspace = true"));
            faults.extend(own.map(|line| format!("{}: {line}", path.display())));
        }
    }
    none(faults);
}

#[test]
fn every_crate_says_what_it_is_and_takes_version_edition_and_compiler_from_the_workspace() {
    let inherited = ["version", "edition", "rust-version", "license"];
    let mut faults = Vec::new();
    for path in manifests() {
        let text = read(&path);
        let package = table(&text, "[package]");
        let description =
            package.iter().find_map(|line| line.strip_prefix("description = \"")?.split('"').next());
        if description.is_none_or(|words| words.len() < 20) {
            faults.push(format!("{} has no description", path.display()));
        }
        let missing =
            inherited.iter().filter(|name| !package.contains(&format!("{name}.workspace = true").as_str()));
        faults.extend(missing.map(|name| format!("{} has a {name} of its own", path.display())));
    }
    none(faults);
}

#[test]
fn every_dependency_of_the_workspace_is_used() {
    let used: String = manifests().iter().map(|path| read(path)).collect();
    let text = read(&workspace().join("Cargo.toml"));
    let names =
        table(&text, "[workspace.dependencies]").into_iter().filter_map(|line| line.split(" = ").next());
    let unused =
        names.filter(|name| !name.starts_with('#') && !used.contains(&format!("\n{name}.workspace")));
    none(
        unused
            .filter(|name| !used.contains(&format!("\n{name} = {{ workspace")))
            .map(str::to_owned)
            .collect(),
    );
}
