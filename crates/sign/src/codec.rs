//! Writing certificates of hosts and users (draft-ietf-sshm-cert, formerly PROTOCOL.certkeys): the bytes that an authority signs, and
//! the certificate that these and the signature make.
//!
//! The type names written are OpenSSH's, `…-cert-v01@openssh.com`: no release of OpenSSH knows the draft's. The reader
//! is that of `certgate-facts`, which shares no code with this writer.

use std::collections::BTreeMap;

use certgate_facts::{
    Curve, PRINCIPALS_MAX, SshCertificate, SshCertificateFields, SshKeyKind, SshOption, SshPublicKey,
    SshRole, SshSignature, SshSignatureAlgorithm,
};
use certgate_rules::{CertificateRequest, Field, SshValidity};

use crate::error::{CertificateField, Error};
use crate::signer::algorithm_of_authority;
use crate::wire::{Reader, write_mpint, write_string};

/// Bytes of the nonce, as OpenSSH has it; the draft asks for 16 at least.
pub const NONCE_BYTES: usize = 32;
/// User, on the wire.
const ROLE_USER: u32 = 1;
/// Host, on the wire.
const ROLE_HOST: u32 = 2;

/// What a certificate is to say. Nothing is reserved in it, and one of a host has no options.
pub(crate) struct Content<'a> {
    pub(crate) request: &'a CertificateRequest,
    pub(crate) nonce: &'a [u8; NONCE_BYTES],
    pub(crate) public_key: &'a SshPublicKey,
    pub(crate) serial: u64,
    pub(crate) validity: SshValidity,
    pub(crate) authority_key: &'a SshPublicKey,
}

/// The bytes of a certificate that its authority signs: all before the signature.
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
    /// - [`Error::NotToBeSigned`] for bytes that do not read, are for a host and have options or extensions, have anything
    ///   reserved, options in no order, a short nonce, or a type name that is not OpenSSH's.
    /// - [`Error::AuthorityKeyTooSmall`], [`Error::AuthorityKeyUnsupported`] for an authority that does not sign here.
    pub fn from_bytes_cleared_elsewhere(bytes: &[u8]) -> Result<Self, Error> {
        Self::read(bytes.to_vec())
    }

    /// Writes `certificate`.
    pub(crate) fn write(content: &Content<'_>) -> Result<Self, Error> {
        let request = content.request;
        let mut bytes = Vec::with_capacity(512);
        write_key(&mut bytes, content.public_key, content.nonce)?;
        bytes.extend_from_slice(&content.serial.to_be_bytes());
        let role = if request.role() == SshRole::User { ROLE_USER } else { ROLE_HOST };
        bytes.extend_from_slice(&role.to_be_bytes());
        write_text(&mut bytes, request.key_id().text(), CertificateField::KeyId)?;
        let count = request.principals().len();
        if count > PRINCIPALS_MAX {
            return Err(Error::TooManyPrincipals { count });
        }
        let mut principals = Vec::new();
        for principal in request.principals() {
            write_text(&mut principals, principal.text(), CertificateField::Principals)?;
        }
        write_string(&mut bytes, &principals);
        bytes.extend_from_slice(&content.validity.valid_after.to_be_bytes());
        bytes.extend_from_slice(&content.validity.valid_before.to_be_bytes());
        write_options(&mut bytes, request.critical_options(), CertificateField::CriticalOptions)?;
        write_options(&mut bytes, request.extensions(), CertificateField::Extensions)?;
        write_string(&mut bytes, b""); // reserved
        write_string(&mut bytes, content.authority_key.blob());
        Self::read(bytes)
    }

    /// Reads the bytes as the certificate they will be, with an empty signature.
    fn read(bytes: Vec<u8>) -> Result<Self, Error> {
        let mut blob = bytes;
        write_string(&mut blob, b"");
        let unsigned = SshCertificate::from_blob(&blob)
            .map_err(|_| Error::NotToBeSigned { reason: "they do not read as one" })?;
        blob.truncate(blob.len() - 4);
        let fields = unsigned.fields().ok_or(Error::NotToBeSigned { reason: "the type is not known" })?;
        if let Some(reason) = peculiarity(&unsigned, fields) {
            return Err(Error::NotToBeSigned { reason });
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

    /// The name of the certificate's type.
    pub(crate) fn type_name(&self) -> &str {
        self.unsigned.name()
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
    let is_host = fields.role() == SshRole::Host;
    let is_in_order = |options: &[SshOption]| options.is_sorted_by(|one, next| one.name() < next.name());
    let faults = [
        (!certificate.name().ends_with(SUFFIX), "the type name is not openssh's"),
        (fields.nonce().len() != NONCE_BYTES, "the nonce has not 32 bytes"),
        (fields.valid_before() <= fields.valid_after(), "it would never be valid"),
        (is_host && !fields.critical_options().is_empty(), "it is for a host and has critical options"),
        (is_host && !fields.extensions().is_empty(), "it is for a host and has extensions"),
        (!is_in_order(fields.critical_options()), "its critical options are not in order"),
        (!is_in_order(fields.extensions()), "its extensions are not in order"),
        (!fields.reserved().is_empty(), "the reserved field is not empty"),
    ];
    faults.into_iter().find_map(|(is_so, reason)| is_so.then_some(reason))
}

/// What OpenSSH adds to the name of a key type.
const SUFFIX: &str = "-cert-v01@openssh.com";

/// The name of the certificate type for keys of this kind; nothing for those that get no certificates here.
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
    let unsupported = || Error::PublicKeyUnsupported { name: key.name().to_owned() };
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

/// Options in the order of their names: a value as a text inside, and none as nothing.
fn write_options(
    out: &mut Vec<u8>,
    options: &BTreeMap<String, Field>,
    field: CertificateField,
) -> Result<(), Error> {
    let mut section = Vec::new();
    for (name, value) in options {
        if name.is_empty() {
            return Err(Error::OptionNameEmpty);
        }
        write_text(&mut section, name, field)?;
        let mut inside = Vec::new();
        if !value.text().is_empty() {
            write_text(&mut inside, value.text(), field)?;
        }
        write_string(&mut section, &inside);
    }
    write_string(out, &section);
    Ok(())
}

fn write_text(out: &mut Vec<u8>, text: &str, field: CertificateField) -> Result<(), Error> {
    if text.contains('\0') {
        return Err(Error::NulInText { field });
    }
    write_string(out, text.as_bytes());
    Ok(())
}
