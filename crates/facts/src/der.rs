//! A small reader and writer for the Distinguished Encoding Rules (X.690), enough for keys.
//!
//! Reading walks one level at a time over borrowed bytes: no recursion, no allocation, no copy of a secret.
//! It is as strict as DER asks about lengths and integers and says nothing about meaning. Certificates are
//! read elsewhere.

use std::fmt;

use zeroize::Zeroizing;

/// Universal tag of an INTEGER (X.690 §8.3).
pub(crate) const INTEGER: u8 = 0x02;
/// Universal tag of a BIT STRING (X.690 §8.6).
pub(crate) const BIT_STRING: u8 = 0x03;
/// Universal tag of an OCTET STRING (X.690 §8.7).
pub(crate) const OCTET_STRING: u8 = 0x04;
/// Universal tag of NULL (X.690 §8.8).
pub(crate) const NULL: u8 = 0x05;
/// Universal tag of an OBJECT IDENTIFIER (X.690 §8.19).
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
/// Universal tag of a SEQUENCE, constructed (X.690 §8.9).
pub(crate) const SEQUENCE: u8 = 0x30;
/// Universal tag of a SET, constructed (X.690 §8.11).
pub(crate) const SET: u8 = 0x31;
/// Context tag `[0]`, constructed.
pub(crate) const CONTEXT_0: u8 = 0xa0;
/// Context tag `[0]`, primitive.
pub(crate) const CONTEXT_0_PRIMITIVE: u8 = 0x80;
/// Context tag `[1]`, constructed.
pub(crate) const CONTEXT_1: u8 = 0xa1;
/// Context tag `[1]`, primitive.
pub(crate) const CONTEXT_1_PRIMITIVE: u8 = 0x81;

/// Most bytes the long form of a length may take: contents of up to 4 GiB.
const LENGTH_BYTES_MAX: usize = 4;

/// Why bytes are not the DER that was asked for. Never carries contents, which may be secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DerDefect {
    /// A BIT STRING without its count of unused bits, or with some unused bits where whole octets are due.
    BitString,
    /// A length in the indefinite form, which BER has and DER has not.
    IndefiniteLength,
    /// An INTEGER without octets, or with a redundant first one (X.690 §8.3.2).
    Integer,
    /// A length written in more octets than it needs (X.690 §10.1).
    LengthNotMinimal,
    /// A length of more than [`LENGTH_BYTES_MAX`] octets.
    LengthTooLong,
    /// A tag number above 30, which nothing here uses.
    MultiByteTag,
    /// An INTEGER below zero where a magnitude is due.
    NegativeInteger,
    /// An OBJECT IDENTIFIER that ends inside an arc, pads one, or has one above 64 bits.
    ObjectIdentifier,
    /// Bytes after the end of the outermost value.
    Trailing {
        /// How many.
        count: usize,
    },
    /// The bytes end before the value does.
    Truncated,
    /// A value of another type than the one due.
    UnexpectedTag {
        /// The tag that was due.
        due: u8,
    },
}

impl fmt::Display for DerDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::BitString => "a BIT STRING is malformed",
            Self::IndefiniteLength => "a length is indefinite, which DER forbids",
            Self::Integer => "an INTEGER is empty or padded",
            Self::LengthNotMinimal => "a length is padded",
            Self::LengthTooLong => "a length has more than 4 bytes",
            Self::MultiByteTag => "a tag number is above 30",
            Self::NegativeInteger => "an INTEGER is negative",
            Self::ObjectIdentifier => "an OBJECT IDENTIFIER is malformed",
            Self::Trailing { count: 1 } => "1 byte follows the end of the key",
            Self::Trailing { count } => return write!(f, "{count} bytes follow the end of the key"),
            Self::Truncated => "the data is cut off inside a value",
            Self::UnexpectedTag { due } => {
                return match tag_name(*due) {
                    Some(name) => write!(f, "something else stands where {name} is due"),
                    None => write!(f, "something else stands where the tag 0x{due:02x} is due"),
                };
            }
        };
        f.write_str(text)
    }
}

fn tag_name(tag: u8) -> Option<&'static str> {
    Some(match tag {
        INTEGER => "an INTEGER",
        BIT_STRING => "a BIT STRING",
        OCTET_STRING => "an OCTET STRING",
        NULL => "a NULL",
        OBJECT_IDENTIFIER => "an OBJECT IDENTIFIER",
        SEQUENCE => "a SEQUENCE",
        _ => return None,
    })
}

