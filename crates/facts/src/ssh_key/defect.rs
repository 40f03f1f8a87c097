//! Why a line is not an SSH public key or certificate.

use std::{error, fmt};

use crate::ssh_wire::{WireDefect, WireDefectKind};

/// Why a line is not an SSH public key or certificate.
///
/// Columns count bytes of the line from 1. For a fault inside the decoded key, the column is that of the
/// group of four base64 characters in which the part at fault starts; it is 0 where no line was read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SshDefect {
    /// The authority's key in a certificate cannot be one: of an unusable type, or itself unreadable.
    AuthorityKey {
        /// Where the key starts.
        column: usize,
        /// The name of its type, as far as it can be shown.
        name: String,
    },
    /// The authority's key is itself a certificate (draft-ietf-sshm-cert: chains are not allowed).
    AuthorityKeyIsCertificate {
        /// Where the key starts.
        column: usize,
    },
    /// Not base64 (RFC 4648 §4, padded).
    Base64 {
        /// The character at fault.
        column: usize,
    },
    /// The curve named inside the key is not that of its type (RFC 5656 §3.1).
    CurveDiffers {
        /// Where the curve's name stands.
        column: usize,
    },
    /// Nothing but white space.
    Empty,
    /// A certificate, where a plain key is due.
    IsCertificate {
        /// The name of its type.
        name: String,
    },
    /// A type name without a key after it.
    KeyMissing {
        /// Where the key should start.
        column: usize,
    },
    /// The line is longer than [`SSH_LINE_BYTES_MAX`](crate::SSH_LINE_BYTES_MAX).
    LineTooLong {
        /// Its bytes.
        bytes: usize,
    },
    /// A plain key, where a certificate is due.
    NotCertificate {
        /// The name of its type.
        name: String,
    },
    /// A NUL byte inside a text.
    NulInText {
        /// Where the text stands.
        column: usize,
    },
    /// A number below zero.
    NumberNegative {
        /// Where the number stands.
        column: usize,
    },
    /// A number of more than 16,384 bits.
    NumberTooLong {
        /// Where the number stands.
        column: usize,
    },
    /// Critical options or extensions that are not whole pairs of name and value.
    OptionsMalformed {
        /// Where the first incomplete pair starts.
        column: usize,
    },
    /// Options of an `authorized_keys` file before the key (sshd(8)).
    OptionsBeforeKey {
        /// Where the options start.
        column: usize,
    },
    /// The point of an elliptic curve key is not one: compressed, of a wrong length, or not on the curve (RFC
    /// 5656 §3.1).
    Point {
        /// Where the point stands.
        column: usize,
    },
    /// The key of a type with keys of one length (RFC 8709 §4) has another.
    RawKeyLength {
        /// Where the key stands.
        column: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The certificate is neither for users nor for hosts.
    Role {
        /// Where the role stands.
        column: usize,
        /// The role's number.
        found: u32,
    },
    /// More than [`PRINCIPALS_MAX`](crate::PRINCIPALS_MAX) principals.
    TooManyPrincipals {
        /// Where the first too many stands.
        column: usize,
    },
    /// Bytes after the end of the key or certificate.
    TrailingBytes {
        /// Where they start.
        column: usize,
        /// How many.
        count: usize,
    },
    /// The key ends before one of its parts does.
    Truncated {
        /// Where that part starts.
        column: usize,
    },
    /// The type before the key is not the type inside it.
    TypeDiffers {
        /// The type inside, as far as it can be shown.
        inside: String,
        /// The type before the key.
        outside: String,
    },
}

