//! OpenSSH certificates (draft-ietf-sshm-cert, formerly PROTOCOL.certkeys): what they say, and the bytes they
//! say it in.

mod fields;

use crate::ssh_key::{Line, SshDefect, SshPublicKey, SshText, is_certificate_type, text};
use crate::ssh_wire::WireReader;

/// Most principals in a certificate; OpenSSH refuses more.
pub const PRINCIPALS_MAX: usize = 256;

/// A certificate: the bytes as received, and the facts in them.
///
/// Reading refuses what OpenSSH's parser refuses, with two differences. The authority's signature is read and
/// not verified: that takes a provider and belongs to whoever judges. A NUL byte at the very end of a text,
/// which OpenSSH passes over, is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshCertificate {
    name: String,
    blob: Vec<u8>,
    comment: String,
    fields: Option<Box<SshCertificateFields>>,
}

/// Whom a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SshRole {
    /// A host, 2 on the wire.
    Host,
    /// A user, 1 on the wire.
    User,
}

/// A critical option or an extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshOption {
    name: Vec<u8>,
    value: Vec<u8>,
}

impl SshOption {
    /// The name, as received: ASCII by the draft, unchecked here.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// The value, as received: empty for a flag, else a text in wire form, with its own length inside.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// The text in the value, if the value is one text in wire form and nothing else.
    #[must_use]
    pub fn text(&self) -> Option<&[u8]> {
        let mut reader = WireReader::over(&self.value);
        let text = reader.string().ok()?;
        reader.is_empty().then_some(text)
    }
}

/// What a certificate says. Fields are in the order of the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshCertificateFields {
    nonce: Vec<u8>,
    public_key: SshPublicKey,
    serial: u64,
    role: SshRole,
    key_id: SshText,
    principals: Vec<SshText>,
    valid_after: u64,
    valid_before: u64,
    critical_options: Vec<SshOption>,
    extensions: Vec<SshOption>,
    reserved: Vec<u8>,
    authority_key: SshPublicKey,
    signature: Vec<u8>,
    signed_len: usize,
}

impl SshCertificate {
    /// Reads one line: type, base64, and a comment if there is one. White space around it is dropped.
    ///
    /// # Errors
    ///
    /// A [`SshDefect`] for a line that is not a certificate, or one that OpenSSH's parser refuses.
    pub fn read(line: &str) -> Result<Self, SshDefect> {
        let line = Line::split(line)?;
        let certificate =
            Self::read_blob(line.blob).map_err(|defect| defect.in_base64_at(line.blob_column))?;
        Ok(Self { comment: line.comment.to_owned(), ..certificate })
    }

    /// Reads a certificate in wire form, all of `blob`.
    ///
    /// # Errors
    ///
    /// A [`SshDefect`], without a column.
    pub fn from_blob(blob: &[u8]) -> Result<Self, SshDefect> {
        Self::read_blob(blob.to_vec()).map_err(SshDefect::without_line)
    }

    fn read_blob(blob: Vec<u8>) -> Result<Self, SshDefect> {
        let mut reader = WireReader::over(&blob);
        let name = text(&mut reader)?.to_string();
        if !is_certificate_type(&name) {
            return Err(SshDefect::NotCertificate { name });
        }
        let fields = match fields::plain_type(&name) {
            Some(plain) => Some(Box::new(fields::read(plain, reader)?)),
            None => None,
        };
        Ok(Self { name, blob, comment: String::new(), fields })
    }

    /// The name of the certificate type: `ssh-ed25519-cert-v01@openssh.com`, ….
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The certificate in wire form, byte for byte as received.
    #[must_use]
    pub fn blob(&self) -> &[u8] {
        &self.blob
    }

    /// The line of a `-cert.pub` file: type, base64, and the comment unless it is empty; no line feed.
    #[must_use]
    pub fn to_line(&self, comment: &str) -> String {
        crate::ssh_key::written(self.name(), self.blob(), comment)
    }

    /// What follows the certificate on its line; empty if nothing does.
    #[must_use]
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// What the certificate says; nothing if it is of a type whose layout is not known.
    #[must_use]
    pub fn fields(&self) -> Option<&SshCertificateFields> {
        self.fields.as_deref()
    }

    /// The bytes that the authority signed: everything before the signature. Nothing for a type whose layout
    /// is not known.
    #[must_use]
    pub fn signed_bytes(&self) -> Option<&[u8]> {
        self.blob.get(..self.fields()?.signed_len)
    }
}

impl SshCertificateFields {
    /// The random bytes that make the certificate unpredictable, of any length.
    #[must_use]
    pub fn nonce(&self) -> &[u8] {
        &self.nonce
    }

    /// The key that is certified, as a plain key without a comment.
    #[must_use]
    pub const fn public_key(&self) -> &SshPublicKey {
        &self.public_key
    }

    /// The serial number; 0 by default.
    #[must_use]
    pub const fn serial(&self) -> u64 {
        self.serial
    }

    /// User or host.
    #[must_use]
    pub const fn role(&self) -> SshRole {
        self.role
    }

    /// The name that logs show. May be empty.
    #[must_use]
    pub const fn key_id(&self) -> &SshText {
        &self.key_id
    }

    /// Host or user names, in order of the wire. None at all means any to OpenSSH before 10.3 and to others.
    #[must_use]
    pub fn principals(&self) -> &[SshText] {
        &self.principals
    }

    /// The first second of validity, since 1970-01-01T00:00:00Z; 0 for always.
    #[must_use]
    pub const fn valid_after(&self) -> u64 {
        self.valid_after
    }

    /// The first second after validity, since 1970-01-01T00:00:00Z; 2^64-1 for forever.
    #[must_use]
    pub const fn valid_before(&self) -> u64 {
        self.valid_before
    }

    /// The critical options, in order of the wire, duplicates included.
    #[must_use]
    pub fn critical_options(&self) -> &[SshOption] {
        &self.critical_options
    }

    /// The extensions, in order of the wire, duplicates included.
    #[must_use]
    pub fn extensions(&self) -> &[SshOption] {
        &self.extensions
    }

    /// The field kept for later use; empty so far, and ignored if not.
    #[must_use]
    pub fn reserved(&self) -> &[u8] {
        &self.reserved
    }

    /// The key of the authority that signed.
    #[must_use]
    pub const fn authority_key(&self) -> &SshPublicKey {
        &self.authority_key
    }

    /// The signature in wire form: its algorithm's name, its bytes, and for security keys flags and counter.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The name of the signature's algorithm, if the signature has one that can be shown.
    #[must_use]
    pub fn signature_algorithm(&self) -> Option<&str> {
        WireReader::over(&self.signature).string().ok().and_then(|name| std::str::from_utf8(name).ok())
    }
}

#[cfg(test)]
mod tests;
