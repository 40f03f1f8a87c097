//! Names of a certificate as a message lists them.

use std::fmt;

use crate::excerpt::Excerpt;

/// Names shown in one message; the rest is counted.
pub(crate) const NAMES_SHOWN_MAX: usize = 5;

/// Some names: how many, and the first of them.
pub(crate) struct Listed {
    count: usize,
    text: String,
}

impl Listed {
    /// `None` where there is no name.
    pub(crate) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Option<Self> {
        Self::with_reasons(names.map(|name| (name, String::new())))
    }

    /// The same with a word behind each, where there is one.
    pub(crate) fn with_reasons<'a>(names: impl Iterator<Item = (&'a str, String)>) -> Option<Self> {
        let (mut count, mut text) = (0, String::new());
        for (name, reason) in names {
            count += 1;
            if count > NAMES_SHOWN_MAX {
                continue;
            }
            let separator = if count == 1 { "" } else { ", " };
            text += &format!("{separator}`{}`", Excerpt(name));
            if !reason.is_empty() {
                text += &format!(" ({reason})");
            }
        }
        if count > NAMES_SHOWN_MAX {
            text += &format!(" and {} more", count - NAMES_SHOWN_MAX);
        }
        (count > 0).then_some(Self { count, text })
    }

    /// What is to be said of one alternative name, or of several.
    pub(crate) fn sentence(&self, one: &str, several: &str) -> String {
        match self.count {
            1 => format!("the alternative name {self} {one}"),
            count => format!("{count} alternative names {several}: {self}"),
        }
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_names_are_shown_and_the_rest_is_counted() {
        let said = |names: &[&str]| {
            Listed::of(names.iter().copied()).map(|names| names.sentence("is bad", "are bad"))
        };
        assert_eq!(said(&[]), None);
        assert_eq!(said(&["a\n"]).unwrap(), r"the alternative name `a\n` is bad");
        assert_eq!(said(&["a", "b"]).unwrap(), "2 alternative names are bad: `a`, `b`");
        let many = ["a"; NAMES_SHOWN_MAX + 2];
        assert_eq!(said(&many).unwrap(), "7 alternative names are bad: `a`, `a`, `a`, `a`, `a` and 2 more");
    }
}
