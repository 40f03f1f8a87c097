//! The data types of the SSH protocol (RFC 4251 §5), as far as signatures, agents and certificates take them.

/// The bytes end before the value does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Truncated;

/// Reads one value after the other. Nothing is copied.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) const fn over(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// What is not yet read.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// Whether everything has been read.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A `byte`.
    pub(crate) fn u8(&mut self) -> Result<u8, Truncated> {
        let (first, rest) = self.0.split_first().ok_or(Truncated)?;
        self.0 = rest;
        Ok(*first)
    }

    /// A `uint32`.
    pub(crate) fn u32(&mut self) -> Result<u32, Truncated> {
        let (bytes, rest) = self.0.split_first_chunk::<4>().ok_or(Truncated)?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*bytes))
    }

    /// A `string`: its bytes.
    pub(crate) fn string(&mut self) -> Result<&'a [u8], Truncated> {
        let mut ahead = *self;
        let length = usize::try_from(ahead.u32()?).map_err(|_| Truncated)?;
        let (string, rest) = ahead.0.split_at_checked(length).ok_or(Truncated)?;
        self.0 = rest;
        Ok(string)
    }
}

/// Writes a `string`.
///
/// Its bytes must be fewer than 2^32, as are all that the limits of this crate let through; what is beyond is cut,
/// and never reaches anyone, since everything written is read again.
pub(crate) fn write_string(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
}

/// Writes an `mpint` that is not negative, given big-endian, leading zeros or not.
pub(crate) fn write_mpint(out: &mut Vec<u8>, magnitude: &[u8]) {
    let magnitude = without_leading_zeros(magnitude);
    let sign = usize::from(magnitude.first().is_some_and(|first| *first >= 0x80));
    let length = u32::try_from(magnitude.len() + sign).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend(std::iter::repeat_n(0, sign));
    out.extend_from_slice(magnitude);
}

/// A big-endian number without the zeros before its first digit.
pub(crate) fn without_leading_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_one_after_the_other() {
        let mut reader = Reader::over(b"\x07\0\0\0\x02ab\0\0\0\x05rest");
        assert_eq!((reader.u8(), reader.string()), (Ok(7), Ok(&b"ab"[..])));
        assert_eq!(reader.string(), Err(Truncated));
        assert_eq!((reader.u32(), reader.rest()), (Ok(5), &b"rest"[..]));
        assert_eq!((reader.u32(), reader.is_empty()), (Ok(0x7265_7374), true));
        assert_eq!((reader.u8(), reader.u32()), (Err(Truncated), Err(Truncated)));
    }

    #[test]
    fn numbers_are_written_in_their_shortest_form() {
        for (magnitude, wire) in [
            (&b""[..], &b"\0\0\0\0"[..]),
            (b"\0\0", b"\0\0\0\0"),
            (b"\0\x7f", b"\0\0\0\x01\x7f"),
            (b"\x80", b"\0\0\0\x02\0\x80"),
        ] {
            let mut out = Vec::new();
            write_mpint(&mut out, magnitude);
            assert_eq!(out, wire);
        }
    }
}
