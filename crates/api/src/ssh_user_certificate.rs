//! SSH certificates for users.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::empty;
use crate::id::Id;
use crate::resource::{Collection, Create, resource};
use crate::ssh_certificate_authority::SshCertificateAuthority;
use crate::timestamp::Timestamp;

/// An SSH user certificate, which the API signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SshUserCertificate {
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
    /// The users it is good for, in the order of the request; with none, no server takes it that knows the authority by
    /// `TrustedUserCAKeys`.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub principals: Vec<String>,
    /// Options that a server must know, such as `force-command`, with their values.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub critical_options: BTreeMap<String, String>,
    /// Options that a server may pass over, such as `permit-pty`, with their values.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub extensions: BTreeMap<String, String>,
    /// First second of validity.
    pub valid_after: Timestamp,
    /// First second after it: what OpenSSH calls `valid_before`.
    pub valid_until: Timestamp,
    /// The line of an OpenSSH certificate file; its comment and key id are the id of the resource.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub certificate: String,
}

/// The body of the request that creates an [`SshUserCertificate`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SshUserCertificateCreate {
    /// The id of the authority that is to sign.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub ssh_certificate_authority_id: String,
    /// The key to certify: a line as in an OpenSSH `.pub` file.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub public_key: String,
    /// The users it is to be good for; with none, no server takes it that knows the authority by `TrustedUserCAKeys`.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "Vec::is_empty")]
    pub principals: Vec<String>,
    /// Options that a server must know, with their values.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "BTreeMap::is_empty")]
    pub critical_options: BTreeMap<String, String>,
    /// Options that a server may pass over; with none, the API grants `permit-pty` and `permit-user-rc`.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "BTreeMap::is_empty")]
    pub extensions: BTreeMap<String, String>,
    /// First second of validity, RFC 3339; the API's present if empty.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub valid_after: String,
    /// First second after it, RFC 3339; a day on if empty.
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
    SshUserCertificate,
    Collection {
        name: "ssh_user_certificates",
        prefix: "sucrt",
        noun: "SSH user certificate",
        is_filterable: false,
    },
    SshUserCertificateCreate
);

impl Create for SshUserCertificateCreate {
    fn to_body(&self) -> Body {
        Body::of(self)
    }
}
