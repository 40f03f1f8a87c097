//! BEGIN and END lines, and what people and word processors make of them.

use memchr::memchr;

use crate::blank;
use crate::defect::{Defect, DefectKind};
use crate::span::Span;

/// Which side of a block a boundary stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Begin,
    End,
}

/// `-----BEGIN LABEL-----` or `-----END LABEL-----`, or what was meant to be one.
pub(super) struct Boundary {
    pub(super) edge: Edge,
    pub(super) label: String,
    pub(super) span: Span,
    pub(super) defects: Vec<Defect>,
}

/// The longest label that is read: those of RFC 7468 have 21 characters at the most.
const LABEL_BYTES_MAX: usize = 64;

/// How much of what stands behind a boundary on its line is looked at.
const TRAILING_BYTES_MAX: usize = 256;

/// Hyphens on either side of a boundary (RFC 7468 §3).
const DASHES: usize = 5;

/// Every boundary of the text, in order.
pub(super) fn find_all(text: &[u8]) -> impl Iterator<Item = Boundary> {
    let mut from = 0;
    let is_ascii = text.is_ascii();
    std::iter::from_fn(move || {
        let boundary = find(text, from, is_ascii)?;
        from = boundary.span.end();
        Some(boundary)
    })
}

/// The first boundary at or after `from`.
fn find(text: &[u8], from: usize, is_ascii: bool) -> Option<Boundary> {
    let mut at = from;
    loop {
        // Base64 has neither of the two letters' pair, so most lines are passed over at the speed of a search.
        let word = at + position_of_word(text.get(at..)?, is_ascii)?;
        match read(text, from, word) {
            Some(boundary) => return Some(boundary),
            None => at = word + 1,
        }
    }
}

/// Where `BEGIN ` or `END ` stands next.
fn position_of_word(text: &[u8], is_ascii: bool) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let space = at
            + match is_ascii {
                true => memchr(b' ', rest)?,
                false => rest.iter().position(|byte| matches!(byte, b' ' | 0x80..))?,
            };
        let before = &text[..space];
        if space_len(&text[space..]).is_none() {
            at = space + 1;
            continue;
        }
        if before.ends_with(b"BEGIN") {
            return Some(space - 5);
        }
        if before.ends_with(b"END") {
            return Some(space - 3);
        }
        at = space + 1;
    }
}

/// The boundary whose BEGIN or END stands at `word`, if there is one; nothing before `from` belongs to it.
///
/// Everything here looks a bounded number of bytes around, so that no input makes the scan slower than linear.
fn read(text: &[u8], from: usize, word: usize) -> Option<Boundary> {
    let (edge, word_len) =
        if text.get(word..)?.starts_with(b"BEGIN") { (Edge::Begin, 5) } else { (Edge::End, 3) };
    let label_start = word + word_len + space_len(text.get(word + word_len..)?)?;
    let opening = dashes_before(&text[from..word]);
    let rest = &text[label_start..];
    let (label, label_len) = label(rest);
    let odd_space = odd_space(text, Span::new(word + word_len, label_start + label_len));
    let label = label.trim_ascii_end();
    let closing = dashes_after(&rest[label_len..]);
    let after = &rest[label_len + closing.len..];

    // Of five hyphens glued to five more, the first five close this boundary and the rest open the next.
    let meets_next = closing.exact && closing.count == 2 * DASHES && starts_with_word(after);
    let closing_len = if meets_next { DASHES } else { closing.len };
    let is_exact =
        opening.fits() && (meets_next || closing.fits()) && (label_len == label.len() || odd_space.is_some());
    if (!is_exact || odd_space.is_some()) && (opening.count == 0 || !is_upper_case(label)) || label.is_empty()
    {
        return None;
    }

    let start = word - opening.len;
    let span = Span::new(start, label_start + label_len + closing_len);
    let mut defects: Vec<Defect> = odd_space.into_iter().collect();
    if !is_exact {
        defects.push(Defect { kind: DefectKind::BoundaryDashes, span });
    }
    // Where lines end in letters, the string around them begins and ends on the line.
    let is_escaped = match edge {
        Edge::Begin => blank::escape(after).is_some(),
        Edge::End => blank::escape_before(&text[from..start]).is_some(),
    };
    if !is_escaped {
        defects.extend(before_boundary(text, from, start).map(|kind| Defect { kind, span }));
        if !meets_next {
            defects.extend(behind_boundary(after, span.end()));
        }
    }
    Some(Boundary { edge, label: label.to_owned(), span, defects })
}

/// The space between a word and a label, in bytes.
fn space_len(bytes: &[u8]) -> Option<usize> {
    if bytes.first() == Some(&b' ') { Some(1) } else { blank::space(bytes).map(|(_, len)| len) }
}

/// The label, whatever its spaces are, and the bytes it takes.
fn label(bytes: &[u8]) -> (String, usize) {
    let mut label = String::new();
    let mut len = 0;
    while len < LABEL_BYTES_MAX
        && let Some(byte) = bytes.get(len)
    {
        let symbol_len = match space_len(&bytes[len..]) {
            Some(space_len) => space_len,
            None if is_label_byte(*byte) => 1,
            None => break,
        };
        label.push(if is_label_byte(*byte) { char::from(*byte) } else { ' ' });
        len += symbol_len;
    }
    (label, len)
}

