//! The blocks of a source, written again in another order or in another form: the one writer of repairs.

use zeroize::Zeroizing;

use crate::armor::armor;
use crate::blank;
use crate::certificate::Certificate;
use crate::pem::Header;
use crate::reading::{Entry, Reading};
use crate::source::{Source, SourceError};
use crate::span::Span;

/// What becomes of one block; blocks are counted as [`Reading::entries`] counts them, from 0.
pub enum Piece {
    /// It stays as it stands.
    Kept(usize),
    /// It is written again, from its data, under a label. A private key keeps its headers, which may be needed to decrypt it; any
    /// other block loses them. A block whose data does not decode stays as it stands.
    Rewritten {
        /// The block.
        block: usize,
        /// The words between `BEGIN ` and the closing dashes.
        label: String,
    },
    /// Something else is written.
    Written {
        /// The block in whose place it stands; without one it follows what was written before.
        instead_of: Option<usize>,
        /// The words between `BEGIN ` and the closing dashes.
        label: String,
        /// The data, which may be a private key.
        der: Zeroizing<Vec<u8>>,
    },
}

impl Piece {
    /// A certificate behind what was written before.
    #[must_use]
    pub fn certificate(certificate: &Certificate) -> Self {
        let der = Zeroizing::new(certificate.der().to_vec());
        Self::Written { instead_of: None, label: "CERTIFICATE".to_owned(), der }
    }

    fn block(&self) -> Option<usize> {
        match self {
            Self::Kept(block) | Self::Rewritten { block, .. } => Some(*block),
            Self::Written { instead_of, .. } => *instead_of,
        }
    }

    fn der_len(&self) -> usize {
        if let Self::Written { der, .. } = self { der.len() } else { 0 }
    }
}

/// What is written besides the blocks, and how lines end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// Whether what stands around the blocks is left out.
    pub is_bare: bool,
    /// Whether all lines end in line feeds alone, whatever they ended in.
    pub ends_in_feeds: bool,
}

impl Manner {
    /// Text goes with its block, and lines end as they do.
    pub const AS_IT_IS: Self = Self { is_bare: false, ends_in_feeds: false };
}

/// Writes blocks of a reading in this order, and reads what comes of it.
///
/// The text in front of a block goes with it; the text behind the last one stays last. What is written is plain text without a byte
/// order mark; where all lines end in carriage returns alone they end in line feeds, else new lines end like the first that is there;
/// a `manner` may say otherwise.
///
/// # Errors
/// [`SourceError::TooLarge`] past the limit of a source.
pub fn rearranged(reading: &Reading, pieces: &[Piece], manner: Manner) -> Result<Reading, SourceError> {
    let text = reading.source().text();
    let has_returns = !manner.ends_in_feeds && text.windows(2).any(|pair| pair == b"\r\n");
    let line_end: &[u8] = if has_returns { b"\r\n" } else { b"\n" };
    // Room for all that may come: a vector that grows leaves copies of secrets behind.
    let read = reading.entries().iter().map(|entry| entry.block().der().map_or(0, <[u8]>::len));
    let room: usize = read.chain(pieces.iter().map(Piece::der_len)).map(|der| der * 2 + 512).sum();
    let mut writer = Writer {
        written: Zeroizing::new(Vec::with_capacity(text.len() * 2 + room)),
        line_end,
        has_feeds: text.contains(&b'\n'),
        manner,
    };
    for piece in pieces {
        let block = piece.block().and_then(|block| Some((block, reading.entries().get(block)?)));
        if let Some((block, _)) = block {
            writer.text(text_before(reading, block).of(text));
        }
        match (piece, block) {
            (Piece::Written { label, der, .. }, _) => writer.armor(label, der, &[]),
            (_, None) => {}
            (Piece::Rewritten { label, .. }, Some((_, entry))) if let Some(der) = entry.block().der() => {
                writer.armor(label, der, kept_headers(entry));
            }
            (_, Some((_, entry))) => writer.lines(entry.block().span().of(text)),
        }
    }
    writer.text(text_before(reading, reading.entries().len()).of(text));
    let source = Source::from_zeroizing(reading.source().name().to_owned(), writer.written)?;
    Ok(Reading::of(source))
}

fn kept_headers(entry: &Entry) -> &[Header] {
    if entry.is_private_key() { entry.block().headers() } else { &[] }
}

