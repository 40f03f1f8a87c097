//! Texts of an input as a message may quote them.

use std::fmt;

/// The most characters of a text that a message quotes.
pub(crate) const EXCERPT_CHARS_MAX: usize = 64;

/// A text, on one line and of bounded length: what cannot be printed is escaped, what is too long is cut.
pub(crate) struct Excerpt<'a>(pub(crate) &'a str);

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = self.0.chars().take(EXCERPT_CHARS_MAX).collect();
        write!(formatter, "{}", shown.escape_debug())?;
        if shown.len() < self.0.len() { formatter.write_str("…") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_printed_is_escaped() {
        assert_eq!(Excerpt("web-1").to_string(), "web-1");
        assert_eq!(Excerpt("a\nb\u{1b}[31m\u{202e}").to_string(), r"a\nb\u{1b}[31m\u{202e}");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(Excerpt(&"é".repeat(64)).to_string(), "é".repeat(64));
        assert_eq!(Excerpt(&"é".repeat(65)).to_string(), "é".repeat(64) + "…");
        assert!(Excerpt(&"\u{202e}".repeat(1 << 20)).to_string().len() < 600);
    }
}
