//! PEM (RFC 7468, RFC 1421 headers): every block with its place, the broken ones too.
//!
//! Reading is lenient: a block is found behind indentation, with wrong dashes, glued to its neighbour or without
//! an END line, and each such fault becomes a [`Defect`]. Whether a strict reader would have found the same block
//! is a separate fact, [`Block::is_found_by_go`].

mod body;
mod boundary;
mod go;

use zeroize::Zeroizing;

use crate::blank;
use crate::defect::{Defect, DefectKind};
use crate::source::{Encoding, Source};
use crate::span::Span;
use boundary::{Boundary, Edge};

/// The most blocks read from one source: three times those of a file with every public root.
pub const BLOCKS_MAX: usize = 512;

/// One `-----BEGIN …-----` to `-----END …-----`.
pub struct Block {
    label: String,
    span: Span,
    begin: Span,
    headers: Vec<Header>,
    der: Option<Zeroizing<Vec<u8>>>,
    defects: Vec<Defect>,
    /// The first line end in it that is written in letters.
    escape: Option<Span>,
    found_by_go: bool,
}

/// A `name: value` line between BEGIN and the data (RFC 1421 §4.6; RFC 7468 §2 knows none).
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    /// What stands before the colon.
    pub name: String,
    /// What stands after it, white space trimmed.
    pub value: String,
    /// The line.
    pub span: Span,
}

impl std::fmt::Debug for Header {
    /// The name alone: the value may be anything.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Header").field("name", &self.name).finish_non_exhaustive()
    }
}

/// All blocks of one source, in order, and what is wrong outside them.
pub(crate) struct Document {
    pub(crate) blocks: Vec<Block>,
    pub(crate) defects: Vec<Defect>,
}

impl Block {
    /// The words between `BEGIN ` and the closing dashes, such as `CERTIFICATE`.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// From the first dash of the BEGIN line to the last of the END line, or to where the block breaks off.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The BEGIN line's boundary: from its first dash to its last.
    #[must_use]
    pub fn begin(&self) -> Span {
        self.begin
    }

    /// Header lines, in order.
    #[must_use]
    pub fn headers(&self) -> &[Header] {
        &self.headers
    }

    /// The decoded data; `None` where the base64 cannot be decoded. May be a secret.
    #[must_use]
    pub fn der(&self) -> Option<&[u8]> {
        self.der.as_ref().map(|der| der.as_slice())
    }

    /// What is wrong with the block as text.
    #[must_use]
    pub fn defects(&self) -> &[Defect] {
        &self.defects
    }

    /// Whether its lines end in a backslash and a letter.
    pub(crate) fn is_escaped(&self) -> bool {
        self.escape.is_some()
    }

    /// Whether a reader with the rules of Go's `encoding/pem` finds and decodes this very block.
    ///
    /// Such readers skip what they cannot decode without a word; servers written in Go share them.
    #[must_use]
    pub fn is_found_by_go(&self) -> bool {
        self.found_by_go
    }
}

impl Document {
    pub(crate) fn read(source: &Source) -> Self {
        let text = source.text();
        let document = Self { blocks: Vec::new(), defects: Vec::new() };
        let mut scan = Scan { text, document, plain: Vec::new(), open: None };
        for boundary in boundary::find_all(text) {
            if scan.document.blocks.len().max(scan.document.defects.len()) >= BLOCKS_MAX {
                let kind = DefectKind::BlocksOverLimit { blocks_max: BLOCKS_MAX };
                scan.document.defects.push(Defect { kind, span: boundary.span });
                scan.open = None;
                break;
            }
            match boundary.edge {
                Edge::Begin => scan.begin(boundary),
                Edge::End => scan.end(boundary),
            }
        }
        if let Some(open) = scan.open.take() {
            scan.close_without_end(open, text.len());
        }
        let Scan { mut document, plain, .. } = scan;
        // What is no PEM at all may be DER, where such bytes mean nothing.
        if !document.blocks.is_empty() {
            let escapes = line_ends_escaped(text, &document.blocks);
            document.defects.splice(..0, encoding_defects(source).into_iter().chain(escapes));
        }
        document.mark_found_by_go(source, &plain);
        document
    }

    /// Where blocks are passed over in text without any fault found so far, they have one of their own.
    ///
    /// What stands in `plain` is known to decode.
    fn mark_found_by_go(&mut self, source: &Source, plain: &[Span]) {
        let plain = if source.encoding() == Encoding::Plain { plain } else { &[] };
        let found = go::find_all(source.bytes(), plain);
        let is_faultless =
            self.defects.is_empty() && self.blocks.iter().all(|block| block.defects.is_empty());
        for block in &mut self.blocks {
            let offset = source.original_offset(block.begin.start());
            block.found_by_go = found.binary_search(&offset).is_ok();
            if !block.found_by_go && is_faultless {
                block.defects.push(Defect { kind: DefectKind::BlockHidden, span: block.begin });
            }
        }
    }
}