/// The text in front of a block, or behind the last one: without the rest of the line of the block before it, without the blanks the
/// block is indented by, and without what begins and ends the string around blocks whose lines end in letters.
fn text_before(reading: &Reading, block: usize) -> Span {
    let entries = reading.entries();
    let text = reading.source().text();
    let before = block.checked_sub(1).and_then(|before| entries.get(before)).map(Entry::block);
    let this = entries.get(block).map(Entry::block);
    let mut span = Span::new(
        before.map_or(0, |before| before.span().end()),
        this.map_or(text.len(), |this| this.span().start()),
    );
    if let Some(before) = before {
        let rest = if before.is_escaped() { rest_of_line } else { blank_rest_of_line };
        span = Span::new(span.start() + rest(span.of(text)), span.end());
    }
    if let Some(this) = this {
        let bytes = span.of(text);
        let line = bytes.iter().rposition(|byte| matches!(byte, b'\r' | b'\n')).map_or(0, |at| at + 1);
        let end = if this.is_escaped() { line } else { bytes.len() - indent(bytes) };
        span = Span::new(span.start(), span.start() + end);
    }
    span
}

/// The length of the blanks that a text ends with.
fn indent(text: &[u8]) -> usize {
    let mut rest = text;
    while let Some(len) = match rest {
        [.., b' ' | b'\t'] => Some(1),
        _ => blank::space_before(rest).map(|(_, len)| len),
    } {
        rest = &rest[..rest.len() - len];
    }
    text.len() - rest.len()
}

/// The length of the rest of a line and of its end.
fn rest_of_line(text: &[u8]) -> usize {
    let line = text.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(text.len());
    line + line_end_len(&text[line..])
}

/// The same if nothing but blanks stands there, else nothing.
fn blank_rest_of_line(text: &[u8]) -> usize {
    let mut blanks = 0;
    while let Some(len) = match &text[blanks..] {
        [b' ' | b'\t', ..] => Some(1),
        rest => blank::space(rest).map(|(_, len)| len),
    } {
        blanks += len;
    }
    match line_end_len(&text[blanks..]) {
        0 if blanks < text.len() => 0,
        line_end => blanks + line_end,
    }
}

