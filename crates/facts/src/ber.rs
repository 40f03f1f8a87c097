//! The Basic Encoding Rules (X.690 §8) turned into what [`Walk`](crate::der::Walk) reads: every length definite and as
//! short as it goes, every OCTET STRING in one piece.
//!
//! What is DER already comes out as it went in, so that signed parts keep their bytes.

use zeroize::Zeroizing;

use crate::container::ContainerFault;
use crate::der::{OCTET_STRING, header};

/// How deep values may lie in each other: PKCS #12 needs about ten levels, and names in certificates six more.
pub(crate) const DEPTH_MAX: usize = 32;

/// An OCTET STRING in pieces.
const OCTET_STRING_CONSTRUCTED: u8 = 0x24;
/// The bit of a tag that says that values lie inside.
const CONSTRUCTED: u8 = 0x20;

/// The first value of `bytes`, and what stands behind it.
pub(crate) fn first_value(bytes: &[u8]) -> Result<(Zeroizing<Vec<u8>>, &[u8]), ContainerFault> {
    value(bytes, 0)
}

fn value(bytes: &[u8], depth: usize) -> Result<(Zeroizing<Vec<u8>>, &[u8]), ContainerFault> {
    if depth == DEPTH_MAX {
        return Err(ContainerFault::OverLimit {
            reason: format!("values lie deeper than {DEPTH_MAX} levels"),
        });
    }
    let [tag, rest @ ..] = bytes else { return Err(cut_off()) };
    if tag & 0x1f == 0x1f {
        return Err(ContainerFault::malformed("a tag number is above 30"));
    }
    let (length, rest) = length(rest)?;
    let is_constructed = tag & CONSTRUCTED != 0;
    match length {
        Some(length) => {
            let (content, rest) = rest.split_at_checked(length).ok_or_else(cut_off)?;
            if !is_constructed {
                return Ok((whole(*tag, content), rest));
            }
            let (content, _) = values(*tag, content, false, depth)?;
            Ok((merged(*tag, &content), rest))
        }
        None if is_constructed => {
            let (content, rest) = values(*tag, rest, true, depth)?;
            Ok((merged(*tag, &content), rest))
        }
        None => Err(ContainerFault::malformed("a length is indefinite where no values lie inside")),
    }
}

/// The values inside of one, up to the end of `bytes`, or up to the mark that ends an indefinite length.
fn values(
    outer: u8,
    mut bytes: &[u8],
    is_indefinite: bool,
    depth: usize,
) -> Result<(Zeroizing<Vec<u8>>, &[u8]), ContainerFault> {
    let mut content = Zeroizing::new(Vec::with_capacity(bytes.len()));
    loop {
        if is_indefinite && let Some(rest) = bytes.strip_prefix(&[0, 0]) {
            return Ok((content, rest));
        }
        if bytes.is_empty() {
            return if is_indefinite { Err(cut_off()) } else { Ok((content, bytes)) };
        }
        let (inner, rest) = value(bytes, depth + 1)?;
        bytes = rest;
        if outer == OCTET_STRING_CONSTRUCTED {
            let piece = crate::der::Walk::over(&inner).due(OCTET_STRING)?;
            content.extend_from_slice(piece.content());
        } else {
            content.extend_from_slice(&inner);
        }
    }
}

fn merged(tag: u8, content: &[u8]) -> Zeroizing<Vec<u8>> {
    whole(if tag == OCTET_STRING_CONSTRUCTED { OCTET_STRING } else { tag }, content)
}

fn whole(tag: u8, content: &[u8]) -> Zeroizing<Vec<u8>> {
    let header = header(tag, content.len());
    let mut out = Zeroizing::new(Vec::with_capacity(header.len() + content.len()));
    out.extend_from_slice(&header);
    out.extend_from_slice(content);
    out
}

/// A length, `None` for the indefinite one, and what stands behind it.
fn length(bytes: &[u8]) -> Result<(Option<usize>, &[u8]), ContainerFault> {
    let [first, rest @ ..] = bytes else { return Err(cut_off()) };
    let count = match usize::from(*first) {
        short @ ..0x80 => return Ok((Some(short), rest)),
        0x80 => return Ok((None, rest)),
        long => long - 0x80,
    };
    let (octets, rest) = rest.split_at_checked(count).ok_or_else(cut_off)?;
    let mut value = 0_usize;
    for octet in octets {
        value = value.checked_mul(0x100).ok_or_else(cut_off)? | usize::from(*octet);
    }
    Ok((Some(value), rest))
}

fn cut_off() -> ContainerFault {
    ContainerFault::malformed("the data is cut off inside a value")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn der(bytes: &[u8]) -> Result<Vec<u8>, ContainerFault> {
        first_value(bytes).map(|(value, _)| value.to_vec())
    }

    #[test]
    fn indefinite_lengths_and_strings_in_pieces_are_put_together() {
        let pieces = [0x24, 0x80, 4, 1, 7, 0x24, 4, 4, 2, 8, 9, 0, 0];
        assert_eq!(der(&pieces).unwrap(), [4, 3, 7, 8, 9]);
        let sequence = [&[0x30, 0x80][..], &pieces, &[2, 0x81, 1, 5, 0, 0, 0xff]].concat();
        let (value, rest) = first_value(&sequence).unwrap();
        assert_eq!((&value[..], rest), (&[0x30, 8, 4, 3, 7, 8, 9, 2, 1, 5][..], &[0xff][..]));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 0x80],
            &[0x30, 0x80, 0],
            &[4, 0x80, 0, 0],
            &[0x1f, 1, 0],
            &[4, 2, 1],
            &[4, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1],
            &[0x24, 3, 2, 1, 0],
        ] {
            assert!(matches!(der(bytes), Err(ContainerFault::Malformed { .. })), "{bytes:?}");
        }
        let deep = [0x30, 0x80].repeat(DEPTH_MAX + 1);
        assert!(matches!(der(&deep), Err(ContainerFault::OverLimit { .. })));
    }

    #[test]
    fn what_is_der_keeps_its_bytes() {
        for name in crate::fixture::names("keys")
            .iter()
            .filter(|name| !name.contains("legacy") && !name.contains("openssh"))
        {
            let body = crate::fixture::key_block(name).body;
            assert_eq!(der(&body).unwrap(), body, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_values_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok((value, rest)) = first_value(&bytes) {
                prop_assert!(rest.len() < bytes.len());
                prop_assert_eq!(der(&value).unwrap(), value.to_vec());
            }
        }
    }
}
