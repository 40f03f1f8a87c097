//! Texts that others wrote, as the page shows them.

use maud::{Markup, Render, html};

/// Most characters of one text that are shown.
const TEXT_CHARS_MAX: usize = 160;

/// A text that others wrote. It cannot be markup, cannot turn the direction of what stands around it, and has an end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a>(pub(super) &'a str);

impl Render for Text<'_> {
    fn render(&self) -> Markup {
        html! { bdi { (shown(self.0)) } }
    }
}

/// Characters that are not seen are written as what they are; what is too long ends in `…`.
fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(4 * TEXT_CHARS_MAX));
    for (place, letter) in text.chars().enumerate() {
        if place == TEXT_CHARS_MAX {
            shown.push('…');
            break;
        }
        match is_unseen(letter) {
            true => shown.extend(letter.escape_unicode()),
            false => shown.push(letter),
        }
    }
    shown
}

/// Control characters, and those that turn the direction of a text or hide in it. The joiners stay: scripts need them.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{AD}' | '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
        )
        || matches!(letter, '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        Text(text).render().into_string()
    }

    #[test]
    fn markup_is_text() {
        let text = r#"</bdi><script>alert("1")</script>&amp;'"#;
        let due = "<bdi>&lt;/bdi&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;'</bdi>";
        assert_eq!(written(text), due);
    }

    #[test]
    fn what_is_not_seen_is_written_and_what_is_read_from_the_right_stays() {
        assert_eq!(written("a\0b\r\n\u{1b}[31m"), r"<bdi>a\u{0}b\u{d}\u{a}\u{1b}[31m</bdi>");
        assert_eq!(written("\u{202E}moc.elpmaxe"), r"<bdi>\u{202e}moc.elpmaxe</bdi>");
        assert_eq!(written("שלום مرحبا 👩\u{200D}🚀"), "<bdi>שלום مرحبا 👩\u{200D}🚀</bdi>");
    }

    #[test]
    fn a_text_has_an_end() {
        let longest = "ä".repeat(TEXT_CHARS_MAX);
        assert_eq!(written(&longest), format!("<bdi>{longest}</bdi>"));
        assert_eq!(written(&"ä".repeat(1 << 20)), format!("<bdi>{longest}…</bdi>"));
    }
}
