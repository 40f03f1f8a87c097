//! Issuing: from what was cleared to a certificate that says exactly that.

mod judged;

use certgate_facts::{SSH_LINE_BYTES_MAX, SshCertificate, SshKeyKind, SshPublicKey, SshSignature};
use certgate_rules::{Cleared, RequestFor, Role, SshValidity};
use rand_core::TryCryptoRng;

use self::judged::Judged;
use crate::codec::{Content, NONCE_BYTES, ToBeSigned};
use crate::error::Error;
use crate::signer::Signer;

/// A certificate in which everything is decided and nothing is signed: the moment to make serial and bytes durable.
///
/// It is made of a cleared request by [`prepare`], and spent once.
#[must_use = "prepared and then not signed"]
pub struct Prepared {
    judged: Judged,
    to_be_signed: ToBeSigned,
}

/// A certificate that was signed, read back, and found to say what was judged.
#[derive(Clone, Debug)]
pub struct IssuedCertificate {
    certificate: SshCertificate,
    comment: String,
}

/// Decides everything about a certificate, of a host or a user: the request's own fields, this serial, a nonce of 32 random
/// bytes, this authority.
///
/// Serials are the caller's: unique for each authority, which takes a ledger.
///
/// # Errors
///
/// - [`Error::AuthorityKeyTooSmall`], [`Error::AuthorityKeyUnsupported`] for an authority that does not sign here.
/// - [`Error::CertificateTooLong`] for texts that no reader of lines would take.
/// - [`Error::PublicKeyMissing`], [`Error::PublicKeyUnsupported`] for a request without a key that can be certified.
/// - [`Error::NulInText`], [`Error::OptionNameEmpty`], [`Error::TooManyPrincipals`], [`Error::ValidityEmpty`],
///   [`Error::ValidityUnreadable`] for what OpenSSH reads otherwise than it looks, or not at all.
/// - [`Error::RandomnessUnavailable`] if `rng` fails.
/// - [`Error::SerialZero`] for serial 0.
pub fn prepare<C: Role, R: TryCryptoRng + ?Sized>(
    cleared: Cleared<RequestFor<C>>,
    authority_key: &SshPublicKey,
    serial: u64,
    rng: &mut R,
) -> Result<Prepared, Error> {
    match serial {
        0 => Err(Error::SerialZero),
        _ => prepare_with(cleared, authority_key, serial, rng),
    }
}

/// Like [`prepare`], with serial 0, as the public certificate API has it. No revocation list can name such a certificate by
/// its serial: it can be revoked by its key id, which should then be its own, or by its key.
///
/// # Errors
///
/// Those of [`prepare`], but for [`Error::SerialZero`].
pub fn prepare_without_serial_revocable_by_key_id_only<C: Role, R: TryCryptoRng + ?Sized>(
    cleared: Cleared<RequestFor<C>>,
    authority_key: &SshPublicKey,
    rng: &mut R,
) -> Result<Prepared, Error> {
    prepare_with(cleared, authority_key, 0, rng)
}

fn prepare_with<C: Role, R: TryCryptoRng + ?Sized>(
    cleared: Cleared<RequestFor<C>>,
    authority_key: &SshPublicKey,
    serial: u64,
    rng: &mut R,
) -> Result<Prepared, Error> {
    let request = cleared.spend().into_request();
    let validity = request.validity().ok_or(Error::ValidityUnreadable)?;
    let SshValidity { valid_after, valid_before } = validity;
    if valid_before <= valid_after {
        return Err(Error::ValidityEmpty { valid_after, valid_before });
    }
    let public_key = request.public_key().ok_or(Error::PublicKeyMissing)?;
    let mut nonce = [0; NONCE_BYTES];
    rng.try_fill_bytes(&mut nonce).map_err(|_| Error::RandomnessUnavailable)?;
    let content = Content { request: &request, nonce: &nonce, public_key, serial, validity, authority_key };
    let to_be_signed = ToBeSigned::write(&content)?;
    // Told before a serial is used up for it.
    let name = to_be_signed.type_name();
    let blob_bytes = to_be_signed.bytes().len() + signature_bytes_max(authority_key);
    check_line(line_bytes(name, blob_bytes, public_key.comment()))?;
    let judged = Judged { request, validity, serial, nonce, authority_key: authority_key.clone() };
    Ok(Prepared { judged, to_be_signed })
}

