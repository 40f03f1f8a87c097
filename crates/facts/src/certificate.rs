//! X.509 certificates (RFC 5280) as facts that own what they say.

mod extensions;
mod host;

use std::net::IpAddr;
use std::sync::OnceLock;

use aws_lc_rs::digest;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::der::{BIT_STRING, SEQUENCE, Walk};
use crate::key::{Curve, KeyType, PublicKey};
use crate::name::Name;
use crate::san::GeneralName;
use crate::serial::Serial;
use crate::signature::{self, SignatureAlgorithm, SignatureCheck};
use crate::span::Span;
use crate::timestamp::Timestamp;
pub use extensions::{AuthorityKeyIdentifier, BasicConstraints, EmbeddedSct, Extensions, NameConstraints};

/// One certificate: the bytes it was read from and everything read out of them.
#[derive(Clone, Debug)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: Span,
    signature: Span,
    version: u32,
    serial: Serial,
    issuer: Name,
    subject: Name,
    not_before: Timestamp,
    not_after: Timestamp,
    public_key: PublicKey,
    signature_algorithm: SignatureAlgorithm,
    extensions: Extensions,
    /// The key that is known to have made the signature, as its SubjectPublicKeyInfo: nobody checks twice.
    signer: OnceLock<Vec<u8>>,
}

/// Why bytes are no certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateError {
    /// The certificate ends and this many bytes follow.
    TrailingBytes(usize),
    /// Not the DER of RFC 5280, or something Go's `crypto/x509` refuses to parse; what, in words.
    Unreadable(String),
}

impl Certificate {
    /// Reads one certificate from DER, as strictly as Go's `crypto/x509` where its refusals are known: both signature
    /// algorithms equal, no negative serial, a curve it knows, no duplicate or malformed extension, standard
    /// key parameters, names whose bytes fit their string types.
    ///
    /// # Errors
    /// [`CertificateError::TrailingBytes`] when more follows; [`CertificateError::Unreadable`] for everything else.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let unreadable = |reason: &str| CertificateError::Unreadable(reason.to_owned());
        let (rest, parsed) = X509Certificate::from_der(der)
            .map_err(|error| CertificateError::Unreadable(reason(der, &error)))?;
        if !rest.is_empty() {
            return Err(CertificateError::TrailingBytes(rest.len()));
        }
        let tbs = &parsed.tbs_certificate;
        if tbs.signature != parsed.signature_algorithm {
            return Err(unreadable("the signature algorithm inside differs from the one outside"));
        }
        let serial = Serial::from_der_integer(tbs.raw_serial());
        if serial.is_negative() {
            return Err(unreadable("the serial number is negative"));
        }
        let bad_string = |error: crate::name::BadString| {
            CertificateError::Unreadable(format!(
                "a name attribute ({}) does not fit its string type",
                error.oid
            ))
        };
        let public_key = PublicKey::from_spki(tbs.subject_pki.raw).map_err(|error| {
            CertificateError::Unreadable(format!("the public key cannot be read: {error}"))
        })?;
        match public_key.key_type() {
            KeyType::EcdsaOther { parameters } => {
                return Err(CertificateError::Unreadable(format!(
                    "unsupported elliptic curve: {parameters}"
                )));
            }
            KeyType::Ecdsa { curve: Curve::Secp256k1 } => {
                return Err(unreadable("unsupported elliptic curve: secp256k1"));
            }
            _ => {}
        }
        if !public_key.has_standard_parameters() {
            return Err(unreadable(
                "the public key's algorithm has parameters that its standard forbids, or lacks those it asks for",
            ));
        }
        let (signed, signature) = signed_and_signature(der)
            .ok_or_else(|| unreadable("the signature is not a BIT STRING of whole bytes"))?;
        Ok(Self {
            tbs: signed,
            signature,
            version: parsed.version().0.saturating_add(1),
            serial,
            issuer: Name::read(&tbs.issuer).map_err(bad_string)?,
            subject: Name::read(&tbs.subject).map_err(bad_string)?,
            not_before: Timestamp::from_unix_secs(tbs.validity.not_before.timestamp()),
            not_after: Timestamp::from_unix_secs(tbs.validity.not_after.timestamp()),
            public_key,
            signature_algorithm: SignatureAlgorithm::read(&parsed.signature_algorithm),
            extensions: Extensions::read(tbs.extensions()).map_err(CertificateError::Unreadable)?,
            signer: OnceLock::new(),
            der: der.to_vec(),
        })
    }

    /// The certificate as it was received.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 over the whole DER.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        sha256(&self.der)
    }

    /// 1, 2 or 3.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The serial number.
    #[must_use]
    pub fn serial(&self) -> &Serial {
        &self.serial
    }

    /// Who the certificate is about.
    #[must_use]
    pub fn subject(&self) -> &Name {
        &self.subject
    }

    /// Who says so.
    #[must_use]
    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// First second of validity.
    #[must_use]
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Last second of validity, itself included.
    #[must_use]
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// The certified public key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// What the issuer signed with.
    #[must_use]
    pub fn signature_algorithm(&self) -> &SignatureAlgorithm {
        &self.signature_algorithm
    }

    /// What the extensions say.
    #[must_use]
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// DNS names of the subject alternative name, in certificate order; the common name is not among them.
    pub fn dns_names(&self) -> impl Iterator<Item = &str> {
        self.extensions.subject_alternative_names().iter().filter_map(|name| match name {
            GeneralName::Dns(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// IP addresses of the subject alternative name, in certificate order.
    pub fn ip_addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.extensions.subject_alternative_names().iter().filter_map(|name| match name {
            GeneralName::Ip(address) => Some(*address),
            _ => None,
        })
    }

    /// Whether basic constraints say CA:TRUE.
    #[must_use]
    pub fn is_ca(&self) -> bool {
        self.extensions.basic_constraints().is_some_and(|constraints| constraints.is_ca)
    }

    /// Whether issuer and subject are the same name and the certificate's own key made the signature.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.names_as_issuer(self) && self.signed_by(&self.public_key) == SignatureCheck::Valid
    }

    /// Whether this certificate's issuer name is the subject name of `issuer`, byte by byte.
    #[must_use]
    pub fn names_as_issuer(&self, issuer: &Self) -> bool {
        self.issuer.der() == issuer.subject.der()
    }

    /// Checks the signature with a public key; names and validity play no part.
    #[must_use]
    pub fn signed_by(&self, key: &PublicKey) -> SignatureCheck {
        if self.signer.get().is_some_and(|signer| signer == key.spki()) {
            return SignatureCheck::Valid;
        }
        let check = signature::check(
            &self.signature_algorithm,
            key,
            self.tbs.of(&self.der),
            self.signature.of(&self.der),
        );
        if check == SignatureCheck::Valid {
            self.signer.get_or_init(|| key.spki().to_vec());
        }
        check
    }
}

/// SHA-256 (FIPS 180-4) of `bytes`.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut value = [0; 32];
    value.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    value
}

