//! Authorities that sign SSH certificates; the API makes their keys, and keeps them.

use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::empty;
use crate::id::Id;
use crate::resource::{Collection, Create, resource};
use crate::timestamp::Timestamp;

/// An SSH certificate authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SshCertificateAuthority {
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
    /// Its public key: type and base64, without a comment.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub public_key: String,
    /// `rsa`, `ecdsa` or `ed25519`.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub key_type: String,
}

/// The body of the request that creates an [`SshCertificateAuthority`]; empty, it asks for whatever key the API prefers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SshCertificateAuthorityCreate {
    /// For people: at most 255 bytes.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// For programs, opaque to the API: at most 4096 bytes.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub metadata: String,
    /// `rsa`, `ecdsa` or `ed25519`.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub private_key_type: String,
    /// Such as `p256`; only for an `ecdsa` key.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub elliptic_curve: String,
    /// 2048 or 4096 bits; only for an `rsa` key, and 0 if not said.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "empty::is_zero")]
    pub key_size: i64,
}

resource!(
    SshCertificateAuthority,
    Collection {
        name: "ssh_certificate_authorities",
        prefix: "sshca",
        noun: "SSH certificate authority",
        is_filterable: true,
    },
    SshCertificateAuthorityCreate
);

impl Create for SshCertificateAuthorityCreate {
    fn to_body(&self) -> Body {
        Body::of(self)
    }
}
