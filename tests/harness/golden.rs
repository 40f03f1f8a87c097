//! Files that say what real output is.

use std::path::Path;

/// Whether the files are to be rewritten: `UPDATE=1`.
#[expect(clippy::disallowed_methods, reason = "the one switch of the tests is a variable")]
fn is_updating() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Compares `text` with the file at `path`, or writes it there.
#[track_caller]
pub(crate) fn matches_file(path: &Path, text: &str) {
    if is_updating() {
        std::fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return;
    }
    let kept = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if let Some((line, (kept, real))) =
        (1..).zip(kept.lines().zip(text.lines())).find(|(_, (kept, real))| kept != real)
    {
        panic!("{}:{line} says\n{kept}\nin truth it is\n{real}\nUPDATE=1 rewrites it", path.display());
    }
    assert_eq!(kept, text, "{} is cut short; UPDATE=1 rewrites it", path.display());
}
