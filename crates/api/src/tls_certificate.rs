//! TLS certificates with their chains; their private keys go in, and never come out.

use serde::{Deserialize, Deserializer, Serialize};
use zeroize::Zeroizing;

use crate::body::Body;
use crate::empty;
use crate::id::Id;
use crate::resource::{Collection, Create, resource};
use crate::timestamp::Timestamp;

/// A TLS certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TlsCertificate {
    /// Its id.
    pub id: Id<Self>,
    /// Where it is.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub uri: String,
    /// When it was created, by the server's clock.
    pub created_at: Timestamp,
    /// For people; left out if empty.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// For programs, opaque to the API; left out if empty.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub metadata: String,
    /// The chain, leaf first, PEM; ends with a line feed.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub certificate_pem: String,
    /// Common name of the leaf's subject.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub subject_common_name: String,
    /// Names and addresses of the leaf.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub subject_alternative_names: SubjectAlternativeNames,
    /// When the API had it issued; `None` if it was uploaded.
    #[serde(default, deserialize_with = "empty::moment")]
    pub issued_at: Option<Timestamp>,
    /// First second of the leaf's validity.
    pub not_before: Timestamp,
    /// Last second of the leaf's validity.
    pub not_after: Timestamp,
    /// What the leaf's key may be used for, such as `digital_signature`; not a closed list.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub key_usages: Vec<String>,
    /// The same of the extended key usage, such as `server_auth`.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub extended_key_usages: Vec<String>,
    /// `rsa`, `ecdsa` or `ed25519`.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub private_key_type: String,
    /// Common name of the leaf's issuer.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub issuer_common_name: String,
    /// Serial number of the leaf: hexadecimal, lower case, an even number of digits.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub serial_number: String,
    /// Organization of the leaf's subject.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub subject_organization: String,
    /// Organizational unit of the leaf's subject.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub subject_organizational_unit: String,
    /// Locality of the leaf's subject.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub subject_locality: String,
    /// State or province of the leaf's subject.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub subject_province: String,
    /// Country of the leaf's subject.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub subject_country: String,
}

/// What a leaf says of whom it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
pub struct SubjectAlternativeNames {
    /// DNS names, in the order of the certificate.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub dns_names: Vec<String>,
    /// IP addresses, in the order of the certificate.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub ips: Vec<String>,
}

/// The body of the request that creates a [`TlsCertificate`]. It holds a private key: it has no `Debug`, `Clone` or
/// `Serialize`, and the key is wiped on drop.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TlsCertificateCreate {
    /// For people: at most 255 bytes.
    #[serde(default, deserialize_with = "empty::or_null")]
    #[cfg_attr(test, schemars(skip_serializing_if = "String::is_empty"))]
    pub description: String,
    /// For programs, opaque to the API: at most 4096 bytes.
    #[serde(default, deserialize_with = "empty::or_null")]
    #[cfg_attr(test, schemars(skip_serializing_if = "String::is_empty"))]
    pub metadata: String,
    /// The chain, leaf first, PEM.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub certificate_pem: String,
    /// The private key of the leaf, PEM, not encrypted.
    #[serde(default, deserialize_with = "private_key")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub private_key_pem: Zeroizing<String>,
}

/// The body as it is written: the only way in which the private key goes out.
#[derive(Serialize)]
struct Written<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    metadata: &'a str,
    certificate_pem: &'a str,
    private_key_pem: &'a str,
}

fn private_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Zeroizing<String>, D::Error> {
    empty::or_null(deserializer).map(Zeroizing::new)
}

resource!(
    TlsCertificate,
    Collection { name: "tls_certificates", prefix: "cert", noun: "TLS certificate", is_filterable: true },
    TlsCertificateCreate
);

impl Create for TlsCertificateCreate {
    fn to_body(&self) -> Body {
        Body::of(&Written {
            description: &self.description,
            metadata: &self.metadata,
            certificate_pem: &self.certificate_pem,
            private_key_pem: &self.private_key_pem,
        })
    }
}
