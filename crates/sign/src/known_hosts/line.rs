//! One line of a file of known hosts.

use std::{error, fmt};

use certgate_facts::{SshCertificate, SshDefect, SshKeyKind, SshPublicKey};

use super::names::HostNames;

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
        let (kind, rest) = word(rest);
        let (encoded, comment) = word(trim_start(rest));
        let line = [kind, b" ", encoded].concat();
        let line = std::str::from_utf8(&line).map_err(|_| LineDefect::NotText)?;
        let (key, is_certificate) = key(line)?;
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
    /// What stands in place of the key is none.
    Key(SshDefect),
    /// The line ends before the key.
    KeyMissing,
    /// The key is of a type that OpenSSH does not know.
    KeyType,
    /// More than one marker, an unknown one, or one that no space follows where a later part of the line has one.
    Marker,
    /// The key is not text.
    NotText,
}

impl fmt::Display for LineDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hash => f.write_str("the hashed host name is malformed"),
            Self::Key(defect) => defect.fmt(f),
            Self::KeyMissing => f.write_str("the line ends before the key"),
            Self::KeyType => f.write_str("the key is of a type that OpenSSH does not know"),
            Self::Marker => {
                f.write_str("the marker is not one `@cert-authority` or `@revoked` with a space after it")
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

/// Most bytes of a marker, as OpenSSH has it.
const MARKER_BYTES_MAX: usize = 31;

/// The marker, if there is one, and what follows it.
///
/// OpenSSH ends a marker at the first space of the line, and at the first tab only if there is no space.
fn marker(text: &[u8]) -> Result<(Option<Marker>, &[u8]), LineDefect> {
    if !text.starts_with(b"@") {
        return Ok((None, text));
    }
    let end = [b' ', b'\t'].iter().find_map(|blank| text.iter().position(|byte| byte == blank));
    let (word, rest) = end.and_then(|end| text.split_at_checked(end)).ok_or(LineDefect::Marker)?;
    let marker = match word {
        _ if word.len() > MARKER_BYTES_MAX => return Err(LineDefect::Marker),
        b"@cert-authority" => Marker::CertAuthority,
        b"@revoked" => Marker::Revoked,
        _ => return Err(LineDefect::Marker),
    };
    let rest = trim_start(rest);
    if rest.starts_with(b"@") { Err(LineDefect::Marker) } else { Ok((Some(marker), rest)) }
}

fn key(line: &str) -> Result<(SshPublicKey, bool), LineDefect> {
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
