//! SSH public keys, as lines of text: `type base64 comment` (RFC 4253 §6.6, sshd(8) "AUTHORIZED_KEYS FILE
//! FORMAT").

mod defect;
mod kind;
mod line;
mod text;

use std::borrow::Cow;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;

pub use self::defect::SshDefect;
pub use self::kind::SshKeyKind;
pub(crate) use self::kind::{Fields, KNOWN_TYPES, read_fields, text};
pub(crate) use self::line::{Line, is_certificate_type, written};
pub use self::text::SshText;
use crate::key::PublicKey;
use crate::ssh_wire::{WireReader, printable, write_mpint, write_string};

/// Most bytes of a line that is read: a mebibyte, which leaves room for 256 long principals and any key.
pub const SSH_LINE_BYTES_MAX: usize = 1 << 20;

/// An SSH public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshPublicKey {
    name: String,
    blob: Vec<u8>,
    comment: String,
    kind: SshKeyKind,
    public: Option<PublicKey>,
}

impl SshPublicKey {
    /// Reads one line: type, base64, and a comment if there is one. White space around it is dropped.
    ///
    /// A key of an unknown type is read as [`SshKeyKind::Other`] if the base64 holds the same type name.
    /// Points of elliptic curve keys are checked to be on their curve, as OpenSSH does.
    ///
    /// # Errors
    ///
    /// A [`SshDefect`] for a line that OpenSSH would not read as a key, for one with options before the key,
    /// and for a certificate.
    pub fn read(line: &str) -> Result<Self, SshDefect> {
        let line = Line::split(line)?;
        if is_certificate_type(line.name) {
            return Err(SshDefect::IsCertificate { name: line.name.to_owned() });
        }
        let key =
            Self::from_blob_at_offsets(&line.blob).map_err(|defect| defect.in_base64_at(line.blob_column))?;
        Ok(Self { comment: line.comment.to_owned(), ..key })
    }

    /// Reads a key in wire form (RFC 4253 §6.6), all of `blob`.
    ///
    /// # Errors
    ///
    /// A [`SshDefect`], without a column.
    pub fn from_blob(blob: &[u8]) -> Result<Self, SshDefect> {
        Self::from_blob_at_offsets(blob).map_err(SshDefect::without_line)
    }

    /// As [`SshPublicKey::from_blob`]; columns are offsets into the blob.
    pub(crate) fn from_blob_at_offsets(blob: &[u8]) -> Result<Self, SshDefect> {
        let mut reader = WireReader::over(blob);
        let name = text(&mut reader)?;
        let name = name.as_str().map_or_else(|| printable(name.as_bytes()), str::to_owned);
        if is_certificate_type(&name) {
            return Err(SshDefect::IsCertificate { name });
        }
        let fields = read_fields(&name, &mut reader)?;
        if fields.kind != SshKeyKind::Other && !reader.is_empty() {
            return Err(SshDefect::TrailingBytes { column: reader.offset(), count: reader.remaining() });
        }
        Ok(Self {
            name,
            blob: blob.to_vec(),
            comment: String::new(),
            kind: fields.kind,
            public: fields.public,
        })
    }

    /// The key of type `name` whose fields, as encoded, are `encoded`, and say `fields`.
    pub(crate) fn from_fields(name: &str, encoded: &[u8], fields: Fields) -> Self {
        let mut blob = Vec::new();
        write_string(&mut blob, name.as_bytes());
        blob.extend_from_slice(encoded);
        Self { name: name.to_owned(), blob, comment: String::new(), kind: fields.kind, public: fields.public }
    }

    /// The name of the key type: `ssh-ed25519`, `ecdsa-sha2-nistp256`, ….
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key in wire form (RFC 4253 §6.6), as received.
    #[must_use]
    pub fn blob(&self) -> &[u8] {
        &self.blob
    }

    /// The key in the wire form that OpenSSH gives it after reading (RFC 4251 §5): numbers have more than one encoding
    /// that it reads, those with leading zeros. Keys are the same key if and only if they agree in this form.
    #[must_use]
    pub fn canonical_blob(&self) -> Cow<'_, [u8]> {
        let has_numbers = matches!(self.kind, SshKeyKind::Rsa { .. } | SshKeyKind::Dss { .. });
        match has_numbers.then(|| with_short_numbers(&self.blob)).flatten() {
            Some(blob) => Cow::Owned(blob),
            None => Cow::Borrowed(&self.blob),
        }
    }

    /// What follows the key on its line; empty if nothing does.
    #[must_use]
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// The line of a `.pub` file: type, base64, and the comment unless it is empty; no line feed.
    #[must_use]
    pub fn to_line(&self, comment: &str) -> String {
        written(&self.name, &self.blob, comment)
    }

    /// The kind, with its size.
    #[must_use]
    pub const fn kind(&self) -> &SshKeyKind {
        &self.kind
    }

    /// The same key as X.509 would write it; nothing for types that are not read and for numbers that cannot
    /// be a key.
    #[must_use]
    pub const fn public_key(&self) -> Option<&PublicKey> {
        self.public.as_ref()
    }

    /// The fingerprint as `ssh-keygen -l` shows it: `SHA256:` and the base64, unpadded, of the SHA-256 of the
    /// [canonical](Self::canonical_blob) blob. Two encodings of a key have the same.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let sum = digest::digest(&digest::SHA256, &self.canonical_blob());
        format!("SHA256:{}", BASE64_STANDARD_NO_PAD.encode(sum))
    }
}

/// The blob again with every number after the type name as short as it can be.
fn with_short_numbers(blob: &[u8]) -> Option<Vec<u8>> {
    let mut reader = WireReader::over(blob);
    let mut out = Vec::with_capacity(blob.len());
    write_string(&mut out, reader.string().ok()?);
    while !reader.is_empty() {
        write_mpint(&mut out, reader.string().ok()?);
    }
    Some(out)
}

#[cfg(test)]
mod tests;
