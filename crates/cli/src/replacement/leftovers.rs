//! What processes left behind that were killed between writing a file and putting it into its place.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use super::folder;

/// The name beside a file under which a process writes what is to replace it.
pub(super) fn beside(name: &OsStr, number: u32) -> OsString {
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}-{number}.new", std::process::id()));
    beside
}

/// Removes what processes that are gone left beside these files. Where that cannot be told, or be done, it stays: it is in
/// nobody's way.
pub(super) fn remove<'p>(paths: impl IntoIterator<Item = &'p Path>) {
    let mut names: HashMap<&Path, HashSet<&OsStr>> = HashMap::new();
    for path in paths {
        names.entry(folder(path)).or_default().extend(path.file_name());
    }
    for (folder, names) in names {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let is_left = |found: &OsStr| {
                written_by(found).is_some_and(|(name, process)| names.contains(name) && is_gone(process))
            };
            if is_left(&entry.file_name()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// The file that something beside it was to replace, and the process that wrote it.
fn written_by(found: &OsStr) -> Option<(&OsStr, u32)> {
    let (name, by) = found.to_str()?.strip_prefix('.')?.strip_suffix(".new")?.rsplit_once('.')?;
    let (process, number) = by.split_once('-')?;
    number.parse::<u32>().ok()?;
    Some((OsStr::new(name), process.parse().ok()?))
}

fn is_gone(process: u32) -> bool {
    let processes = Path::new("/proc");
    processes.join("self").exists() && !processes.join(process.to_string()).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beside_a_file_are_known_again() {
        let name = OsStr::new("web-1.example.com-cert.pub");
        let ours = std::process::id();
        assert_eq!(written_by(&beside(name, 7)), Some((name, ours)));
        assert!(!is_gone(ours));
        // Beyond the largest that Linux gives out.
        assert!(is_gone(1 << 30));
        for other in
            [".X.new", ".X.1.new", ".X.1-.new", "X.1-0.new", ".X.1-0.old", ".X.a-0.new", ".X.1-b.new"]
        {
            assert_eq!(written_by(OsStr::new(other)), None, "{other}");
        }
    }
}