/// One tag-length-value.
#[derive(Clone, Copy)]
pub(crate) struct Tlv<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
}

impl<'a> Tlv<'a> {
    /// The identifier octet, class and constructed bit included.
    pub(crate) fn tag(self) -> u8 {
        self.tag
    }

    /// The contents octets.
    pub(crate) fn content(self) -> &'a [u8] {
        self.content
    }

    /// The value with its tag and length.
    pub(crate) fn whole(self) -> &'a [u8] {
        self.whole
    }

    /// Walks the values inside this one.
    pub(crate) fn walk(self) -> Walk<'a> {
        Walk::over(self.content)
    }

    /// An INTEGER's magnitude, big-endian without leading zeros; empty for zero.
    pub(crate) fn magnitude(self) -> Result<&'a [u8], DerDefect> {
        self.due(INTEGER)?;
        match self.content {
            [] => Err(DerDefect::Integer),
            [0] => Ok(&[]),
            [0, next, ..] if *next < 0x80 => Err(DerDefect::Integer),
            [0xff, next, ..] if *next >= 0x80 => Err(DerDefect::Integer),
            [0, rest @ ..] => Ok(rest),
            [first, ..] if *first >= 0x80 => Err(DerDefect::NegativeInteger),
            magnitude => Ok(magnitude),
        }
    }

    /// An INTEGER that fits 64 bits.
    pub(crate) fn small(self) -> Result<u64, DerDefect> {
        let magnitude = self.magnitude()?;
        if magnitude.len() > 8 {
            return Err(DerDefect::Integer);
        }
        Ok(magnitude.iter().fold(0, |value, byte| (value << 8) | u64::from(*byte)))
    }

    /// A BIT STRING that holds whole octets: those octets.
    pub(crate) fn bit_string_octets(self) -> Result<&'a [u8], DerDefect> {
        self.due(BIT_STRING)?;
        octets_of_bits(self.content)
    }

    /// An OBJECT IDENTIFIER in dotted form.
    pub(crate) fn dotted(self) -> Result<String, DerDefect> {
        self.due(OBJECT_IDENTIFIER)?;
        dotted(self.content)
    }

    fn due(self, tag: u8) -> Result<(), DerDefect> {
        if self.tag == tag { Ok(()) } else { Err(DerDefect::UnexpectedTag { due: tag }) }
    }
}

/// The octets of a BIT STRING's contents, whose first octet counts unused bits: none, here.
pub(crate) fn octets_of_bits(content: &[u8]) -> Result<&[u8], DerDefect> {
    match content {
        [0, octets @ ..] => Ok(octets),
        _ => Err(DerDefect::BitString),
    }
}

/// The contents octets of an OBJECT IDENTIFIER in dotted form (X.690 §8.19).
fn dotted(content: &[u8]) -> Result<String, DerDefect> {
    let mut text = String::new();
    let mut arc: u64 = 0;
    let mut inside = false;
    for byte in content {
        if !inside && *byte == 0x80 {
            return Err(DerDefect::ObjectIdentifier);
        }
        arc = arc.checked_mul(0x80).ok_or(DerDefect::ObjectIdentifier)? | u64::from(byte & 0x7f);
        inside = byte & 0x80 != 0;
        if inside {
            continue;
        }
        if text.is_empty() {
            let first = (arc / 40).min(2);
            text = format!("{first}.{}", arc - first * 40);
        } else {
            text.push('.');
            text.push_str(&arc.to_string());
        }
        arc = 0;
    }
    if inside || text.is_empty() { Err(DerDefect::ObjectIdentifier) } else { Ok(text) }
}

/// Values one after the other.
#[derive(Clone)]
pub(crate) struct Walk<'a> {
    rest: &'a [u8],
}

impl<'a> Walk<'a> {
    /// Starts before the first value of `bytes`.
    pub(crate) fn over(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The one SEQUENCE that `bytes` are, with nothing after it.
    pub(crate) fn only_sequence(bytes: &'a [u8]) -> Result<Self, DerDefect> {
        let mut outer = Self::over(bytes);
        let sequence = outer.due(SEQUENCE)?;
        outer.end()?;
        Ok(sequence.walk())
    }

    /// The next value, of any type.
    pub(crate) fn any(&mut self) -> Result<Tlv<'a>, DerDefect> {
        let [tag, after_tag @ ..] = self.rest else {
            return Err(DerDefect::Truncated);
        };
        if tag & 0x1f == 0x1f {
            return Err(DerDefect::MultiByteTag);
        }
        let (length, after_length) = length(after_tag)?;
        let (content, rest) = after_length.split_at_checked(length).ok_or(DerDefect::Truncated)?;
        let (whole, _) = self.rest.split_at(self.rest.len() - rest.len());
        self.rest = rest;
        Ok(Tlv { tag: *tag, content, whole })
    }