struct Scan<'a> {
    text: &'a [u8],
    document: Document,
    /// Where data stands that decodes without more ado, ascending.
    plain: Vec<Span>,
    open: Option<Boundary>,
}

impl Scan<'_> {
    fn begin(&mut self, begin: Boundary) {
        if let Some(open) = self.open.replace(begin) {
            let break_off = self.open.as_ref().map_or(self.text.len(), |begin| begin.span.start());
            self.close_without_end(open, break_off);
        }
    }

    fn end(&mut self, end: Boundary) {
        let Some(begin) = self.open.take() else {
            self.document.defects.push(Defect { kind: DefectKind::EndStray, span: end.span });
            return;
        };
        let mut defects = begin.defects;
        let body = body::read(self.text, Span::new(begin.span.end(), end.span.start()));
        if body.is_empty {
            defects.push(Defect { kind: DefectKind::BlockEmpty, span: begin.span });
        }
        self.plain.extend(body.plain);
        defects.extend(body.defects);
        defects.extend(end.defects);
        if begin.label != end.label {
            let kind = DefectKind::EndLabel { begin: begin.label.clone(), end: end.label };
            defects.push(Defect { kind, span: end.span });
        }
        self.document.blocks.push(Block {
            label: begin.label,
            span: Span::new(begin.span.start(), end.span.end()),
            begin: begin.span,
            headers: body.headers,
            der: body.der,
            defects,
            escape: body.escape,
            found_by_go: false,
        });
    }

    /// The data up to where the block breaks off is still worth reading: often only the END line is lost.
    fn close_without_end(&mut self, begin: Boundary, break_off: usize) {
        let body = body::read(self.text, Span::new(begin.span.end(), break_off));
        let mut defects = begin.defects;
        defects.push(Defect { kind: DefectKind::EndMissing, span: begin.span });
        let trimmed = Span::new(begin.span.end(), break_off).of(self.text).trim_ascii_end().len();
        self.document.blocks.push(Block {
            label: begin.label,
            span: Span::new(begin.span.start(), begin.span.end() + trimmed),
            begin: begin.span,
            headers: body.headers,
            der: body.der,
            defects,
            escape: body.escape,
            found_by_go: false,
        });
    }
}

fn encoding_defects(source: &Source) -> Vec<Defect> {
    let mut defects = Vec::new();
    let text = source.text();
    let first_line = source_start(text);
    match source.encoding() {
        Encoding::Plain => {}
        Encoding::Utf16Be | Encoding::Utf16Le => {
            defects.push(Defect { kind: DefectKind::Utf16, span: first_line })
        }
        Encoding::Utf8WithMark => defects.push(Defect { kind: DefectKind::ByteOrderMark, span: first_line }),
    }
    if text.contains(&b'\r') && !text.contains(&b'\n') {
        defects.push(Defect { kind: DefectKind::CarriageReturns, span: first_line });
    }
    defects
}

/// Where lines first end in letters, if they do.
fn line_ends_escaped(text: &[u8], blocks: &[Block]) -> Option<Defect> {
    let span = blocks.iter().find_map(|block| block.escape)?;
    let mut is_embedded = false;
    let mut start = 0;
    let mut is_behind_escaped = false;
    let ends = blocks.iter().map(|block| (block.span, block.is_escaped()));
    for (next, is_escaped) in ends.chain([(Span::new(text.len(), text.len()), false)]) {
        let between = Span::new(start, next.start()).of(text);
        let mut lines = between.split(|byte| *byte == b'\n');
        let first = lines.next().unwrap_or_default();
        let last = lines.next_back().unwrap_or(first);
        is_embedded |= is_behind_escaped && !is_wrapping(first) || is_escaped && !is_wrapping(last);
        (start, is_behind_escaped) = (next.end(), is_escaped);
    }
    Some(Defect { kind: DefectKind::LineEndsEscaped { is_embedded }, span })
}

/// Whether nothing is there but what a string begins and ends with.
fn is_wrapping(mut text: &[u8]) -> bool {
    while let [first, rest @ ..] = text {
        text = match first {
            b' ' | b'\t' | b'\r' | b'"' | b'\'' | b',' => rest,
            _ => match blank::escape(text) {
                Some(len) => &text[len..],
                None => return false,
            },
        };
    }
    true
}

fn source_start(text: &[u8]) -> Span {
    Span::new(0, text.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests;
