//! Paths with wildcards.

use std::fmt;

use certgate_facts::matches_pattern;

use crate::handwritten::{Fault, Value};

/// The most characters of a pattern.
const CHARACTERS_MAX: usize = 1024;

/// Files: `*` is any part of a name, `?` any byte of it, `**` any folders. A folder is all that is in it.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    /// Whether it begins at the root, and not at the folder of the configuration.
    is_whole: bool,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// `**`.
    AnyFolders,
    /// A name, maybe with wildcards.
    Name(String),
}

impl Pattern {
    pub(super) fn of(value: &Value) -> Result<Self, Fault> {
        let text = value.text.as_str();
        let fault = |what: String, hint: &str| Err(Fault::new(value.span, what).with_hint(hint));
        if text.chars().count() > CHARACTERS_MAX {
            let what = format!("a path of more than {CHARACTERS_MAX} characters");
            return fault(what, "write it shorter, with `*` or `**`");
        }
        if let Some(letter) = text.chars().find(|letter| "[]{}!\\".contains(*letter)) {
            let hint = "there are `*`, any part of a name, `**`, any folders, and `?`, any byte of one";
            return fault(format!("`{letter}` is no wildcard here"), hint);
        }
        let is_whole = text.starts_with('/');
        let mut parts = Vec::new();
        for name in text.split('/').filter(|name| !name.is_empty() && *name != ".") {
            match name {
                ".." => {
                    let hint = "write a path within the folder of this file, or one from the root: /…";
                    return fault("`..` leads out of the folder of this file".to_owned(), hint);
                }
                "**" => parts.push(Part::AnyFolders),
                name => parts.push(Part::Name(name.to_owned())),
            }
        }
        if parts.is_empty() {
            return fault(
                format!("`{text}` names no file"),
                "write a path, such as \"legacy\" or \"**/*.pem\"",
            );
        }
        Ok(Self { is_whole, parts })
    }

    /// Whether it begins at the root.
    pub(super) const fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Whether it is of the file, or of a folder on the way to it.
    pub(super) fn matches(&self, names: &[String]) -> bool {
        let mut reached = vec![false; self.parts.len() + 1];
        reached[0] = true;
        for name in names {
            self.pass_over_folders(&mut reached);
            let mut next = vec![false; reached.len()];
            for (index, part) in self.parts.iter().enumerate().filter(|(index, _)| reached[*index]) {
                match part {
                    Part::AnyFolders => next[index] = true,
                    Part::Name(pattern) if matches_pattern(name.as_bytes(), pattern.as_bytes()) => {
                        next[index + 1] = true
                    }
                    Part::Name(_) => {}
                }
            }
            reached = next;
            self.pass_over_folders(&mut reached);
            if reached[self.parts.len()] {
                return true;
            }
        }
        false
    }

    /// `**` may be no folder at all.
    fn pass_over_folders(&self, reached: &mut [bool]) {
        for (index, part) in self.parts.iter().enumerate() {
            if reached[index] && *part == Part::AnyFolders {
                reached[index + 1] = true;
            }
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.parts.iter().map(|part| match part {
            Part::AnyFolders => "**".to_owned(),
            Part::Name(name) => name.clone(),
        });
        let path = names.collect::<Vec<String>>().join("/");
        write!(formatter, "{}{path}", if self.is_whole { "/" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use certgate_facts::Span;

    use super::*;

    fn pattern(text: &str) -> Result<Pattern, Fault> {
        Pattern::of(&Value { text: text.to_owned(), span: Span::new(0, 0) })
    }

    fn matches(text: &str, path: &str) -> bool {
        let names: Vec<String> = path.split('/').map(str::to_owned).collect();
        pattern(text).unwrap_or_else(|_| panic!("{text}")).matches(&names)
    }

    #[test]
    fn a_star_stays_within_a_name_and_two_are_any_folders() {
        for (text, path) in [
            ("a.pem", "a.pem"),
            ("*.pem", "a.pem"),
            ("a*e?.p*", "abcdef.pem"),
            ("**/*.pem", "a.pem"),
            ("**/*.pem", "x/y/a.pem"),
            ("x/**/a.pem", "x/a.pem"),
            ("x/**/a.pem", "x/y/z/a.pem"),
            ("./x//y/", "x/y/a.pem"),
            ("x", "x/y/a.pem"),
            ("x/*", "x/y/a.pem"),
            ("**", "x/y"),
            ("x/**", "x/y/z"),
            ("**/y/**/*.key", "x/y/y/z/a.key"),
        ] {
            assert!(matches(text, path), "{text} {path}");
        }
        for (text, path) in [
            ("*.pem", "x/a.pem"),
            ("a.pem", "x/a.pem"),
            ("a?.pem", "a.pem"),
            ("x/**/a.pem", "y/a.pem"),
            ("x/y", "x"),
            ("x*", "yx"),
            ("A.pem", "a.pem"),
        ] {
            assert!(!matches(text, path), "{text} {path}");
        }
    }

    #[test]
    fn many_wildcards_take_no_longer_than_the_lengths_say() {
        let text = format!("{}b", "*a".repeat(500));
        assert!(!matches(&text, &"a".repeat(4000)));
        let text = "**/".repeat(300) + "b";
        assert!(!matches(&text, &"a/".repeat(2000)));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let long = "a".repeat(CHARACTERS_MAX + 1);
        for text in ["", "/", "./", "../a", "a/../b", "[ab].pem", "{a,b}.pem", "!a", "a\\*", &long] {
            assert!(pattern(text).is_err(), "{text}");
        }
        assert!(pattern(&long[1..]).is_ok());
        assert_eq!(pattern("/a/**/?.pem").ok().unwrap().to_string(), "/a/**/?.pem");
    }
}
