//! Names of files and functions.

use super::{none, program_sources, read, sources};

/// Drawers into which anything goes.
const DRAWERS: [&str; 6] = ["common", "helper", "helpers", "misc", "util", "utils"];

#[test]
fn modules_are_files_of_their_own_name() {
    let faults = sources().into_iter().filter(|path| path.file_name().is_some_and(|name| name == "mod.rs"));
    none(faults.map(|path| path.display().to_string()).collect());
}

#[test]
fn no_file_or_folder_is_a_drawer() {
    let is_drawer = |path: &std::path::Path| {
        let mut names = path.with_extension("");
        let mut found = false;
        while let Some(name) = names.file_name().map(|name| name.to_string_lossy().into_owned()) {
            found |= DRAWERS.contains(&name.as_str());
            names.pop();
        }
        found
    };
    let root = crate::harness::workspace();
    let inside = sources().into_iter().map(|path| path.strip_prefix(&root).unwrap().to_owned());
    none(inside.filter(|path| is_drawer(path)).map(|path| path.display().to_string()).collect());
}

#[test]
fn functions_are_not_called_get_or_validate() {
    let mut faults = Vec::new();
    for path in program_sources() {
        for (number, line) in (1..).zip(read(&path).lines()) {
            if line.contains(concat!("fn ", "get_")) || line.contains(concat!("fn ", "validate_")) {
                faults.push(format!("{}:{number}: {}", path.display(), line.trim()));
            }
        }
    }
    none(faults);
}
