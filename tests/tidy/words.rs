//! Words that do not belong into source.

use super::{none, read, sources};

/// Each with what to write instead. Put together here, so that this file does not hold them.
const BANNED: [(&str, &str); 8] = [
    (concat!("#[", "ignore"), "install what the test needs"),
    (concat!("to", "do!("), "write it"),
    (concat!("unimpl", "emented!("), "write it"),
    (concat!("db", "g!("), "take it out"),
    (concat!("#[", "allow("), "`#[expect(…, reason = …)]`"),
    (concat!("#![", "allow("), "`#[expect(…, reason = …)]`"),
    (concat!(", ", "allow("), "`#[expect(…, reason = …)]`"),
    (concat!("#[", "should_panic"), "look at the result"),
];

#[test]
fn nothing_is_left_undone_ignored_or_allowed() {
    let mut faults = Vec::new();
    for path in sources() {
        for (number, line) in (1..).zip(read(&path).lines()) {
            for (word, instead) in BANNED {
                if line.contains(word) {
                    faults.push(format!("{}:{number}: `{word}`: {instead}", path.display()));
                }
            }
        }
    }
    none(faults);
}

#[test]
fn every_exception_from_a_lint_has_a_reason() {
    let mut faults = Vec::new();
    for path in sources() {
        let text = read(&path);
        for (at, _) in text.match_indices(concat!("ex", "pect(clippy")) {
            let attribute = text[at..].split(']').next().unwrap_or_default();
            if !attribute.contains("reason = ") {
                faults.push(format!("{}: {attribute}", path.display()));
            }
        }
    }
    none(faults);
}
