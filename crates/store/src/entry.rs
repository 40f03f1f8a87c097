//! What a record of the audit chain says, and the bytes it says it in.
//!
//! A body is the version byte `1` and then fields, each a `u32` length, big-endian, and that many bytes. Numbers are 8
//! bytes, big-endian; texts are UTF-8; what may be absent is an empty field or one byte `1` and the value; a list is a
//! field of fields. The fields stand in the order of the variants below.

mod read;
mod write;

use crate::authority::{AuthorityId, AuthorityName, AuthorityState, Custody, Origin, Transition};
use crate::certificate::CertificateId;
use crate::resource::{ResourceFacts, ResourceKind};
use crate::revocation::{RevocationTarget, Revoked};
use crate::seal::MasterKeyNumber;

/// The version of the bodies that are written.
const BODY_VERSION: u8 = 1;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entry {
    /// An authority was added. Fields: name, public key in wire form, comment, custody (`agent`, `sealed`, or `file` and
    /// the path), origin (`created` or `imported`), predecessor if any, state, first serial.
    AuthorityAdded(AuthorityAdded),
    /// An authority's state changed. Fields: number, old state, new state, step.
    AuthorityMoved {
        /// The authority.
        authority: AuthorityId,
        /// Its state before.
        from: AuthorityState,
        /// Its state since.
        to: AuthorityState,
        /// The step that was asked for, of this authority or of its successor.
        by: Transition,
    },
    /// A serial was reserved, and the bytes to be signed with it. Fields: authority, bytes.
    SerialReserved {
        /// The authority.
        authority: AuthorityId,
        /// A certificate without its signature (draft-ietf-sshm-cert), the serial in it: 0 if that was asked for, which is no
        /// serial of the authority's and may be that of others.
        to_be_signed: Vec<u8>,
    },
    /// A reserved certificate was signed. Fields: number, signature.
    CertificateRecorded {
        /// The certificate.
        certificate: CertificateId,
        /// The signature in wire form; as a string after the bytes that were reserved it makes the certificate.
        signature: Vec<u8>,
    },
    /// A reserved certificate is not going to be signed, or so somebody said. Fields: number, reason.
    CertificateAbandoned {
        /// The certificate.
        certificate: CertificateId,
        /// Why.
        reason: String,
    },
    /// A certificate that was signed before was imported. Fields: authority, certificate.
    CertificateImported {
        /// The authority.
        authority: AuthorityId,
        /// The certificate in wire form.
        certificate: Vec<u8>,
    },
    /// Something was revoked. Fields: target (a word and up to three more), reason, serials (authority, first, last
    /// of each), key ids (authority if any, key id of each), keys (wire form of each).
    Revoked {
        /// What was asked for.
        target: RevocationTarget,
        /// Why.
        reason: String,
        /// What it added to what was revoked before.
        added: Revoked,
    },
    /// A version of the key revocation list was taken. Fields: version, authority if any. It contains what the
    /// records before this one revoked.
    KrlPublished {
        /// The version.
        version: u64,
        /// The authority it is for; nothing for all.
        authority: Option<AuthorityId>,
    },
    /// A resource was created. Fields: kind, id, number of the authority's resource if any, description, metadata, facts
    /// (subject common name, serial number, first and last second of validity, each if any; seconds since 1970 as two's
    /// complement), content, one byte (1 if a secret is kept with it, else 0).
    ResourceCreated(ResourceCreated),
    /// A resource was changed. Fields: number, description, metadata.
    ResourceUpdated {
        /// The number of the record that created it.
        resource: u64,
        /// Its description since.
        description: String,
        /// Its metadata since.
        metadata: String,
    },
    /// A resource was deleted, and its secret with it. Fields: number.
    ResourceDeleted {
        /// The number of the record that created it.
        resource: u64,
    },
    /// Every secret was sealed anew. Fields: the master key's number, how many there are.
    SecretsResealed {
        /// The master key since.
        master: MasterKeyNumber,
        /// How many secrets there are.
        count: u64,
    },
    /// An API key was made. Fields: id, hash, description, one byte (1 if it only reads, else 0).
    ApiKeyAdded {
        /// Its id.
        id: String,
        /// The SHA-256 of the key.
        hash: [u8; 32],
        /// For people.
        description: String,
        /// Whether it opens nothing but what reads.
        is_read_only: bool,
    },
    /// An API key was revoked. Fields: number.
    ApiKeyRevoked {
        /// The number of the record that added it.
        key: u64,
    },
}

/// A resource as it was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceCreated {
    /// What it is.
    pub kind: ResourceKind,
    /// Its id.
    pub id: String,
    /// The number of the record that created the authority that signed it.
    pub authority: Option<u64>,
    /// For people.
    pub description: String,
    /// For programs.
    pub metadata: String,
    /// What of it is searched.
    pub facts: ResourceFacts,
    /// All else that it says.
    pub content: Vec<u8>,
    /// Whether a secret is kept with it.
    pub has_secret: bool,
}

/// An authority as it was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityAdded {
    /// Its name.
    pub name: AuthorityName,
    /// Its public key in wire form (RFC 4253 §6.6).
    pub public_key: Vec<u8>,
    /// What is said about the key.
    pub comment: String,
    /// Where the private key is.
    pub custody: Custody,
    /// How the key came to be.
    pub origin: Origin,
    /// The authority that it replaces.
    pub succeeds: Option<AuthorityId>,
    /// The state it started in.
    pub state: AuthorityState,
    /// The first serial.
    pub first_serial: u64,
}

impl Entry {
    /// The word for its kind: `authority-added`, ….
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::AuthorityAdded(_) => "authority-added",
            Self::AuthorityMoved { .. } => "authority-moved",
            Self::SerialReserved { .. } => "serial-reserved",
            Self::CertificateRecorded { .. } => "certificate-recorded",
            Self::CertificateAbandoned { .. } => "certificate-abandoned",
            Self::CertificateImported { .. } => "certificate-imported",
            Self::Revoked { .. } => "revoked",
            Self::KrlPublished { .. } => "krl-published",
            Self::ResourceCreated(_) => "resource-created",
            Self::ResourceUpdated { .. } => "resource-updated",
            Self::ResourceDeleted { .. } => "resource-deleted",
            Self::SecretsResealed { .. } => "secrets-resealed",
            Self::ApiKeyAdded { .. } => "api-key-added",
            Self::ApiKeyRevoked { .. } => "api-key-revoked",
        }
    }

    /// The body.
    pub(crate) fn body(&self) -> Vec<u8> {
        write::body(self)
    }

    /// Reads a body; nothing for one that was not written by [`Entry::body`] under this kind.
    pub(crate) fn read(kind: &str, body: &[u8]) -> Option<Self> {
        read::entry(kind, body)
    }
}

#[cfg(test)]
mod tests;
