//! Which blocks a reader with the rules of Go's `encoding/pem` finds.
//!
//! Its rules, in words: a BEGIN line starts at the start of the input or behind a line feed, and only white space
//! may follow its closing hyphens. Lines with a colon are headers. The data runs to the next `\n-----END ` (or to an
//! END line that follows at once where there is no header), whose label and hyphens must fit and stand alone.
//! Spaces, tabs, carriage returns and line feeds are dropped from the data; it must then be base64 with padding.
//! What fails is skipped silently, and the search goes on behind the BEGIN line that failed.

use base64::Engine;
use memchr::memchr;
use zeroize::Zeroizing;

use super::body::BASE64;
use crate::span::Span;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const HYPHENS: &[u8] = b"-----";

/// Offsets of the BEGIN lines of the blocks found, ascending. Data in `plain`, ascending too, is known to decode.
pub(super) fn find_all(bytes: &[u8], plain: &[Span]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut ends = Ends { bytes, next: 0 };
    while let Some(begin) = next_begin(bytes, at) {
        match read_block(bytes, begin, &mut ends, plain) {
            Some(next) => {
                found.push(begin);
                at = next;
            }
            // The line feed before the next BEGIN may be the one that ends this line.
            None => at = line_end(bytes, begin),
        }
    }
    found
}

/// The next END line behind a place; remembered, since many BEGIN lines may share one.
struct Ends<'a> {
    bytes: &'a [u8],
    next: usize,
}

impl Ends<'_> {
    /// Where `-----END ` starts a line behind the line feed at or after `from`.
    fn after(&mut self, from: usize) -> Option<usize> {
        if self.next <= from {
            let mut at = from;
            self.next = loop {
                let Some(feed) = memchr(b'\n', &self.bytes[at..]) else {
                    break self.bytes.len();
                };
                at += feed + 1;
                if self.bytes[at..].starts_with(END) {
                    break at;
                }
            };
        }
        Some(self.next).filter(|next| *next < self.bytes.len())
    }
}

fn next_begin(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    if at == 0 && bytes.starts_with(BEGIN) {
        return Some(0);
    }
    loop {
        at += memchr(b'\n', bytes.get(at..)?)? + 1;
        if bytes[at..].starts_with(BEGIN) {
            return Some(at);
        }
    }
}

/// Where the search goes on behind the block, or `None` where it does not decode.
fn read_block(bytes: &[u8], begin: usize, ends: &mut Ends<'_>, plain: &[Span]) -> Option<usize> {
    let label_start = begin + BEGIN.len();
    let (line, mut at) = line(bytes, label_start);
    let label = line.strip_suffix(HYPHENS)?;
    let mut has_headers = false;
    loop {
        if at >= bytes.len() {
            return None;
        }
        let (line, next) = self::line(bytes, at);
        if !line.contains(&b':') {
            break;
        }
        has_headers = true;
        at = next;
    }
    let end = if !has_headers && bytes[at..].starts_with(END) { at } else { ends.after(at)? };
    let trailer = bytes[end + END.len()..].strip_prefix(label)?.strip_prefix(HYPHENS)?;
    let (rest, _) = self::line(trailer, 0);
    if !rest.is_empty() {
        return None;
    }
    if plain.binary_search_by_key(&end, |known| known.end()).is_ok_and(|known| plain[known].start() <= at) {
        return Some(line_end(bytes, end));
    }
    let data = &bytes[at..end];
    if data.contains(&b'-') {
        return None;
    }
    let mut symbols = Zeroizing::new(Vec::with_capacity(data.len()));
    symbols.extend(data.iter().filter(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')));
    let mut decoded = Zeroizing::new(vec![0; symbols.len() / 4 * 3 + 3]);
    BASE64.decode_slice(&*symbols, &mut decoded).ok()?;
    Some(line_end(bytes, end))
}

/// A line without its end and without trailing blanks, and where the next one starts.
fn line(bytes: &[u8], start: usize) -> (&[u8], usize) {
    let end = line_end(bytes, start);
    let mut line = &bytes[start..end];
    if end < bytes.len() {
        line = line.strip_suffix(b"\r").unwrap_or(line);
    }
    while let [head @ .., b' ' | b'\t'] = line {
        line = head;
    }
    (line, (end + 1).min(bytes.len()))
}

fn line_end(bytes: &[u8], start: usize) -> usize {
    start + memchr(b'\n', &bytes[start..]).unwrap_or(bytes.len() - start)
}
