//! Lists of revoked X.509 certificates (RFC 5280 §5).

use std::collections::BTreeSet;

use x509_parser::prelude::{CertificateRevocationList as Parsed, FromDer};

use crate::certificate::signed_and_signature;
use crate::key::PublicKey;
use crate::name::Name;
use crate::serial::Serial;
use crate::signature::{self, SignatureAlgorithm, SignatureCheck};
use crate::span::Span;
use crate::timestamp::Timestamp;

/// cRLNumber (RFC 5280 §5.2.3).
const CRL_NUMBER: &str = "2.5.29.20";
/// authorityKeyIdentifier (RFC 5280 §5.2.1), which names a key and limits nothing.
const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";

/// A list of revoked certificates: the bytes it was read from and what they say.
#[derive(Clone, Debug)]
pub struct CertificateRevocationList {
    der: Vec<u8>,
    tbs: Span,
    signature: Span,
    signature_algorithm: SignatureAlgorithm,
    issuer: Name,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    number_is_critical: Option<bool>,
    revoked: BTreeSet<Vec<u8>>,
    unknown_critical: Vec<String>,
}

impl CertificateRevocationList {
    /// Reads one list from DER, all of `der`; `None` where it is no such list.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (rest, parsed) = Parsed::from_der(der).ok()?;
        let list = &parsed.tbs_cert_list;
        if !rest.is_empty() || list.signature != parsed.signature_algorithm {
            return None;
        }
        let (tbs, signature) = signed_and_signature(der)?;
        let extension = |oid: &str| list.extensions().iter().find(|known| known.oid.to_id_string() == oid);
        Some(Self {
            tbs,
            signature,
            signature_algorithm: SignatureAlgorithm::read(&parsed.signature_algorithm),
            issuer: Name::read(&list.issuer).ok()?,
            this_update: Timestamp::from_unix_secs(list.this_update.timestamp()),
            next_update: list.next_update.map(|time| Timestamp::from_unix_secs(time.timestamp())),
            number_is_critical: extension(CRL_NUMBER).map(|number| number.critical),
            revoked: list
                .revoked_certificates
                .iter()
                .map(|entry| Serial::from_der_integer(entry.raw_serial()).magnitude().to_vec())
                .collect(),
            unknown_critical: list
                .extensions()
                .iter()
                .filter(|extension| extension.critical)
                .map(|extension| extension.oid.to_id_string())
                .filter(|oid| ![CRL_NUMBER, AUTHORITY_KEY_IDENTIFIER].contains(&oid.as_str()))
                .collect(),
            der: der.to_vec(),
        })
    }

    /// Whose certificates are listed.
    #[must_use]
    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// First second at which the list holds.
    #[must_use]
    pub fn this_update(&self) -> Timestamp {
        self.this_update
    }

    /// When a newer list is due; `None` where the list does not say.
    #[must_use]
    pub fn next_update(&self) -> Option<Timestamp> {
        self.next_update
    }

    /// Whether cRLNumber is marked critical, which RFC 5280 §5.2.3 forbids; `None` where it is absent, which it forbids
    /// too.
    #[must_use]
    pub fn number_is_critical(&self) -> Option<bool> {
        self.number_is_critical
    }

    /// Whether the list names this serial number.
    #[must_use]
    pub fn revokes(&self, serial: &Serial) -> bool {
        !serial.is_negative() && self.revoked.contains(serial.magnitude())
    }

    /// Critical extensions that nothing here understands, such as those of partial lists, in dotted decimal.
    #[must_use]
    pub fn unknown_critical(&self) -> &[String] {
        &self.unknown_critical
    }

    /// Checks the signature with a public key.
    #[must_use]
    pub fn signed_by(&self, key: &PublicKey) -> SignatureCheck {
        signature::check(&self.signature_algorithm, key, self.tbs.of(&self.der), self.signature.of(&self.der))
    }
}
