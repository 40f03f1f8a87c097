//! Texts of a server, made fit to be shown.

use crate::api_key::ApiKey;

/// The most characters of one text that are shown.
pub const SHOWN_CHARS_MAX: usize = 500;

/// A text of a server without control characters and without the key, and not too long.
pub(crate) fn shown(text: &str, key: &ApiKey) -> String {
    // First what is invisible: it could stand in the middle of the key.
    let visible: String = text.chars().filter(|letter| !is_unseen(*letter)).collect();
    let masked = key.masked(&visible);
    match masked.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &masked[..end]),
        None => masked,
    }
}

/// Characters that are not seen, or that move, hide or turn around what stands beside them.
fn is_unseen(letter: char) -> bool {
    let turns = matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{061C}');
    let is_invisible = matches!(letter, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{2029}'
        | '\u{2060}'..='\u{2065}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}');
    letter.is_control() || turns || is_invisible
}
