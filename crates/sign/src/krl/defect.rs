//! Why bytes are no revocation list, and why something cannot be put into one.

use std::{error, fmt};

use certgate_facts::SshDefect;

use super::{BITMAP_BITS_MAX, REVOCATION_LIST_BYTES_MAX, REVOCATION_LIST_ENTRIES_MAX};

/// Why bytes are not a key revocation list. Offsets are in bytes from the start of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationListError {
    /// The authority's key of a certificate section cannot be read.
    AuthorityKey {
        /// Where the key stands.
        offset: usize,
        /// What is wrong with it.
        defect: SshDefect,
    },
    /// A bitmap that is a number below zero (RFC 4251 §5).
    BitmapNegative {
        /// Where the bitmap stands.
        offset: usize,
    },
    /// A bitmap that reaches beyond serial 2^64-1.
    BitmapOverflows {
        /// Where the bitmap stands.
        offset: usize,
    },
    /// A bitmap of more than [`BITMAP_BITS_MAX`] bits.
    BitmapTooLong {
        /// Where the bitmap stands.
        offset: usize,
    },
    /// A format other than 1.
    Format {
        /// The format.
        found: u32,
    },
    /// A hash of a wrong length.
    HashLength {
        /// Where the hash stands.
        offset: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The bytes do not begin as a list does.
    NotRevocationList,
    /// A NUL byte inside a text. One at its very end is passed over, as OpenSSH does.
    NulInText {
        /// Where the text stands.
        offset: usize,
    },
    /// A range that ends before it starts.
    RangeInverted {
        /// Where the range stands.
        offset: usize,
    },
    /// Serial 0, which cannot be revoked.
    SerialZero {
        /// Where it stands.
        offset: usize,
    },
    /// More bytes than [`REVOCATION_LIST_BYTES_MAX`].
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// More entries than [`REVOCATION_LIST_ENTRIES_MAX`].
    TooManyEntries {
        /// Where the first too many stands.
        offset: usize,
    },
    /// Bytes after the end of a section.
    TrailingBytes {
        /// Where they start.
        offset: usize,
        /// How many.
        count: usize,
    },
    /// The bytes end before a value does.
    Truncated {
        /// Where the value starts.
        offset: usize,
    },
}

impl fmt::Display for RevocationListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuthorityKey { offset, defect } => {
                write!(f, "the authority's key at byte {offset} cannot be read: {defect}")
            }
            Self::BitmapNegative { offset } => write!(f, "the bitmap at byte {offset} is a negative number"),
            Self::BitmapOverflows { offset } => write!(f, "the bitmap at byte {offset} goes beyond 2^64-1"),
            Self::BitmapTooLong { offset } => {
                write!(f, "the bitmap at byte {offset} has more than {BITMAP_BITS_MAX} bits")
            }
            Self::Format { found } => write!(f, "the format is {found} and should be 1"),
            Self::HashLength { offset, found } => {
                write!(f, "the hash at byte {offset} has {found} bytes")
            }
            Self::NotRevocationList => f.write_str("not a key revocation list"),
            Self::NulInText { offset } => write!(f, "the text at byte {offset} holds a NUL byte"),
            Self::RangeInverted { offset } => write!(f, "the range at byte {offset} ends before it starts"),
            Self::SerialZero { offset } => write!(f, "serial 0 at byte {offset} cannot be revoked"),
            Self::TooLarge { bytes } => {
                write!(f, "the list has {bytes} bytes, more than {REVOCATION_LIST_BYTES_MAX}")
            }
            Self::TooManyEntries { offset } => {
                write!(f, "more than {REVOCATION_LIST_ENTRIES_MAX} entries by byte {offset}")
            }
            Self::TrailingBytes { offset, count } => {
                write!(f, "{count} bytes follow the end of a section at byte {offset}")
            }
            Self::Truncated { offset } => write!(f, "the list ends inside the value at byte {offset}"),
        }
    }
}

impl error::Error for RevocationListError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::AuthorityKey { defect, .. } => Some(defect),
            _ => None,
        }
    }
}

/// Why something cannot be revoked by a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationError {
    /// An authority's key of a type that no client knows: clients would refuse the list, and with it every host.
    AuthorityKeyType,
    /// A key id with a NUL byte, which no certificate has.
    KeyIdHasNul,
    /// A key id, comment or key of more bytes than a list may have.
    TooLarge,
    /// A range of serials that ends before it starts.
    RangeInverted {
        /// The first serial.
        first: u64,
        /// The last serial.
        last: u64,
    },
    /// Serial 0: clients pass over it, so that such a certificate can only be revoked by key id or key.
    SerialZero,
    /// More entries than [`REVOCATION_LIST_ENTRIES_MAX`], so that the list could not be read again.
    TooManyEntries,
}

impl fmt::Display for RevocationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuthorityKeyType => f.write_str("an authority's key is of a type that no client knows"),
            Self::KeyIdHasNul => f.write_str("a key id with a NUL byte cannot be revoked"),
            Self::RangeInverted { first, last } => {
                write!(f, "the range of serials from {first} to {last} ends before it starts")
            }
            Self::SerialZero => f.write_str("serial 0 cannot be revoked: revoke the key id or the key"),
            Self::TooLarge => {
                write!(f, "the list would have more than {REVOCATION_LIST_BYTES_MAX} bytes")
            }
            Self::TooManyEntries => {
                write!(f, "the list would have more than {REVOCATION_LIST_ENTRIES_MAX} entries")
            }
        }
    }
}

impl error::Error for RevocationError {}

/// Why a header cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderError {
    /// The comment holds a NUL byte.
    CommentHasNul,
    /// The version is not higher than that of the list before.
    VersionNotHigher {
        /// The version of the list before.
        old: u64,
        /// The version asked for.
        new: u64,
    },
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommentHasNul => f.write_str("the comment holds a NUL byte"),
            Self::VersionNotHigher { old, new } => {
                write!(f, "version {new} does not come after version {old}")
            }
        }
    }
}

impl error::Error for HeaderError {}
