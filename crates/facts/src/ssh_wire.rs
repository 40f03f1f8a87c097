//! A reader for the data types of the SSH protocol (RFC 4251 §5).

/// Most characters of a name from the input that are shown.
const PRINTABLE_CHARS_MAX: usize = 64;
/// Most bytes of a number, as OpenSSH has it: 16,384 bits.
const MPINT_BYTES_MAX: usize = 16_384 / 8;

/// Why bytes are not the wire data that was asked for, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WireDefect {
    /// What is wrong.
    pub(crate) kind: WireDefectKind,
    /// Where the value at fault starts, in bytes from the start of the outermost bytes.
    pub(crate) offset: usize,
}

/// What is wrong with wire data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WireDefectKind {
    /// An `mpint` below zero.
    Negative,
    /// An `mpint` of more than [`MPINT_BYTES_MAX`] bytes.
    TooLong,
    /// The bytes end before the value does.
    Truncated,
}

/// Reads one value after the other.
#[derive(Clone, Copy)]
pub(crate) struct WireReader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> WireReader<'a> {
    /// Starts at the first of `bytes`.
    pub(crate) fn over(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, offset: 0 }
    }

    /// Bytes before the next value, counted from the start of the outermost bytes.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// Bytes not yet read.
    pub(crate) fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Whether everything has been read.
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What is between here and `later`, a reader further on over the same bytes.
    pub(crate) fn until(&self, later: &Self) -> &'a [u8] {
        self.rest.get(..later.offset.saturating_sub(self.offset)).unwrap_or_default()
    }

    /// A `byte`.
    pub(crate) fn u8(&mut self) -> Result<u8, WireDefect> {
        let (first, rest) = self.rest.split_first().ok_or_else(|| self.fault(WireDefectKind::Truncated))?;
        self.advance(rest, 1);
        Ok(*first)
    }

    /// A `uint32`.
    pub(crate) fn u32(&mut self) -> Result<u32, WireDefect> {
        let (bytes, rest) =
            self.rest.split_first_chunk::<4>().ok_or_else(|| self.fault(WireDefectKind::Truncated))?;
        self.advance(rest, 4);
        Ok(u32::from_be_bytes(*bytes))
    }

    /// A `uint64`.
    pub(crate) fn u64(&mut self) -> Result<u64, WireDefect> {
        let (bytes, rest) =
            self.rest.split_first_chunk::<8>().ok_or_else(|| self.fault(WireDefectKind::Truncated))?;
        self.advance(rest, 8);
        Ok(u64::from_be_bytes(*bytes))
    }

    /// A `string`: its bytes.
    pub(crate) fn string(&mut self) -> Result<&'a [u8], WireDefect> {
        self.nested().map(|inside| inside.rest)
    }

    /// A `string` that holds further values: a reader over them.
    pub(crate) fn nested(&mut self) -> Result<Self, WireDefect> {
        let truncated = self.fault(WireDefectKind::Truncated);
        let length = usize::try_from(self.u32().map_err(|_| truncated)?).map_err(|_| truncated)?;
        let Some((inside, rest)) = self.rest.split_at_checked(length) else {
            return Err(truncated);
        };
        let nested = Self { rest: inside, offset: self.offset };
        self.advance(rest, length);
        Ok(nested)
    }

    /// An `mpint` that is not negative: its magnitude, big-endian. Redundant leading zeros are dropped, as
    /// OpenSSH does.
    pub(crate) fn mpint(&mut self) -> Result<&'a [u8], WireDefect> {
        let start = *self;
        let bytes = self.string()?;
        if bytes.first().is_some_and(|first| *first >= 0x80) {
            return Err(start.fault(WireDefectKind::Negative));
        }
        let magnitude = crate::der::trimmed(bytes);
        if magnitude.len() > MPINT_BYTES_MAX {
            return Err(start.fault(WireDefectKind::TooLong));
        }
        Ok(magnitude)
    }

    fn advance(&mut self, rest: &'a [u8], by: usize) {
        self.rest = rest;
        self.offset += by;
    }

    fn fault(&self, kind: WireDefectKind) -> WireDefect {
        WireDefect { kind, offset: self.offset }
    }
}

/// Writes a `string`. For public bytes only: nothing is wiped.
pub(crate) fn write_string(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
}

/// Writes an `mpint` that is not negative, given big-endian, leading zeros or not.
pub(crate) fn write_mpint(out: &mut Vec<u8>, magnitude: &[u8]) {
    let magnitude = crate::der::trimmed(magnitude);
    let sign = usize::from(magnitude.first().is_some_and(|first| *first >= 0x80));
    let length = u32::try_from(magnitude.len() + sign).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend(std::iter::repeat_n(0, sign));
    out.extend_from_slice(magnitude);
}

/// A name from the input, fit to be shown: the first [`PRINTABLE_CHARS_MAX`] bytes, with `?` for what is not
/// ASCII text.
pub(crate) fn printable(name: &[u8]) -> String {
    let shown = |byte: &u8| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '?' };
    name.iter().take(PRINTABLE_CHARS_MAX).map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_one_after_the_other() {
        let bytes = b"\0\0\0\x03abc\0\0\0\x07\0\0\0\0\0\0\0\x09\0\0\0\x02\0\x80";
        let mut reader = WireReader::over(bytes);
        let start = reader;
        assert_eq!(reader.string(), Ok(&b"abc"[..]));
        assert_eq!(start.until(&reader), &bytes[..7]);
        assert_eq!((reader.u32(), reader.offset()), (Ok(7), 11));
        assert_eq!(reader.u64(), Ok(9));
        assert_eq!(reader.mpint(), Ok(&[0x80][..]));
        assert!(reader.is_empty());
    }

    #[test]
    fn defects_point_at_the_start_of_their_value() {
        let kind_and_offset = |defect: WireDefect| (defect.kind, defect.offset);
        let mut reader = WireReader::over(b"\0\0\0\x01a\0\0\0\x05abc");
        reader.string().unwrap();
        assert_eq!(reader.string().map_err(kind_and_offset), Err((WireDefectKind::Truncated, 5)));
        let mut negative = WireReader::over(b"\0\0\0\x01\x80");
        assert_eq!(negative.mpint().map_err(kind_and_offset), Err((WireDefectKind::Negative, 0)));
        let mut long = Vec::new();
        write_string(&mut long, &[1; MPINT_BYTES_MAX + 1]);
        assert_eq!(
            WireReader::over(&long).mpint().map_err(kind_and_offset),
            Err((WireDefectKind::TooLong, 0))
        );
        assert_eq!(
            WireReader::over(b"\xff\xff\xff\xff").string().map_err(kind_and_offset),
            Err((WireDefectKind::Truncated, 0))
        );
    }

    #[test]
    fn names_are_shown_short_and_plain() {
        assert_eq!(printable(b"aes256-ctr"), "aes256-ctr");
        assert_eq!(printable(b"a\n\x1b\xff"), "a???");
        assert_eq!(printable(&[b'a'; 1000]).len(), PRINTABLE_CHARS_MAX);
    }
}
