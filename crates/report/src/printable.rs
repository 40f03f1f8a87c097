//! Text from inputs, made safe to show.

use std::borrow::Cow;

/// The text without characters that steer a terminal or turn the direction of writing: each becomes `\u{…}`.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if steers(character) {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

fn steers(character: char) -> bool {
    let turns_direction = matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    character.is_control() || turns_direction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_turns_of_direction_are_spelled_out() {
        assert_eq!(printable("a\u{1b}[31mb\n\u{202E}c"), "a\\u{1b}[31mb\\u{a}\\u{202e}c");
        assert_eq!(printable("straße 例え"), "straße 例え");
    }
}