fn line_end_len(text: &[u8]) -> usize {
    match text {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

struct Writer {
    written: Zeroizing<Vec<u8>>,
    line_end: &'static [u8],
    has_feeds: bool,
    manner: Manner,
}

impl Writer {
    /// What stands around blocks.
    fn text(&mut self, text: &[u8]) {
        if !self.manner.is_bare {
            self.lines(text);
        }
    }

    /// Text as it stands, its last line ended.
    fn lines(&mut self, text: &[u8]) {
        for (index, byte) in text.iter().enumerate() {
            match byte {
                b'\r' if !self.has_feeds => self.written.push(b'\n'),
                b'\r' if self.manner.ends_in_feeds && text.get(index + 1) == Some(&b'\n') => {}
                byte => self.written.push(*byte),
            }
        }
        if !text.is_empty() && !self.written.ends_with(b"\n") {
            self.written.extend_from_slice(self.line_end);
        }
    }

    fn armor(&mut self, label: &str, der: &[u8], headers: &[Header]) {
        let armored = armor(label, der);
        for (number, line) in armored.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).enumerate()
        {
            self.line(line);
            if number == 0 && !headers.is_empty() {
                for header in headers {
                    self.written.extend_from_slice(header.name.as_bytes());
                    self.written.extend_from_slice(b": ");
                    self.line(header.value.as_bytes());
                }
                self.line(b"");
            }
        }
    }

    fn line(&mut self, line: &[u8]) {
        self.written.extend_from_slice(line);
        self.written.extend_from_slice(self.line_end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Reading {
        Reading::of(Source::from_bytes("test", text.as_bytes().to_vec()).unwrap())
    }

    fn written(text: &str, pieces: &[Piece]) -> String {
        let after = rearranged(&read(text), pieces, Manner::AS_IT_IS).unwrap();
        assert!(after.entries().iter().all(|entry| entry.block().is_found_by_go()), "{text}");
        String::from_utf8(after.source().bytes().to_vec()).unwrap()
    }

    fn rewritten(block: usize, label: &str) -> Piece {
        Piece::Rewritten { block, label: label.to_owned() }
    }

    const TWO: &str =
        "one\n-----BEGIN A-----\nAAAA\n-----END A-----\ntwo\n-----BEGIN B-----\nBBBB\n-----END B-----\nend\n";

    #[test]
    fn what_is_kept_in_its_order_stays_as_it_was() {
        assert_eq!(written(TWO, &[Piece::Kept(0), Piece::Kept(1)]), TWO);
    }

    #[test]
    fn text_goes_with_the_block_behind_it() {
        insta::assert_snapshot!(written(TWO, &[Piece::Kept(1), Piece::Kept(0)]), @"
        two
        -----BEGIN B-----
        BBBB
        -----END B-----
        one
        -----BEGIN A-----
        AAAA
        -----END A-----
        end
        ");
        assert_eq!(written(TWO, &[Piece::Kept(1)]), "two\n-----BEGIN B-----\nBBBB\n-----END B-----\nend\n");
    }

    #[test]
    fn blocks_are_parted_and_moved_to_the_left() {
        let glued = "  -----BEGIN A-----\n  AAAA\n  -----END A-----x-----BEGIN B-----\nBBBB\n-----END B-----";
        assert_eq!(
            written(glued, &[rewritten(0, "A"), rewritten(1, "C")]),
            "-----BEGIN A-----\nAAAA\n-----END A-----\nx\n-----BEGIN C-----\nBBBB\n-----END C-----\n"
        );
    }

    #[test]
    fn something_else_is_written_in_place_of_a_block_or_behind_one() {
        let der = || Zeroizing::new(vec![0; 3]);
        let instead = Piece::Written { instead_of: Some(1), label: "C".to_owned(), der: der() };
        let behind = Piece::Written { instead_of: None, label: "D".to_owned(), der: der() };
        insta::assert_snapshot!(written(TWO, &[Piece::Kept(0), instead, behind]), @"
        one
        -----BEGIN A-----
        AAAA
        -----END A-----
        two
        -----BEGIN C-----
        AAAA
        -----END C-----
        -----BEGIN D-----
        AAAA
        -----END D-----
        end
        ");
    }

    #[test]
    fn lines_that_end_in_letters_are_lines_again() {
        let escaped =
            TWO.replace('\n', "\\n").replace("one\\n", "").replace("two\\n", "").replace("end\\n", "");
        for text in [escaped.clone(), format!("\"{escaped}\"\n"), escaped.replace("\\n", "\\\\r\\\\n")] {
            assert_eq!(
                written(&text, &[rewritten(0, "A"), rewritten(1, "B")]),
                "-----BEGIN A-----\nAAAA\n-----END A-----\n-----BEGIN B-----\nBBBB\n-----END B-----\n"
            );
        }
    }

    #[test]
    fn spaces_of_word_processors_go() {
        let text = "\u{a0}-----BEGIN\u{a0}A B-----\nAA\u{a0}AA\n-----END A\u{2009}B-----\u{a0}\n";
        assert_eq!(written(text, &[rewritten(0, "A B")]), "-----BEGIN A B-----\nAAAA\n-----END A B-----\n");
    }

    #[test]
    fn line_ends_are_those_of_the_text_unless_no_reader_knows_them() {
        let all = [rewritten(0, "A"), Piece::Kept(1)];
        assert_eq!(written(&TWO.replace('\n', "\r"), &all), TWO);
        assert_eq!(written(&TWO.replace('\n', "\r\n"), &all), TWO.replace('\n', "\r\n"));
        let utf16: Vec<u8> = format!("\u{feff}{TWO}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let reading = Reading::of(Source::from_bytes("test", utf16).unwrap());
        assert_eq!(
            rearranged(&reading, &[Piece::Kept(0), Piece::Kept(1)], Manner::AS_IT_IS)
                .unwrap()
                .source()
                .bytes(),
            TWO.as_bytes()
        );
    }

    #[test]
    fn a_manner_leaves_out_the_text_and_the_carriage_returns() {
        let text = TWO.replace('\n', "\r\n");
        let pieces = || [rewritten(0, "A"), Piece::Kept(1)];
        let written = |manner| {
            let after = rearranged(&read(&text), &pieces(), manner).unwrap();
            String::from_utf8(after.source().bytes().to_vec()).unwrap()
        };
        assert_eq!(written(Manner { ends_in_feeds: true, ..Manner::AS_IT_IS }), TWO);
        let bare = TWO.replace("one\n", "").replace("two\n", "").replace("end\n", "");
        assert_eq!(written(Manner { is_bare: true, ends_in_feeds: true }), bare);
        assert_eq!(written(Manner { is_bare: true, ..Manner::AS_IT_IS }), bare.replace('\n', "\r\n"));
    }

    #[test]
    fn headers_of_keys_stay_and_those_of_others_go() {
        let block = |label: &str| format!(" -----BEGIN {label}-----\nA:  b\n\nAAAA\n-----END {label}-----\n");
        assert_eq!(
            written(&block("RSA PRIVATE KEY"), &[rewritten(0, "RSA PRIVATE KEY")]),
            "-----BEGIN RSA PRIVATE KEY-----\nA: b\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"
        );
        assert_eq!(written(&block("X"), &[rewritten(0, "X")]), "-----BEGIN X-----\nAAAA\n-----END X-----\n");
    }
}
