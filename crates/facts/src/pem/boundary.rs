//! BEGIN and END lines, and what people and word processors make of them.

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
    std::iter::from_fn(move || {
        let boundary = find(text, from)?;
        from = boundary.span.end();
        Some(boundary)
    })
}

/// The first boundary at or after `from`.
fn find(text: &[u8], from: usize) -> Option<Boundary> {
    let mut at = from;
    loop {
        // Base64 has neither of the two letters' pair, so most lines are passed over at the speed of a search.
        let word = at + position_of_word(text.get(at..)?)?;
        match read(text, from, word) {
            Some(boundary) => return Some(boundary),
            None => at = word + 1,
        }
    }
}

/// Where `BEGIN ` or `END ` stands next.
fn position_of_word(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let space = at + text.get(at..)?.iter().position(|byte| *byte == b' ')?;
        let before = &text[..space];
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
    let (edge, label_start) = match text.get(word..)? {
        rest if rest.starts_with(b"BEGIN ") => (Edge::Begin, word + 6),
        _ => (Edge::End, word + 4),
    };
    let opening = dashes_before(&text[from..word]);
    let rest = &text[label_start..];
    let label_len = rest.iter().take(LABEL_BYTES_MAX).take_while(|byte| is_label_byte(**byte)).count();
    let label = std::str::from_utf8(&rest[..label_len]).ok()?.trim_ascii_end();
    let closing = dashes_after(&rest[label_len..]);
    let after = &rest[label_len + closing.len..];

    // Of five hyphens glued to five more, the first five close this boundary and the rest open the next.
    let meets_next = closing.exact && closing.count == 2 * DASHES && starts_with_word(after);
    let closing_len = if meets_next { DASHES } else { closing.len };
    let is_exact = opening.fits() && (meets_next || closing.fits()) && label_len == label.len();
    if !is_exact && (opening.count == 0 || !is_upper_case(label)) || label.is_empty() {
        return None;
    }

    let start = word - opening.len;
    let span = Span::new(start, label_start + label_len + closing_len);
    let mut defects = Vec::new();
    if !is_exact {
        defects.push(Defect { kind: DefectKind::BoundaryDashes, span });
    }
    defects.extend(before_boundary(text, from, start).map(|kind| Defect { kind, span }));
    if !meets_next {
        let line = trailing_text(after);
        if !line.trim_ascii().is_empty() && !contains_boundary(line) {
            let span = Span::new(span.end(), span.end() + line.len());
            defects.push(Defect { kind: DefectKind::BoundaryTrailed, span });
        }
    }
    Some(Boundary { edge, label: label.to_owned(), span, defects })
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
        before if before.iter().all(|byte| matches!(byte, b' ' | b'\t')) => {
            Some(DefectKind::BoundaryIndented)
        }
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