/// Where the signed part and the signature lie in a certificate, or a list of revoked ones, that reads.
pub(crate) fn signed_and_signature(der: &[u8]) -> Option<(Span, Span)> {
    let mut outer = Walk::only_sequence(der).ok()?;
    let tbs = outer.due(SEQUENCE).ok()?.whole();
    let algorithm = outer.due(SEQUENCE).ok()?.whole();
    let signature = outer.due(BIT_STRING).ok()?;
    let start = der.len() - tbs.len() - algorithm.len() - signature.whole().len();
    let bits = signature.bit_string_octets().ok()?;
    Some((Span::new(start, start + tbs.len()), Span::new(der.len() - bits.len(), der.len())))
}

/// What the parser's error means, with the lengths where they tell.
fn reason(der: &[u8], error: &x509_parser::nom::Err<x509_parser::error::X509Error>) -> String {
    use x509_parser::error::X509Error;
    if der.is_empty() {
        return "there is no data".to_owned();
    }
    if der[0] != SEQUENCE {
        return "the data does not begin as DER does, with a SEQUENCE".to_owned();
    }
    if let Some(missing) = crate::der::missing_bytes(der) {
        return format!(
            "the DER value is cut off: {missing} more bytes should follow the {} here",
            der.len()
        );
    }
    match error {
        x509_parser::nom::Err::Incomplete(_) => "a length inside runs past the end of the data".to_owned(),
        x509_parser::nom::Err::Error(error) | x509_parser::nom::Err::Failure(error) => match error {
            X509Error::Der(_) | X509Error::NomError(_) | X509Error::Generic => {
                "the DER is not that of a certificate".to_owned()
            }
            error => format!("{error}"),
        },
    }
}

#[cfg(test)]
mod tests;
