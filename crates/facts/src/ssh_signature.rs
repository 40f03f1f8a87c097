//! SSH signatures: their wire form, and whether a key made one.

mod algorithm;
mod ecdsa;
mod fault;

use aws_lc_rs::digest;
use aws_lc_rs::signature::ParsedPublicKey;

pub use self::algorithm::SshSignatureAlgorithm;
pub use self::fault::SshSignatureFault;
use crate::ssh_certificate::SshCertificate;
use crate::ssh_key::{SshKeyKind, SshPublicKey};
use crate::ssh_wire::{WireDefect, WireReader, printable, write_string};

/// A signature in its wire form (RFC 4253 §6.6): the algorithm's name and the algorithm's own bytes; for security
/// keys, flags and counter too (PROTOCOL.u2f).
///
/// Reading one says nothing about its truth: [`SshSignature::verify`] does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshSignature {
    algorithm: SshSignatureAlgorithm,
    inner: Vec<u8>,
    touch: Option<Touch>,
}

/// What a security key adds: user presence and verification, and how often it has signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Touch {
    flags: u8,
    counter: u32,
}

impl SshSignature {
    /// Reads the wire form, all of `blob`.
    ///
    /// # Errors
    ///
    /// - [`SshSignatureFault::AlgorithmRefused`] for `ssh-rsa`, which is SHA-1.
    /// - [`SshSignatureFault::AlgorithmUnsupported`] for a name that is not known.
    /// - [`SshSignatureFault::Malformed`] for bytes that are cut off or too many.
    pub fn read(blob: &[u8]) -> Result<Self, SshSignatureFault> {
        let mut reader = WireReader::over(blob);
        let name = reader.string().map_err(malformed)?;
        let algorithm = match SshSignatureAlgorithm::from_name(name) {
            Some(algorithm) => algorithm,
            None if name == b"ssh-rsa" || name == b"ssh-dss" => {
                return Err(SshSignatureFault::AlgorithmRefused { name: printable(name) });
            }
            None => return Err(SshSignatureFault::AlgorithmUnsupported { name: printable(name) }),
        };
        let inner = reader.string().map_err(malformed)?.to_vec();
        let touch = match algorithm.is_of_security_key() {
            true => Some(Touch {
                flags: reader.u8().map_err(malformed)?,
                counter: reader.u32().map_err(malformed)?,
            }),
            false => None,
        };
        if reader.is_empty() {
            Ok(Self { algorithm, inner, touch })
        } else {
            Err(SshSignatureFault::Malformed)
        }
    }

    /// A signature as providers and key stores give it: 64 bytes for Ed25519 (RFC 8032 §5.1.6); r and s for ECDSA, big-endian,
    /// each at the length of the curve's field (IEEE P1363, "fixed"); the signature representative for RSA (RFC 8017
    /// §8.2.1).
    ///
    /// # Errors
    ///
    /// - [`SshSignatureFault::AlgorithmUnsupported`] for the two of security keys, which sign something else.
    /// - [`SshSignatureFault::Malformed`] for a length that is not the algorithm's.
    pub fn from_raw(algorithm: SshSignatureAlgorithm, raw: &[u8]) -> Result<Self, SshSignatureFault> {
        let inner = match (algorithm, algorithm.scalar_bytes()) {
            _ if algorithm.is_of_security_key() => {
                return Err(SshSignatureFault::AlgorithmUnsupported { name: algorithm.name().to_owned() });
            }
            (_, Some(scalar_bytes)) => ecdsa::to_wire(raw, scalar_bytes)?,
            (SshSignatureAlgorithm::Ed25519, None) if raw.len() != 64 => {
                return Err(SshSignatureFault::Malformed);
            }
            _ if raw.is_empty() => return Err(SshSignatureFault::Malformed),
            _ => raw.to_vec(),
        };
        Ok(Self { algorithm, inner, touch: None })
    }

    /// The algorithm it says it was made with.
    #[must_use]
    pub const fn algorithm(&self) -> SshSignatureAlgorithm {
        self.algorithm
    }

    /// That it says it was made with `algorithm`.
    ///
    /// # Errors
    ///
    /// [`SshSignatureFault::OfOtherAlgorithm`] if not.
    pub fn require_algorithm(&self, algorithm: SshSignatureAlgorithm) -> Result<(), SshSignatureFault> {
        if self.algorithm == algorithm {
            return Ok(());
        }
        Err(SshSignatureFault::OfOtherAlgorithm {
            due: algorithm.name().to_owned(),
            found: self.algorithm.name(),
        })
    }

