//! What stands in PEM for a blank or a line end and is none to most readers: spaces beyond ASCII, and line ends written in letters.

/// Most backslashes that are taken for one: strings inside strings have them doubled.
const BACKSLASHES_MAX: usize = 4;

/// The space other than that of ASCII that the bytes begin with, and its length in bytes. A byte order mark that is not at the start
/// of a text is one, and so is what Latin-1 has in its place.
pub(crate) fn space(bytes: &[u8]) -> Option<(char, usize)> {
    let len = match bytes {
        [0xA0, ..] => return Some(('\u{a0}', 1)),
        [0xC2, 0xA0, ..] => 2,
        [0xE2 | 0xE3 | 0xEF, _, _, ..] => 3,
        _ => return None,
    };
    let symbol = std::str::from_utf8(bytes.get(..len)?).ok()?.chars().next()?;
    is_space(symbol).then_some((symbol, len))
}

/// The same of what the bytes end with.
pub(crate) fn space_before(bytes: &[u8]) -> Option<(char, usize)> {
    let ends_with = |len: usize| {
        let tail = bytes.len().checked_sub(len).and_then(|start| bytes.get(start..))?;
        space(tail).filter(|(_, found)| *found == len)
    };
    [3, 2, 1].into_iter().find_map(ends_with)
}

pub(crate) fn is_space(symbol: char) -> bool {
    matches!(
        symbol,
        '\u{a0}' | '\u{2000}'
            ..='\u{200b}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{202f}'
                | '\u{205f}'
                | '\u{2060}'
                | '\u{3000}'
                | '\u{feff}'
    )
}

/// How long the blank is that the bytes begin with in letters: a backslash, and what strings write behind it for a line feed, a
/// carriage return or a tab.
pub(crate) fn escape(bytes: &[u8]) -> Option<usize> {
    let backslashes = bytes.iter().take(BACKSLASHES_MAX).take_while(|byte| **byte == b'\\').count();
    let is_blank = backslashes > 0 && matches!(bytes.get(backslashes), Some(b'n' | b'r' | b't'));
    is_blank.then_some(backslashes + 1)
}

/// The same of what the bytes end with.
pub(crate) fn escape_before(bytes: &[u8]) -> Option<usize> {
    let [head @ .., b'n' | b'r' | b't'] = bytes else { return None };
    let backslashes = head.iter().rev().take(BACKSLASHES_MAX).take_while(|byte| **byte == b'\\').count();
    (backslashes > 0).then_some(backslashes + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_told_from_either_side() {
        for (text, symbol) in [
            ("\u{a0}", '\u{a0}'),
            ("\u{2009}", '\u{2009}'),
            ("\u{3000}", '\u{3000}'),
            ("\u{feff}", '\u{feff}'),
        ] {
            assert_eq!(space(text.as_bytes()), Some((symbol, text.len())));
            assert_eq!(space_before(format!("A{text}").as_bytes()), Some((symbol, text.len())));
        }
        assert_eq!(space(&[0xA0, b'A']), Some(('\u{a0}', 1)));
        assert_eq!(space_before(&[b'A', 0xA0]), Some(('\u{a0}', 1)));
        for text in ["", " ", "A", "\u{2014}", "é", "あ"] {
            assert_eq!((space(text.as_bytes()), space_before(text.as_bytes())), (None, None), "{text}");
        }
    }

    #[test]
    fn escapes_are_told_from_either_side() {
        for (text, len) in
            [("\\n", Some(2)), ("\\\\n", Some(3)), ("\\r", Some(2)), ("\\x", None), ("n", None), ("\\", None)]
        {
            assert_eq!((escape(text.as_bytes()), escape_before(text.as_bytes())), (len, len), "{text}");
        }
    }
}