impl SshDefect {
    /// The column at fault, in bytes of the line from 1; nothing where the whole line is at fault or no line
    /// was read.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        let mut copy = self.clone();
        copy.column_mut().map(|column| *column).filter(|column| *column > 0)
    }

    /// Turns an offset into the decoded key, as left by the readers of decoded bytes, into a column of the
    /// line.
    pub(crate) fn in_base64_at(mut self, first_column: usize) -> Self {
        if let Some(column) = self.column_mut() {
            *column = first_column + *column / 3 * 4;
        }
        self
    }

    /// The same defect on a line that has so many bytes more before it.
    pub(crate) fn moved_by(mut self, bytes: usize) -> Self {
        if let Some(column) = self.column_mut().filter(|column| **column > 0) {
            *column += bytes;
        }
        self
    }

    /// Turns an offset into the decoded key into no column at all.
    pub(crate) fn without_line(mut self) -> Self {
        if let Some(column) = self.column_mut() {
            *column = 0;
        }
        self
    }

    fn column_mut(&mut self) -> Option<&mut usize> {
        match self {
            Self::AuthorityKey { column, .. }
            | Self::AuthorityKeyIsCertificate { column }
            | Self::Base64 { column }
            | Self::CurveDiffers { column }
            | Self::KeyMissing { column }
            | Self::NulInText { column }
            | Self::NumberNegative { column }
            | Self::NumberTooLong { column }
            | Self::OptionsBeforeKey { column }
            | Self::OptionsMalformed { column }
            | Self::Point { column }
            | Self::RawKeyLength { column, .. }
            | Self::Role { column, .. }
            | Self::TooManyPrincipals { column }
            | Self::TrailingBytes { column, .. }
            | Self::Truncated { column } => Some(column),
            Self::Empty
            | Self::IsCertificate { .. }
            | Self::LineTooLong { .. }
            | Self::NotCertificate { .. }
            | Self::TypeDiffers { .. } => None,
        }
    }
}

impl From<WireDefect> for SshDefect {
    /// The offset stands in for the column until the line is known.
    fn from(defect: WireDefect) -> Self {
        let column = defect.offset;
        match defect.kind {
            WireDefectKind::Negative => Self::NumberNegative { column },
            WireDefectKind::TooLong => Self::NumberTooLong { column },
            WireDefectKind::Truncated => Self::Truncated { column },
        }
    }
}

impl fmt::Display for SshDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuthorityKey { name, .. } => write!(f, "the authority's key cannot be used: {name}"),
            Self::AuthorityKeyIsCertificate { .. } => {
                f.write_str("the authority's key is itself a certificate")
            }
            Self::Base64 { .. } => f.write_str("the key is not base64"),
            Self::CurveDiffers { .. } => f.write_str("the curve inside the key is not that of its type"),
            Self::Empty => f.write_str("the line is empty"),
            Self::IsCertificate { name } => write!(f, "{name} is a certificate and not a key"),
            Self::KeyMissing { .. } => f.write_str("no key follows the type"),
            Self::LineTooLong { bytes } => write!(f, "the line has {bytes} bytes"),
            Self::NotCertificate { name } => write!(f, "{name} is a key and not a certificate"),
            Self::NulInText { .. } => f.write_str("a text inside the key holds a NUL byte"),
            Self::NumberNegative { .. } => f.write_str("a number inside the key is negative"),
            Self::NumberTooLong { .. } => f.write_str("a number inside the key has more than 16384 bits"),
            Self::OptionsBeforeKey { .. } => f.write_str("options stand before the key"),
            Self::OptionsMalformed { .. } => f.write_str("the options are not whole pairs of name and value"),
            Self::Point { .. } => f.write_str("the key's point is not an uncompressed point on its curve"),
            Self::RawKeyLength { found, .. } => write!(f, "the key has {found} bytes and should have 32"),
            Self::Role { found, .. } => write!(f, "the role is {found}, neither user (1) nor host (2)"),
            Self::TooManyPrincipals { .. } => f.write_str("the certificate has more than 256 principals"),
            Self::TrailingBytes { count, .. } => write!(f, "{count} bytes follow the end"),
            Self::Truncated { .. } => f.write_str("the key ends inside one of its parts"),
            Self::TypeDiffers { inside, outside } => {
                write!(f, "the key says {inside} inside and {outside} outside")
            }
        }
    }
}

impl error::Error for SshDefect {}
