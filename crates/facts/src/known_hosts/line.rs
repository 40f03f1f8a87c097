//! One line of a file of known hosts.

use std::{error, fmt};

use super::names::HostNames;
use crate::ssh_certificate::SshCertificate;
use crate::ssh_key::{SshDefect, SshKeyKind, SshPublicKey};
use crate::ssh_wire::printable;

/// What a line says about the keys of its hosts, other than that they are theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Marker {
    /// `@cert-authority`: the key is that of an authority for these hosts.
    CertAuthority,
    /// `@revoked`: the key must not be accepted, as a host's or as an authority's.
    Revoked,
}

/// A line that clients read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    marker: Option<Marker>,
    names: HostNames,
    key: SshPublicKey,
    is_certificate: bool,
    comment: Box<[u8]>,
}

impl Entry {
    /// Reads a line, without white space before it and not a comment.
    pub(super) fn read(text: &[u8]) -> Result<Self, LineDefect> {
        let (marker, rest) = marker(text)?;
        let (names, rest) = word(rest);
        let names = HostNames::read(names).ok_or(LineDefect::Hash)?;
        let rest = trim_start(rest);
        if rest.is_empty() || rest.starts_with(b"#") {
            return Err(LineDefect::KeyMissing);
        }
        let (_, after_kind) = word(rest);
        let (_, comment) = word(trim_start(after_kind));
        let key = rest.get(..rest.len() - comment.len()).unwrap_or_default();
        let key = std::str::from_utf8(key).map_err(|_| LineDefect::NotText)?;
        let (key, is_certificate) = read_key(key).map_err(|defect| match defect {
            LineDefect::Key(defect) => LineDefect::Key(defect.moved_by(text.len() - rest.len())),
            other => other,
        })?;
        Ok(Self { marker, names, key, is_certificate, comment: trim_start(comment).into() })
    }

    /// The marker at the start of the line.
    #[must_use]
    pub const fn marker(&self) -> Option<Marker> {
        self.marker
    }

    /// The hosts.
    #[must_use]
    pub const fn names(&self) -> &HostNames {
        &self.names
    }

    /// The key; of a certificate in place of a key, the key that it certifies.
    #[must_use]
    pub const fn key(&self) -> &SshPublicKey {
        &self.key
    }

    /// Whether a certificate stands in place of a key. Such a line makes no host known.
    #[must_use]
    pub const fn is_certificate(&self) -> bool {
        self.is_certificate
    }

    /// What follows the key, as received.
    #[must_use]
    pub fn comment(&self) -> &[u8] {
        &self.comment
    }
}

/// Why clients pass over a line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineDefect {
    /// The hashed name is not `|1|`, 20 bytes of salt in base64, `|`, hash.
    Hash,
    /// What stands in place of the key is none; columns count from the first character that is not white space.
    Key(SshDefect),
    /// The line ends before the key.
    KeyMissing,
    /// The key is of a type that OpenSSH does not know.
    KeyType,
    /// A tab follows the marker, and a later part of the line has a space: OpenSSH takes all up to there as the marker.
    MarkerBeforeTab,
    /// More than one marker.
    MarkerRepeated,
    /// The marker is neither `@cert-authority` nor `@revoked`.
    MarkerUnknown {
        /// The marker, as far as it can be shown.
        marker: String,
    },
    /// The key is not text.
    NotText,
}

impl LineDefect {
    /// The column at fault, in bytes from the first character of the line that is not white space, counted from 1;
    /// nothing where the whole line is at fault.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        match self {
            Self::Key(defect) => defect.column(),
            _ => None,
        }
    }
}

impl fmt::Display for LineDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hash => f.write_str("the hashed host name is malformed"),
            Self::Key(defect) => defect.fmt(f),
            Self::KeyMissing => f.write_str("the line ends before the key"),
            Self::KeyType => f.write_str("the key is of a type that OpenSSH does not know"),
            Self::MarkerBeforeTab => f.write_str("a tab follows the marker, where a space is due"),
            Self::MarkerRepeated => f.write_str("the line has more than one marker"),
            Self::MarkerUnknown { marker } => {
                write!(f, "the marker `{marker}` is neither `@cert-authority` nor `@revoked`")
            }
            Self::NotText => f.write_str("the key is not text"),
        }
    }
}

impl error::Error for LineDefect {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Key(defect) => Some(defect),
            _ => None,
        }
    }
}

/// The marker, if there is one, and what follows it.
///
/// OpenSSH ends a marker at the first space of the line, and at the first tab only if there is no space.
fn marker(text: &[u8]) -> Result<(Option<Marker>, &[u8]), LineDefect> {
    if !text.starts_with(b"@") {
        return Ok((None, text));
    }
    let end = [b' ', b'\t'].iter().find_map(|blank| text.iter().position(|byte| byte == blank));
    let (until_blank, rest) = text.split_at(end.unwrap_or(text.len()));
    let marker = match until_blank {
        b"@cert-authority" => Marker::CertAuthority,
        b"@revoked" => Marker::Revoked,
        _ => {
            let (marker, after) = word(until_blank);
            let is_known = matches!(marker, b"@cert-authority" | b"@revoked");
            return Err(match is_known && !after.is_empty() {
                true => LineDefect::MarkerBeforeTab,
                false => LineDefect::MarkerUnknown { marker: printable(marker) },
            });
        }
    };
    let rest = trim_start(rest);
    if rest.starts_with(b"@") { Err(LineDefect::MarkerRepeated) } else { Ok((Some(marker), rest)) }
}

fn read_key(line: &str) -> Result<(SshPublicKey, bool), LineDefect> {
    let (key, is_certificate) = match SshPublicKey::read(line) {
        Ok(key) => (key, false),
        Err(SshDefect::IsCertificate { .. }) => {
            let certificate = SshCertificate::read(line).map_err(LineDefect::Key)?;
            let fields = certificate.fields().ok_or(LineDefect::KeyType)?;
            (fields.public_key().clone(), true)
        }
        Err(defect) => return Err(LineDefect::Key(defect)),
    };
    if *key.kind() == SshKeyKind::Other { Err(LineDefect::KeyType) } else { Ok((key, is_certificate)) }
}

/// Without spaces and tabs before it.
pub(super) fn trim_start(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|byte| is_blank(**byte)).count();
    text.get(blanks..).unwrap_or_default()
}

/// What stands before the first space or tab, and all from there.
fn word(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| is_blank(*byte)).unwrap_or(text.len());
    text.split_at(end)
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
