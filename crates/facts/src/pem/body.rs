//! What stands between BEGIN and END: headers, then base64.

use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use memchr::memchr_iter;
use zeroize::Zeroizing;

use super::Header;
use crate::blank;
use crate::defect::{Defect, DefectKind};
use crate::span::Span;

/// Padding is asked for; stray bits in the last symbol are let pass, as Go and OpenSSL do.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

pub(super) struct Body {
    pub(super) headers: Vec<Header>,
    pub(super) der: Option<Zeroizing<Vec<u8>>>,
    pub(super) is_empty: bool,
    /// The first line end that is written in letters.
    pub(super) escape: Option<Span>,
    /// Where the data stands, if it decodes line by line and every reader would read it so.
    pub(super) plain: Option<Span>,
    pub(super) defects: Vec<Defect>,
}

pub(super) fn read(text: &[u8], body: Span) -> Body {
    let mut escape = blank::escape(body.of(text)).map(|len| Span::new(body.start(), body.start() + len));
    let (headers, data) = read_headers(text, body, escape.is_some());
    let bytes = data.of(text);
    if let Some(der) = decoded_by_lines(bytes) {
        let (der, plain) = (Some(der), Some(data));
        return Body { headers, der, is_empty: false, escape, plain, defects: Vec::new() };
    }
    let mut symbols = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut odd_space = None;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let blank = Blank::of(&bytes[at..]);
        let len = blank.as_ref().map_or(1, |blank| blank.len);
        let span = Span::new(data.start() + at, data.start() + at + len);
        match blank.map(|blank| blank.kind) {
            None => symbols.push(*byte),
            Some(BlankKind::Odd(symbol)) => {
                let kind = DefectKind::SpaceUnsupported { symbol };
                odd_space.get_or_insert(Defect { kind, span });
            }
            Some(BlankKind::Escape) => drop(escape.get_or_insert(span)),
            Some(BlankKind::White) => {}
        }
        at += len;
    }
    let mut der = Zeroizing::new(vec![0; symbols.len() / 4 * 3 + 3]);
    let is_empty = symbols.is_empty();
    let mut read = Body { headers, der: None, is_empty, escape, plain: None, defects: Vec::new() };
    if read.is_empty {
        return read;
    }
    match BASE64.decode_slice(&*symbols, &mut der) {
        Ok(length) => {
            der.truncate(length);
            read.der = Some(der);
            read.defects.extend(odd_space);
        }
        Err(_) => read.defects.push(locate_fault(text, data, symbols.len())),
    }
    read
}

/// The data where each line is whole quads of base64 and nothing else, as nearly all that is written by programs.
fn decoded_by_lines(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut der = Zeroizing::new(vec![0; bytes.len() / 4 * 3 + 3]);
    let mut length = 0;
    let mut is_padded = false;
    let mut start = 0;
    for end in memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        let line = &bytes[start..end];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        start = end + 1;
        if line.is_empty() {
            continue;
        }
        if is_padded || !line.len().is_multiple_of(4) {
            return None;
        }
        length += BASE64.decode_slice(line, &mut der[length..]).ok()?;
        is_padded = line.ends_with(b"=");
    }
    der.truncate(length);
    (length > 0).then_some(der)
}

/// What stands between symbols and counts as none.
struct Blank {
    len: usize,
    kind: BlankKind,
}

enum BlankKind {
    /// White space that readers of PEM pass over (RFC 7468 §3, `WSP` and line ends).
    White,
    /// A line end in letters, or the backslash that strings put in front of a slash.
    Escape,
    /// A space beyond ASCII.
    Odd(char),
}

impl Blank {
    fn of(bytes: &[u8]) -> Option<Self> {
        let (len, kind) = match bytes {
            [b' ' | b'\t' | b'\r' | b'\n' | 0x0B | 0x0C, ..] => (1, BlankKind::White),
            [b'\\', b'/', ..] => (1, BlankKind::Escape),
            [b'\\', ..] => (blank::escape(bytes)?, BlankKind::Escape),
            _ => blank::space(bytes).map(|(symbol, len)| (len, BlankKind::Odd(symbol)))?,
        };
        Some(Self { len, kind })
    }
}

