//! Writing host certificates (draft-ietf-sshm-cert, formerly PROTOCOL.certkeys): the bytes that an authority signs, and
//! the certificate that these and the signature make.
//!
//! The type names written are OpenSSH's, `…-cert-v01@openssh.com`: no release of OpenSSH knows the draft's. The reader
//! is that of `certgate-facts`, which shares no code with this writer.

use certgate_facts::{
    Curve, PRINCIPALS_MAX, SshCertificate, SshCertificateFields, SshKeyKind, SshPublicKey, SshRole,
    SshSignature, SshSignatureAlgorithm,
};

use crate::error::{CertificateField, Error};
use crate::signer::algorithm_of_authority;
use crate::wire::{Reader, write_mpint, write_string};

/// Bytes of the nonce, as OpenSSH has it; the draft asks for 16 at least.
pub const NONCE_BYTES: usize = 32;
/// Host, on the wire.
const ROLE_HOST: u32 = 2;

/// What a host certificate is to say. All else in it is fixed: host, no options, no extensions, nothing reserved.
pub(crate) struct HostCertificate<'a, P> {
    pub(crate) nonce: &'a [u8; NONCE_BYTES],
    pub(crate) public_key: &'a SshPublicKey,
    pub(crate) serial: u64,
    pub(crate) key_id: &'a str,
    pub(crate) principals: P,
    pub(crate) valid_after: u64,
    pub(crate) valid_before: u64,
    pub(crate) authority_key: &'a SshPublicKey,
}

/// The bytes of a host certificate that its authority signs: all before the signature.
///
/// They come of [`prepare`](crate::prepare), from what was cleared; or from elsewhere, under a long name. They can be
/// kept (a ledger makes them durable before they are signed), shown (they are a certificate but for the signature),
/// carried to an offline machine or a key store and signed there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToBeSigned {
    bytes: Vec<u8>,
    unsigned: SshCertificate,
    algorithm: SshSignatureAlgorithm,
}

impl ToBeSigned {
    /// Bytes to be signed that were prepared, and so cleared, in another place or at another time: an offline signer
    /// reads what it was brought, a ledger what it kept.
    ///
    /// Nothing is judged here but the form: it is what this crate writes.
    ///
    /// # Errors
    ///
    /// - [`Error::NotHostCertificate`] for bytes that do not read, are for users, have options, extensions or anything
    ///   reserved, a short nonce, serial 0, or a type name that is not OpenSSH's.
    /// - [`Error::AuthorityKeyTooSmall`], [`Error::AuthorityKeyUnsupported`] for an authority that does not sign here.
    pub fn from_bytes_cleared_elsewhere(bytes: &[u8]) -> Result<Self, Error> {
        Self::read(bytes.to_vec())
    }

    /// Writes `certificate`.
    pub(crate) fn write<'p>(
        certificate: HostCertificate<'_, impl Iterator<Item = &'p str>>,
    ) -> Result<Self, Error> {
        let mut bytes = Vec::with_capacity(512);
        write_key(&mut bytes, certificate.public_key, certificate.nonce)?;
        bytes.extend_from_slice(&certificate.serial.to_be_bytes());
        bytes.extend_from_slice(&ROLE_HOST.to_be_bytes());
        write_text(&mut bytes, certificate.key_id, CertificateField::KeyId)?;
        let (mut principals, mut count) = (Vec::new(), 0);
        for principal in certificate.principals {
            write_text(&mut principals, principal, CertificateField::Principals)?;
            count += 1;
        }
        if count > PRINCIPALS_MAX {
            return Err(Error::TooManyPrincipals { count });
        }
        write_string(&mut bytes, &principals);
        bytes.extend_from_slice(&certificate.valid_after.to_be_bytes());
        bytes.extend_from_slice(&certificate.valid_before.to_be_bytes());
        write_string(&mut bytes, b""); // critical options
        write_string(&mut bytes, b""); // extensions
        write_string(&mut bytes, b""); // reserved
        write_string(&mut bytes, certificate.authority_key.blob());
        Self::read(bytes)
    }

    /// Reads the bytes as the certificate they will be, with an empty signature.
    fn read(bytes: Vec<u8>) -> Result<Self, Error> {
        let mut blob = bytes;
        write_string(&mut blob, b"");
        let unsigned = SshCertificate::from_blob(&blob)
            .map_err(|_| Error::NotHostCertificate { reason: "they do not read as one" })?;
        blob.truncate(blob.len() - 4);
        let fields =
            unsigned.fields().ok_or(Error::NotHostCertificate { reason: "the type is not known" })?;
        if let Some(reason) = peculiarity(&unsigned, fields) {
            return Err(Error::NotHostCertificate { reason });
        }
        let algorithm = algorithm_of_authority(fields.authority_key())?;
        Ok(Self { bytes: blob, unsigned, algorithm })
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What they say; the signature in it is empty.
    ///
    /// # Panics
    ///
    /// Never: only certificates whose fields read are kept.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the one constructor refuses certificates without fields")]
    pub fn fields(&self) -> &SshCertificateFields {
        self.unsigned.fields().expect("read as fields when it was made")
    }

    /// The algorithm under which they are to be signed.
    #[must_use]
    pub const fn algorithm(&self) -> SshSignatureAlgorithm {
        self.algorithm
    }

    /// The certificate that these bytes and their signature make. The signature is verified.
    ///
    /// # Errors
    ///
    /// - [`Error::Signature`] for one that the authority did not make, or not under [`ToBeSigned::algorithm`].
    /// - [`Error::IssuedUnreadable`] if what comes out does not read.
    pub fn attach(&self, signature: &SshSignature) -> Result<SshCertificate, Error> {
        let certificate = self.assemble(signature)?;
        self.verify(&certificate)?;
        Ok(certificate)
    }

    /// The certificate that these bytes and a signature make, whoever made it.
    pub(crate) fn assemble(&self, signature: &SshSignature) -> Result<SshCertificate, Error> {
        let blob = signature.blob();
        let mut bytes = Vec::with_capacity(self.bytes.len() + blob.len() + 4);
        bytes.extend_from_slice(&self.bytes);
        write_string(&mut bytes, &blob);
        SshCertificate::from_blob(&bytes).map_err(Error::IssuedUnreadable)
    }

    /// Whether the authority signed `certificate` as it is, under the algorithm it should.
    pub(crate) fn verify(&self, certificate: &SshCertificate) -> Result<(), Error> {
        certificate.verify_signature()?;
        let signature = certificate.fields().map(SshCertificateFields::signature).unwrap_or_default();
        Ok(SshSignature::read(signature)?.require_algorithm(self.algorithm)?)
    }
}