/// The first space there that is not ASCII.
fn odd_space(text: &[u8], span: Span) -> Option<Defect> {
    let bytes = span.of(text);
    let at = bytes.iter().position(|byte| !byte.is_ascii())?;
    let (symbol, len) = blank::space(&bytes[at..])?;
    let start = span.start() + at;
    Some(Defect { kind: DefectKind::SpaceUnsupported { symbol }, span: Span::new(start, start + len) })
}

/// What is wrong with what stands behind the boundary, which ends at `end`, on its line.
fn behind_boundary(after: &[u8], end: usize) -> Option<Defect> {
    let line = trailing_text(after);
    let text = line.trim_ascii();
    if text.is_empty() || contains_boundary(line) {
        return None;
    }
    if let Some((symbol, len)) = blank::space(text).filter(|_| is_blank(text)) {
        let start = end + (line.len() - line.trim_ascii_start().len());
        return Some(Defect {
            kind: DefectKind::SpaceUnsupported { symbol },
            span: Span::new(start, start + len),
        });
    }
    Some(Defect { kind: DefectKind::BoundaryTrailed, span: Span::new(end, end + line.len()) })
}

/// Whether nothing but blanks stands there, whatever their kind.
fn is_blank(mut bytes: &[u8]) -> bool {
    while let Some(first) = bytes.first() {
        let len = match first {
            b' ' | b'\t' => 1,
            _ => match blank::space(bytes) {
                Some((_, len)) => len,
                None => return false,
            },
        };
        bytes = &bytes[len..];
    }
    true
}

/// What is wrong with where the boundary starts on its line.
fn before_boundary(text: &[u8], from: usize, start: usize) -> Option<DefectKind> {
    let line_break = text[from..start].iter().rposition(|byte| matches!(byte, b'\r' | b'\n'));
    let before = match line_break {
        Some(at) => &text[from + at + 1..start],
        None if from > 0 => return Some(DefectKind::BoundaryGlued),
        None => &text[..start],
    };
    match before {
        [] => None,
        before if is_blank(before) => Some(DefectKind::BoundaryIndented),
        _ => Some(DefectKind::BoundaryGlued),
    }
}

/// The rest of the line, as far as it is looked at.
fn trailing_text(after: &[u8]) -> &[u8] {
    let window = &after[..after.len().min(TRAILING_BYTES_MAX)];
    &window[..window.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(window.len())]
}

fn starts_with_word(text: &[u8]) -> bool {
    text.starts_with(b"BEGIN ") || text.starts_with(b"END ")
}

/// Only what is exact may have any label; what merely resembles a boundary must be labelled like one.
fn is_upper_case(label: &str) -> bool {
    !label.starts_with("SSH2 ") && !label.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// Another boundary on the same line reports itself.
fn contains_boundary(text: &[u8]) -> bool {
    text.windows(7).any(|window| window == b"-BEGIN ") || text.windows(5).any(|window| window == b"-END ")
}

fn is_label_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'.' | b'/' | b'_' | b'#')
}

/// A run of dashes beside a label.
struct Dashes {
    /// Bytes the run takes, a space between it and the word included.
    len: usize,
    /// Dashes of any kind.
    count: usize,
    /// Whether all of them are ASCII hyphens and no space parts them from the word.
    exact: bool,
}

impl Dashes {
    fn fits(&self) -> bool {
        self.exact && self.count == DASHES
    }
}

fn dashes_before(line: &[u8]) -> Dashes {
    let spaces = line.iter().rev().take_while(|byte| **byte == b' ').count();
    let mut dashes = Dashes { len: spaces, count: 0, exact: spaces == 0 };
    let mut rest = &line[..line.len() - spaces];
    while let Some((len, is_hyphen)) = last_dash(rest) {
        dashes.count += 1;
        dashes.len += len;
        dashes.exact &= is_hyphen;
        rest = &rest[..rest.len() - len];
        // The hyphens before these close the boundary they are glued to.
        if dashes.exact && dashes.count == DASHES && !line_is_dashes(rest) {
            break;
        }
    }
    dashes
}

/// Whether the line so far is dashes and blanks alone: then they belong to the run however long it is.
fn line_is_dashes(before: &[u8]) -> bool {
    let line = before.iter().rev().take_while(|byte| !matches!(byte, b'\r' | b'\n'));
    let mut hyphens = 0;
    for byte in line {
        match byte {
            b'-' => hyphens += 1,
            b' ' | b'\t' => {}
            _ => return false,
        }
    }
    hyphens > 0
}

fn dashes_after(line: &[u8]) -> Dashes {
    let mut dashes = Dashes { len: 0, count: 0, exact: true };
    while let Some((len, is_hyphen)) = first_dash(&line[dashes.len..]) {
        dashes.count += 1;
        dashes.len += len;
        dashes.exact &= is_hyphen;
    }
    dashes
}

/// Hyphen (U+2010) to horizontal bar (U+2015), and the minus sign (U+2212), in UTF-8.
fn is_long_dash(bytes: &[u8]) -> bool {
    matches!(bytes, [0xE2, 0x80, 0x90..=0x95] | [0xE2, 0x88, 0x92])
}

fn first_dash(bytes: &[u8]) -> Option<(usize, bool)> {
    match bytes {
        [b'-', ..] => Some((1, true)),
        [first, second, third, ..] if is_long_dash(&[*first, *second, *third]) => Some((3, false)),
        _ => None,
    }
}

fn last_dash(bytes: &[u8]) -> Option<(usize, bool)> {
    match bytes {
        [.., b'-'] => Some((1, true)),
        [.., first, second, third] if is_long_dash(&[*first, *second, *third]) => Some((3, false)),
        _ => None,
    }
}
