//! Stars in place of what may be a secret.

use crate::ssh_line;

/// The longest run of base64 symbols shown inside a block that may be secret: less than three bytes of a key.
pub(super) const SECRET_RUN_MAX: usize = 3;
/// The longest run shown elsewhere: words, such as `CERTIFICATE`, and not what was cut out of a key.
pub(super) const WORD_RUN_MAX: usize = 11;

pub(super) fn star_controls(text: &str) -> String {
    text.chars().map(shown).collect()
}

/// A character as it may be shown; a tab takes one column like any other.
fn shown(character: char) -> char {
    match character {
        '\t' => ' ',
        character if character.is_control() => '*',
        character => character,
    }
}

/// Whether a run is surely no key: letters of a word, at most a number behind them, as in names of hosts.
fn is_word(run: &str) -> bool {
    let letters = run.trim_end_matches(|character: char| character.is_ascii_digit());
    let behind_the_first = letters.get(1..).unwrap_or_default();
    run.len() - letters.len() <= 4 && behind_the_first.bytes().all(|letter| letter.is_ascii_lowercase())
}

pub(super) fn star_long_runs(text: &str, shown_max: usize) -> String {
    let is_symbol =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '+' | '/' | '=');
    let mut starred = String::with_capacity(text.len());
    let mut run = String::new();
    let flush = |run: &mut String, starred: &mut String| {
        if run.chars().count() > shown_max && !(shown_max >= WORD_RUN_MAX && is_word(run)) {
            starred.push_str(&"*".repeat(run.len()));
        } else {
            starred.push_str(run);
        }
        run.clear();
    };
    for character in text.chars() {
        if is_symbol(character) {
            run.push(character);
        } else {
            flush(&mut run, &mut starred);
            starred.push(shown(character));
        }
    }
    flush(&mut run, &mut starred);
    starred
}

/// Of a line that may be anything, what surely belongs to a public key: the name of its type and, behind it, what is no base64 of
/// the key, for that is what may be at fault.
pub(super) fn star_all_but_keys(text: &str) -> String {
    let mut starred = String::with_capacity(text.len());
    let mut is_after_type = false;
    for part in text.split_inclusive([' ', '\t']) {
        let word = part.trim_end_matches([' ', '\t']);
        let is_type = ssh_line::is_type(word.as_bytes());
        match (is_type, is_after_type && word.starts_with("AAAA")) {
            (true, _) => starred.push_str(word),
            (false, true) => starred.push_str(&star_long_runs(word, SECRET_RUN_MAX)),
            (false, false) => starred.extend(word.chars().map(|_| '*')),
        }
        starred.extend(part.chars().skip(word.chars().count()).map(shown));
        is_after_type = is_type || (is_after_type && word.is_empty());
    }
    starred
}
