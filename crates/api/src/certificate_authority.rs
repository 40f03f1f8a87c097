//! Certificate authorities that servers trust when clients show certificates (mutual TLS).

use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::empty;
use crate::id::Id;
use crate::resource::{Collection, Create, resource};
use crate::timestamp::Timestamp;

/// A certificate authority for mutual TLS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CertificateAuthority {
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
    /// The certificate, PEM; ends with a line feed.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub ca_pem: String,
    /// Common name of its subject.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub subject_common_name: String,
    /// First second of validity.
    pub not_before: Timestamp,
    /// Last second of validity.
    pub not_after: Timestamp,
    /// What its key may be used for, such as `cert_sign`; not a closed list.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub key_usages: Vec<String>,
    /// The same of the extended key usage.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub extended_key_usages: Vec<String>,
}

/// The body of the request that creates a [`CertificateAuthority`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CertificateAuthorityCreate {
    /// For people: at most 255 bytes.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// For programs, opaque to the API: at most 4096 bytes.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub metadata: String,
    /// One certificate, PEM, whose basic constraints say CA:TRUE.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub ca_pem: String,
}

resource!(
    CertificateAuthority,
    Collection {
        name: "certificate_authorities",
        prefix: "ca",
        noun: "certificate authority",
        is_filterable: true,
    },
    CertificateAuthorityCreate
);

impl Create for CertificateAuthorityCreate {
    fn to_body(&self) -> Body {
        Body::of(self)
    }
}
