//! Reading and writing the data types of revocation lists (RFC 4251 §5).

use super::defect::RevocationListError;

/// Kinds of sections (PROTOCOL.krl §2).
pub(super) mod kind {
    pub(in crate::krl) const CERTIFICATES: u8 = 1;
    pub(in crate::krl) const KEYS: u8 = 2;
    pub(in crate::krl) const SHA1: u8 = 3;
    pub(in crate::krl) const SIGNATURE: u8 = 4;
    pub(in crate::krl) const SHA256: u8 = 5;
    pub(in crate::krl) const EXTENSION: u8 = 255;
    pub(in crate::krl) const SERIAL_LIST: u8 = 0x20;
    pub(in crate::krl) const SERIAL_RANGE: u8 = 0x21;
    pub(in crate::krl) const SERIAL_BITMAP: u8 = 0x22;
    pub(in crate::krl) const KEY_IDS: u8 = 0x23;
    pub(in crate::krl) const CERTIFICATE_EXTENSION: u8 = 0x39;
}

/// Reads one value after the other, and knows where in the whole list it is.
#[derive(Clone, Copy)]
pub(super) struct Wire<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Wire<'a> {
    pub(super) const fn over(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, offset: 0 }
    }

    pub(super) const fn offset(&self) -> usize {
        self.offset
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Nothing if all has been read.
    pub(super) const fn end(&self) -> Result<(), RevocationListError> {
        match self.rest.len() {
            0 => Ok(()),
            count => Err(RevocationListError::TrailingBytes { offset: self.offset, count }),
        }
    }

    pub(super) fn take<const BYTES: usize>(&mut self) -> Result<[u8; BYTES], RevocationListError> {
        let (bytes, rest) = self
            .rest
            .split_first_chunk::<BYTES>()
            .ok_or(RevocationListError::Truncated { offset: self.offset })?;
        self.rest = rest;
        self.offset += BYTES;
        Ok(*bytes)
    }

    pub(super) fn u8(&mut self) -> Result<u8, RevocationListError> {
        self.take::<1>().map(|[byte]| byte)
    }

    pub(super) fn u32(&mut self) -> Result<u32, RevocationListError> {
        self.take().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, RevocationListError> {
        self.take().map(u64::from_be_bytes)
    }

    /// A `string` that holds further values.
    pub(super) fn nested(&mut self) -> Result<Self, RevocationListError> {
        let truncated = RevocationListError::Truncated { offset: self.offset };
        let length = self.u32().map_err(|_| truncated.clone())?;
        let (inside, rest) = usize::try_from(length)
            .ok()
            .and_then(|length| self.rest.split_at_checked(length))
            .ok_or(truncated)?;
        let nested = Self { rest: inside, offset: self.offset };
        self.rest = rest;
        self.offset += inside.len();
        Ok(nested)
    }

    /// A `string`: its bytes.
    pub(super) fn string(&mut self) -> Result<&'a [u8], RevocationListError> {
        self.nested().map(|inside| inside.rest)
    }

    /// A `string` without NUL bytes, but for one at its end.
    pub(super) fn text(&mut self) -> Result<&'a [u8], RevocationListError> {
        let offset = self.offset;
        let text = self.string()?;
        let counted = text.strip_suffix(&[0]).unwrap_or(text);
        if counted.contains(&0) { Err(RevocationListError::NulInText { offset }) } else { Ok(text) }
    }

    /// All that is left.
    pub(super) const fn remainder(self) -> &'a [u8] {
        self.rest
    }
}

/// Writes a `string`. Lists are kept below 4 GiB by [`super::REVOCATION_LIST_BYTES_MAX`].
pub(super) fn write_string(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
}
