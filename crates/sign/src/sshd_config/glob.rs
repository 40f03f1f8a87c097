//! Patterns of paths (glob(7)), as `Include` takes them.

use super::{CONFIG_FILES_MAX, ServerFiles};

/// A part of a pattern.
enum Token {
    /// Any run of characters.
    Run,
    /// Any one character.
    One,
    /// One character of some ranges, or of none of them.
    Set { negated: bool, ranges: Vec<(char, char)> },
    /// This character.
    Literal(char),
}

/// The paths that are there and match, in order of their bytes; nothing if they are more than may be.
///
/// A dot at the start of a name is matched by a dot alone.
pub(super) fn expand(pattern: &str, files: &dyn ServerFiles) -> Option<Vec<String>> {
    let mut paths = vec![String::new()];
    for part in pattern.split('/').skip(1) {
        let tokens = tokens(part);
        let literal: Option<String> = tokens
            .iter()
            .map(|token| if let Token::Literal(letter) = token { Some(*letter) } else { None })
            .collect();
        paths = match literal {
            Some(name) => paths.iter().map(|path| format!("{path}/{name}")).collect(),
            None => paths.iter().flat_map(|path| below(path, &tokens, files)).collect(),
        };
        if paths.len() > CONFIG_FILES_MAX {
            return None;
        }
    }
    paths.retain(|path| files.permissions(path).is_some());
    paths.sort();
    Some(paths)
}

fn below(folder: &str, tokens: &[Token], files: &dyn ServerFiles) -> Vec<String> {
    let listed = if folder.is_empty() { "/" } else { folder };
    let dot = matches!(tokens.first(), Some(Token::Literal('.')));
    let names = files.entries(listed).into_iter();
    names
        .filter(|name| (dot || !name.starts_with('.')) && matches(name, tokens))
        .map(|name| format!("{folder}/{name}"))
        .collect()
}

fn tokens(pattern: &str) -> Vec<Token> {
    let letters: Vec<char> = pattern.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        at += 1;
        let token = match letter {
            '*' => Token::Run,
            '?' => Token::One,
            '[' => match set(letters.get(at..).unwrap_or_default()) {
                Some((set, length)) => {
                    at += length;
                    set
                }
                None => Token::Literal('['),
            },
            '\\' => match letters.get(at) {
                Some(escaped) => {
                    at += 1;
                    Token::Literal(*escaped)
                }
                None => Token::Literal('\\'),
            },
            letter => Token::Literal(*letter),
        };
        tokens.push(token);
    }
    tokens
}

/// The set after a `[`, and its length with the `]`; nothing if it does not end.
fn set(letters: &[char]) -> Option<(Token, usize)> {
    let negated = matches!(letters.first(), Some('!' | '^'));
    let start = usize::from(negated);
    // A `]` right at the start is one of the characters.
    let end = start + 1 + letters.get(start + 1..)?.iter().position(|letter| *letter == ']')?;
    let inside = letters.get(start..end)?;
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(first) = inside.get(at) {
        match (inside.get(at + 1), inside.get(at + 2)) {
            (Some('-'), Some(last)) => {
                ranges.push((*first, *last));
                at += 3;
            }
            _ => {
                ranges.push((*first, *first));
                at += 1;
            }
        }
    }
    Some((Token::Set { negated, ranges }, end + 1))
}

/// Whether all of a name matches. Takes time in proportion to the product of the lengths.
fn matches(name: &str, tokens: &[Token]) -> bool {
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut next) = (0, 0);
    // Where the last run stands, and how far into the name it reaches so far.
    let mut run: Option<(usize, usize)> = None;
    while let Some(letter) = name.get(at) {
        match tokens.get(next) {
            Some(Token::Run) => {
                run = Some((next, at));
                next += 1;
            }
            Some(token) if takes(token, *letter) => {
                at += 1;
                next += 1;
            }
            _ => {
                let Some((run_at, reached)) = run else {
                    return false;
                };
                run = Some((run_at, reached + 1));
                at = reached + 1;
                next = run_at + 1;
            }
        }
    }
    tokens.get(next..).is_none_or(|rest| rest.iter().all(|token| matches!(token, Token::Run)))
}

fn takes(token: &Token, letter: char) -> bool {
    match token {
        Token::Run => false,
        Token::One => true,
        Token::Set { negated, ranges } => {
            *negated != ranges.iter().any(|(first, last)| (*first..=*last).contains(&letter))
        }
        Token::Literal(expected) => *expected == letter,
    }
}