/// The most header lines read; those behind count as data.
const HEADERS_MAX: usize = 64;

/// Lines with a colon at the head of the block. Nothing is unfolded: what stands on a line without a colon is data,
/// to Go as well, and may be a secret.
fn read_headers(text: &[u8], body: Span, is_escaped: bool) -> (Vec<Header>, Span) {
    let mut headers: Vec<Header> = Vec::new();
    let mut at = body.start();
    while at < body.end() && headers.len() < HEADERS_MAX {
        let rest = Span::new(at, body.end()).of(text);
        let ends = |at: usize| match rest[at] {
            b'\r' | b'\n' => true,
            b'\\' => is_escaped && blank::escape(&rest[at..]).is_some(),
            _ => false,
        };
        let line_len = (0..rest.len()).find(|at| ends(*at)).unwrap_or(rest.len());
        let line = String::from_utf8_lossy(&rest[..line_len]);
        let is_rest_of_begin = at == body.start() && line.trim().is_empty();
        match line.split_once(':') {
            Some((name, value)) => {
                let span = Span::new(at, at + line_len);
                headers.push(Header { name: name.trim().to_owned(), value: value.trim().to_owned(), span });
            }
            None if is_rest_of_begin => {}
            None => break,
        }
        at += line_len + line_break_len(&rest[line_len..]);
    }
    (headers, Span::new(at.min(body.end()), body.end()))
}

fn line_break_len(text: &[u8]) -> usize {
    match text {
        [b'\r', b'\n', ..] => 2,
        [b'\\', ..] => blank::escape(text).unwrap_or(1),
        [_, ..] => 1,
        [] => 0,
    }
}

/// Finds what the decoder refused: the first wrong symbol, else a padding sign out of place, else the length.
fn locate_fault(text: &[u8], data: Span, symbols: usize) -> Defect {
    let bytes = data.of(text);
    let mut padding = None;
    let mut last = 0;
    let mut next = 0;
    for (index, byte) in bytes.iter().enumerate() {
        if index < next {
            continue;
        }
        // Where the rest does not decode, an odd space may stand for a symbol.
        match Blank::of(&bytes[index..]) {
            None | Some(Blank { kind: BlankKind::Odd(_), .. }) => {}
            Some(blank) => {
                next = index + blank.len;
                continue;
            }
        }
        match byte {
            b'=' => padding = padding.or(Some(index)),
            byte if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/') => {
                if let Some(padding) = padding {
                    let start = data.start() + padding;
                    return Defect { kind: DefectKind::Base64Padding, span: Span::new(start, start + 1) };
                }
            }
            _ => {
                let (symbol, len) = first_character(&bytes[index..]);
                let start = data.start() + index;
                return Defect {
                    kind: DefectKind::Base64Symbol { symbol },
                    span: Span::new(start, start + len),
                };
            }
        }
        last = index;
    }
    let surplus = padding.filter(|_| symbols.is_multiple_of(4) || bytes[..=last].ends_with(b"==="));
    let (kind, start) = match surplus {
        Some(padding) => (DefectKind::Base64Padding, data.start() + padding),
        None => (DefectKind::Base64Length { symbols }, data.start() + last),
    };
    Defect { kind, span: Span::new(start, start + 1) }
}

/// The first character and its bytes; a byte that is no UTF-8 stands for itself as in Latin-1.
fn first_character(bytes: &[u8]) -> (char, usize) {
    let head = &bytes[..bytes.len().min(4)];
    let valid = head.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    match valid.chars().next() {
        Some(symbol) => (symbol, symbol.len_utf8()),
        None => (head.first().map_or('\0', |byte| char::from(*byte)), 1),
    }
}
