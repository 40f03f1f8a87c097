//! SSH certificates for hosts.

use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::empty;
use crate::id::Id;
use crate::resource::{Collection, Create, resource};
use crate::ssh_certificate_authority::SshCertificateAuthority;
use crate::timestamp::Timestamp;

/// An SSH host certificate, which the API signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SshHostCertificate {
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
    /// The key it is about: the line of the request, comment included.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub public_key: String,
    /// Type of that key: `rsa`, `ecdsa` or `ed25519`.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub key_type: String,
    /// Who signed it.
    pub ssh_certificate_authority_id: Id<SshCertificateAuthority>,
    /// The names and addresses it is good for, in the order of the request; with none, it is good for every host.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub principals: Vec<String>,
    /// First second of validity.
    pub valid_after: Timestamp,
    /// First second after it: what OpenSSH calls `valid_before`.
    pub valid_until: Timestamp,
    /// The line of an OpenSSH certificate file; its comment and key id are the id of the resource.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub certificate: String,
}

/// The body of the request that creates an [`SshHostCertificate`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SshHostCertificateCreate {
    /// The id of the authority that is to sign.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub ssh_certificate_authority_id: String,
    /// The key to certify: a line as in an OpenSSH `.pub` file.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub public_key: String,
    /// The names and addresses it is to be good for; with none, it is to be good for every host.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "Vec::is_empty")]
    pub principals: Vec<String>,
    /// First second of validity, RFC 3339; the API's present if empty.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub valid_after: String,
    /// First second after it, RFC 3339; a year on if empty.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub valid_until: String,
    /// For people: at most 255 bytes.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// For programs, opaque to the API: at most 4096 bytes.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub metadata: String,
}

resource!(
    SshHostCertificate,
    Collection {
        name: "ssh_host_certificates",
        prefix: "shcrt",
        noun: "SSH host certificate",
        is_filterable: false,
    },
    SshHostCertificateCreate
);

impl Create for SshHostCertificateCreate {
    fn to_body(&self) -> Body {
        Body::of(self)
    }
}