/// What sets bytes apart from those that this crate writes.
fn peculiarity(certificate: &SshCertificate, fields: &SshCertificateFields) -> Option<&'static str> {
    let faults = [
        (!certificate.name().ends_with(SUFFIX), "the type name is not openssh's"),
        (fields.nonce().len() != NONCE_BYTES, "the nonce has not 32 bytes"),
        (fields.role() != SshRole::Host, "it is not for a host"),
        (fields.serial() == 0, "the serial is 0"),
        (fields.valid_before() <= fields.valid_after(), "it would never be valid"),
        (!fields.critical_options().is_empty(), "it has critical options"),
        (!fields.extensions().is_empty(), "it has extensions"),
        (!fields.reserved().is_empty(), "the reserved field is not empty"),
    ];
    faults.into_iter().find_map(|(is_so, reason)| is_so.then_some(reason))
}

/// What OpenSSH adds to the name of a key type.
const SUFFIX: &str = "-cert-v01@openssh.com";

/// The name of the certificate type for keys of this kind; nothing for those that get no host certificates here.
pub(crate) fn certificate_type(kind: &SshKeyKind) -> Option<&'static str> {
    Some(match kind {
        SshKeyKind::Ecdsa { curve: Curve::P256 } => "ecdsa-sha2-nistp256-cert-v01@openssh.com",
        SshKeyKind::Ecdsa { curve: Curve::P384 } => "ecdsa-sha2-nistp384-cert-v01@openssh.com",
        SshKeyKind::Ecdsa { curve: Curve::P521 } => "ecdsa-sha2-nistp521-cert-v01@openssh.com",
        SshKeyKind::Ed25519 => "ssh-ed25519-cert-v01@openssh.com",
        SshKeyKind::Rsa { .. } => "ssh-rsa-cert-v01@openssh.com",
        _ => return None,
    })
}

/// Type name, nonce, and the fields of the key that is certified.
fn write_key(out: &mut Vec<u8>, key: &SshPublicKey, nonce: &[u8; NONCE_BYTES]) -> Result<(), Error> {
    let unsupported = || Error::HostKeyUnsupported { name: key.name().to_owned() };
    let name = certificate_type(key.kind()).ok_or_else(unsupported)?;
    let public = key.public_key().ok_or_else(unsupported)?;
    write_string(out, name.as_bytes());
    write_string(out, nonce);
    if let (Some(exponent), Some(modulus)) = (public.rsa_exponent(), public.rsa_modulus()) {
        // Anew, for a key that was written with needless zeros would match no revocation list.
        write_mpint(out, exponent);
        write_mpint(out, modulus);
    } else {
        let mut reader = Reader::over(key.blob());
        reader.string().map_err(|_| unsupported())?;
        out.extend_from_slice(reader.rest());
    }
    Ok(())
}

fn write_text(out: &mut Vec<u8>, text: &str, field: CertificateField) -> Result<(), Error> {
    if text.contains('\0') {
        return Err(Error::NulInText { field });
    }
    write_string(out, text.as_bytes());
    Ok(())
}
