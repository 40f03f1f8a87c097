//! Characters that nobody sees in a name.

/// Format characters (Unicode general category Cf), which have no width or turn the direction of writing. The joiners
/// U+200C and U+200D are left out: names in some scripts need them, and IDNA decides where (RFC 5892 appendix A).
const FORMAT: [(char, char); 20] = [
    ('\u{AD}', '\u{AD}'),
    ('\u{600}', '\u{605}'),
    ('\u{61C}', '\u{61C}'),
    ('\u{6DD}', '\u{6DD}'),
    ('\u{70F}', '\u{70F}'),
    ('\u{890}', '\u{891}'),
    ('\u{8E2}', '\u{8E2}'),
    ('\u{180E}', '\u{180E}'),
    ('\u{200B}', '\u{200B}'),
    ('\u{200E}', '\u{200F}'),
    ('\u{202A}', '\u{202E}'),
    ('\u{2060}', '\u{206F}'),
    ('\u{FEFF}', '\u{FEFF}'),
    ('\u{FFF9}', '\u{FFFB}'),
    ('\u{110BD}', '\u{110BD}'),
    ('\u{110CD}', '\u{110CD}'),
    ('\u{13430}', '\u{1343F}'),
    ('\u{1BCA0}', '\u{1BCA3}'),
    ('\u{1D173}', '\u{1D17A}'),
    ('\u{E0000}', '\u{E007F}'),
];

/// The first character that is a control character or a format character, and how many stand before it. Line ends and
/// tabs count as white space.
pub(crate) fn first_unseen(text: &str) -> Option<(usize, char)> {
    text.chars().enumerate().find(|(_, character)| is_control(*character) || is_format(*character))
}

/// The text without format characters, and without control characters at its ends; `None` where a control character
/// stands inside: what it parts may be two names, or one.
pub(super) fn without_unseen(text: &str) -> Option<String> {
    let seen: String = text.chars().filter(|character| !is_format(*character)).collect();
    let inside = seen.trim_matches(is_control);
    (!inside.contains(is_control)).then(|| inside.to_owned())
}

fn is_control(character: char) -> bool {
    character.is_control() && !('\t'..='\r').contains(&character)
}

fn is_format(character: char) -> bool {
    !character.is_ascii() && FORMAT.iter().any(|(first, last)| (*first..=*last).contains(&character))
}