    /// The wire form.
    #[must_use]
    pub fn blob(&self) -> Vec<u8> {
        let mut blob = Vec::with_capacity(self.inner.len() + 64);
        write_string(&mut blob, self.algorithm.name().as_bytes());
        write_string(&mut blob, &self.inner);
        if let Some(touch) = self.touch {
            blob.push(touch.flags);
            blob.extend_from_slice(&touch.counter.to_be_bytes());
        }
        blob
    }

    /// Whether `key` made it over `message`.
    ///
    /// The flags of a security key are part of what it signs, and none of them is asked for: as OpenSSH does with
    /// the signatures in certificates.
    ///
    /// # Errors
    ///
    /// - [`SshSignatureFault::Invalid`] if not; also for RSA keys outside of 1024 to 8192 bits, which are not tried.
    /// - [`SshSignatureFault::Malformed`] for bytes that are none of this algorithm.
    /// - [`SshSignatureFault::OfOtherAlgorithm`] for an algorithm that keys of this type do not use.
    pub fn verify(&self, key: &SshPublicKey, message: &[u8]) -> Result<(), SshSignatureFault> {
        if !self.algorithm.is_of(key.kind()) {
            return Err(SshSignatureFault::OfOtherAlgorithm {
                due: format!("of a key of type {}", key.name()),
                found: self.algorithm.name(),
            });
        }
        let public = key.public_key().ok_or(SshSignatureFault::Invalid)?;
        let parsed = ParsedPublicKey::new(self.algorithm.verification(), public.spki())
            .map_err(|_| SshSignatureFault::Invalid)?;
        let raw = match (self.algorithm.scalar_bytes(), public.rsa_modulus()) {
            (Some(scalar_bytes), _) => ecdsa::from_wire(&self.inner, scalar_bytes)?,
            // OpenSSH takes a signature without its leading zeros, and so must we.
            (None, Some(modulus)) => padded(&self.inner, modulus.len())?,
            (None, None) => self.inner.clone(),
        };
        let valid = match (self.touch, key.kind()) {
            (
                Some(touch),
                SshKeyKind::SkEcdsaP256 { application } | SshKeyKind::SkEd25519 { application },
            ) => parsed.verify_sig(&touch.signed_bytes(application.as_bytes(), message), &raw),
            _ => parsed.verify_sig(message, &raw),
        };
        valid.map_err(|_| SshSignatureFault::Invalid)
    }
}

impl Touch {
    /// What a security key signs in place of the message (PROTOCOL.u2f, "SSH U2F Signatures").
    fn signed_bytes(self, application: &[u8], message: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(69);
        bytes.extend_from_slice(digest::digest(&digest::SHA256, application).as_ref());
        bytes.push(self.flags);
        bytes.extend_from_slice(&self.counter.to_be_bytes());
        bytes.extend_from_slice(digest::digest(&digest::SHA256, message).as_ref());
        bytes
    }
}

impl SshCertificate {
    /// Whether the authority named in the certificate made its signature, over the bytes as they were received. Gives
    /// the algorithm.
    ///
    /// It is no statement about whether that authority is trusted.
    ///
    /// # Errors
    ///
    /// Those of [`SshSignature::read`] and [`SshSignature::verify`], and
    /// [`SshSignatureFault::CertificateTypeUnknown`] for a certificate of a type whose layout is not known.
    pub fn verify_signature(&self) -> Result<SshSignatureAlgorithm, SshSignatureFault> {
        let (Some(fields), Some(signed)) = (self.fields(), self.signed_bytes()) else {
            return Err(SshSignatureFault::CertificateTypeUnknown { name: self.name().to_owned() });
        };
        let signature = SshSignature::read(fields.signature())?;
        signature.verify(fields.authority_key(), signed)?;
        Ok(signature.algorithm)
    }
}

fn malformed(_: WireDefect) -> SshSignatureFault {
    SshSignatureFault::Malformed
}

/// `number`, big-endian, with zeros before it up to `length` bytes.
fn padded(number: &[u8], length: usize) -> Result<Vec<u8>, SshSignatureFault> {
    let zeros = length.checked_sub(number.len()).ok_or(SshSignatureFault::Malformed)?;
    let mut padded = vec![0; zeros];
    padded.extend_from_slice(number);
    Ok(padded)
}

#[cfg(test)]
mod tests;
