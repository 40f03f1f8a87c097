//! As much DER (X.690) as RSA keys take to and from the signature provider.

use zeroize::Zeroizing;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const SEQUENCE: u8 = 0x30;

/// Reads elements one after the other; nothing for what is not the element that is due.
pub(super) struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    pub(super) const fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The content of the next element, which must have this tag.
    pub(super) fn due(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (&[found, first], after) = self.0.split_first_chunk::<2>()?;
        let (length, after) = match first {
            0..=0x7f => (usize::from(first), after),
            0x81..=0x84 => {
                let (octets, after) = after.split_at_checked(usize::from(first & 0x7f))?;
                (octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)), after)
            }
            _ => return None,
        };
        let (content, rest) = after.split_at_checked(length)?;
        self.0 = rest;
        (found == tag).then_some(content)
    }
}

/// Writes an element.
pub(super) fn write(tag: u8, content: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(Vec::with_capacity(content.len() + 10));
    out.push(tag);
    match u8::try_from(content.len()) {
        Ok(short @ 0..=0x7f) => out.push(short),
        _ => {
            let octets = content.len().to_be_bytes();
            let significant = crate::wire::without_leading_zeros(&octets);
            out.push(0x80 | u8::try_from(significant.len()).unwrap_or_default());
            out.extend_from_slice(significant);
        }
    }
    out.extend_from_slice(content);
    out
}

/// Writes a number that is not negative, given big-endian.
pub(super) fn write_unsigned(number: &[u8]) -> Zeroizing<Vec<u8>> {
    let number = crate::wire::without_leading_zeros(number);
    let mut content = Zeroizing::new(Vec::with_capacity(number.len() + 1));
    if number.first().is_none_or(|first| *first >= 0x80) {
        content.push(0);
    }
    content.extend_from_slice(number);
    write(INTEGER, &content)
}