/// Issues the certificate that was cleared: [`prepare`] and [`Prepared::sign`] in one, for those who keep no ledger.
///
/// # Errors
///
/// Those of the two.
pub fn issue<C: Role, R: TryCryptoRng + ?Sized>(
    cleared: Cleared<RequestFor<C>>,
    authority: &(impl Signer + ?Sized),
    serial: u64,
    rng: &mut R,
) -> Result<IssuedCertificate, Error> {
    prepare(cleared, authority.public_key(), serial, rng)?.sign(authority)
}

impl Prepared {
    /// The bytes to be signed.
    pub const fn to_be_signed(&self) -> &ToBeSigned {
        &self.to_be_signed
    }

    /// The serial number.
    pub const fn serial(&self) -> u64 {
        self.judged.serial
    }

    /// Has `authority` sign, and checks what comes out.
    ///
    /// # Errors
    ///
    /// - [`Error::AuthorityDiffers`] for another authority than the one it was prepared for.
    /// - What the signer gives for a key that cannot be reached, refuses, or fails.
    /// - Those of [`Prepared::attach`].
    pub fn sign(self, authority: &(impl Signer + ?Sized)) -> Result<IssuedCertificate, Error> {
        if authority.public_key().blob() != self.judged.authority_key.blob() {
            return Err(Error::AuthorityDiffers {
                due: self.judged.authority_key.fingerprint(),
                found: authority.public_key().fingerprint(),
            });
        }
        let signature = authority.sign(self.to_be_signed.bytes())?;
        self.attach(&signature)
    }

    /// Takes a signature that was made elsewhere, and checks what comes out.
    ///
    /// # Errors
    ///
    /// Those of [`Prepared::accept`], and [`Error::IssuedUnreadable`] if it does not read.
    pub fn attach(self, signature: &SshSignature) -> Result<IssuedCertificate, Error> {
        let certificate = self.to_be_signed.assemble(signature)?;
        self.accept(certificate)
    }

    /// Takes a certificate that was put together elsewhere: it is handed out only if the independent reader finds in
    /// it, field by field, what was judged, and the authority's signature over it.
    ///
    /// # Errors
    ///
    /// - [`Error::CertificateTooLong`] if its line would be longer than readers take.
    /// - [`Error::IssuedDiffersFromJudged`] with the first field that differs.
    /// - [`Error::Signature`] for a signature that is not the authority's.
    pub fn accept(self, certificate: SshCertificate) -> Result<IssuedCertificate, Error> {
        self.judged.compare(&certificate, self.to_be_signed.bytes())?;
        self.to_be_signed.verify(&certificate)?;
        let comment = self.judged.public_key().map_or("", SshPublicKey::comment).to_owned();
        check_line(line_bytes(certificate.name(), certificate.blob().len(), &comment))?;
        Ok(IssuedCertificate { certificate, comment })
    }
}

impl IssuedCertificate {
    /// The certificate as the reader gave it.
    #[must_use]
    pub const fn certificate(&self) -> &SshCertificate {
        &self.certificate
    }

    /// The line for a `-cert.pub` file: type, base64, the comment of the key if it has one, line feed.
    #[must_use]
    pub fn line(&self) -> String {
        self.certificate.to_line(&self.comment) + "\n"
    }
}

/// Most bytes of a signature by a key, with the name of its algorithm and the lengths of both.
fn signature_bytes_max(key: &SshPublicKey) -> usize {
    const OTHERS: usize = 256;
    match *key.kind() {
        SshKeyKind::Rsa { bits } => OTHERS + usize::try_from(bits / 8).unwrap_or(usize::MAX / 2),
        _ => OTHERS,
    }
}

/// Bytes of a certificate's line, without the line feed.
fn line_bytes(name: &str, blob_bytes: usize, comment: &str) -> usize {
    let comment = if comment.is_empty() { 0 } else { comment.len() + 1 };
    name.len() + 1 + blob_bytes.div_ceil(3) * 4 + comment
}

fn check_line(bytes: usize) -> Result<(), Error> {
    if bytes > SSH_LINE_BYTES_MAX { Err(Error::CertificateTooLong { bytes }) } else { Ok(()) }
}