    /// The next value, which must have this tag.
    pub(crate) fn due(&mut self, tag: u8) -> Result<Tlv<'a>, DerDefect> {
        let before = self.rest;
        let value = self.any()?;
        value.due(tag).inspect_err(|_| self.rest = before)?;
        Ok(value)
    }

    /// The next value if it has this tag; otherwise nothing is taken.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, DerDefect> {
        if self.next_tag() == Some(tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// The tag of the next value.
    pub(crate) fn next_tag(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Refuses bytes left over.
    pub(crate) fn end(&self) -> Result<(), DerDefect> {
        if self.rest.is_empty() { Ok(()) } else { Err(DerDefect::Trailing { count: self.rest.len() }) }
    }
}

/// A length and the bytes after it (X.690 §8.1.3, §10.1).
fn length(bytes: &[u8]) -> Result<(usize, &[u8]), DerDefect> {
    let [first, rest @ ..] = bytes else {
        return Err(DerDefect::Truncated);
    };
    let count = match usize::from(*first) {
        short @ ..0x80 => return Ok((short, rest)),
        0x80 => return Err(DerDefect::IndefiniteLength),
        long => long - 0x80,
    };
    if count > LENGTH_BYTES_MAX {
        return Err(DerDefect::LengthTooLong);
    }
    let (octets, rest) = rest.split_at_checked(count).ok_or(DerDefect::Truncated)?;
    let value = octets.iter().fold(0_u64, |value, octet| (value << 8) | u64::from(*octet));
    if value < 0x80 || octets.first() == Some(&0) {
        return Err(DerDefect::LengthNotMinimal);
    }
    Ok((usize::try_from(value).map_err(|_| DerDefect::LengthTooLong)?, rest))
}

/// How many bytes are missing at the end of the first value; `None` where it is whole, or no value at all.
pub(crate) fn missing_bytes(bytes: &[u8]) -> Option<usize> {
    let (length, rest) = length(bytes.get(1..)?).ok()?;
    length.checked_sub(rest.len()).filter(|missing| *missing > 0)
}

/// Writes one value: `tag`, the length, and the `parts` one after the other. For public bytes only: nothing
/// is wiped.
pub(crate) fn write(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = header(tag, length);
    out.reserve_exact(length);
    parts.iter().for_each(|part| out.extend_from_slice(part));
    out
}

/// Writes one value that may be secret.
pub(crate) fn write_secret(tag: u8, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let header = header(tag, length);
    let mut out = Zeroizing::new(Vec::with_capacity(header.len() + length));
    out.extend_from_slice(&header);
    parts.iter().for_each(|part| out.extend_from_slice(part));
    out
}

/// A tag, and the length of what is to follow it.
pub(crate) fn header(tag: u8, length: usize) -> Vec<u8> {
    let octets = length.to_be_bytes();
    let significant = trimmed(&octets);
    let mut out = Vec::with_capacity(2 + significant.len());
    out.push(tag);
    match (u8::try_from(length), u8::try_from(significant.len())) {
        (Ok(short), _) if short < 0x80 => out.push(short),
        // A usize has at most sixteen octets.
        (_, count) => {
            out.push(0x80 | count.unwrap_or(0));
            out.extend_from_slice(significant);
        }
    }
    out
}

/// Writes an INTEGER that is not negative, from its big-endian magnitude, leading zeros or not.
pub(crate) fn write_unsigned(magnitude: &[u8]) -> Vec<u8> {
    let magnitude = trimmed(magnitude);
    match magnitude.first() {
        Some(first) if *first < 0x80 => write(INTEGER, &[magnitude]),
        _ => write(INTEGER, &[&[0], magnitude]),
    }
}

/// Writes a BIT STRING of whole octets.
pub(crate) fn write_bits(octets: &[u8]) -> Vec<u8> {
    write(BIT_STRING, &[&[0], octets])
}

/// `bytes` without leading zeros.
pub(crate) fn trimmed(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
