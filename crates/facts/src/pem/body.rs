//! What stands between BEGIN and END: headers, then base64.

use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::Header;
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
    pub(super) defects: Vec<Defect>,
}

pub(super) fn read(text: &[u8], body: Span) -> Body {
    let (headers, data) = read_headers(text, body);
    let bytes = data.of(text);
    let mut symbols = Zeroizing::new(Vec::with_capacity(bytes.len()));
    symbols.extend(bytes.iter().filter(|byte| !is_space(**byte)));
    let mut der = Zeroizing::new(vec![0; symbols.len() / 4 * 3 + 3]);
    let mut read = Body { headers, der: None, is_empty: symbols.is_empty(), defects: Vec::new() };
    if read.is_empty {
        return read;
    }
    match BASE64.decode_slice(&*symbols, &mut der) {
        Ok(length) => {
            der.truncate(length);
            read.der = Some(der);
        }
        Err(_) => read.defects.push(locate_fault(text, data, symbols.len())),
    }
    read
}

/// White space that readers of PEM pass over (RFC 7468 §3, `WSP` and line ends).
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x0B | 0x0C)
}

/// The most header lines read; those behind count as data.
const HEADERS_MAX: usize = 64;

/// Lines with a colon at the head of the block. Nothing is unfolded: what stands on a line without a colon is data,
/// to Go as well, and may be a secret.
fn read_headers(text: &[u8], body: Span) -> (Vec<Header>, Span) {
    let mut headers: Vec<Header> = Vec::new();
    let mut at = body.start();
    while at < body.end() && headers.len() < HEADERS_MAX {
        let rest = Span::new(at, body.end()).of(text);
        let line_len = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
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
        [_, ..] => 1,
        [] => 0,
    }
}

/// Finds what the decoder refused: the first wrong symbol, else a padding sign out of place, else the length.
fn locate_fault(text: &[u8], data: Span, symbols: usize) -> Defect {
    let bytes = data.of(text);
    let mut padding = None;
    let mut last = 0;
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            byte if is_space(*byte) => continue,
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
