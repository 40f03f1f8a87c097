//! Whether something is revoked, and by what.

use std::fmt;

use certgate_facts::{SshCertificateFields, SshPublicKey};

use super::revocations::{Revocations, Scope};
use crate::plain_key;

/// Why something is revoked: the first reason in the order in which OpenSSH looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    by: RevokedBy,
    authority: bool,
}

impl Cause {
    /// What entry of the list it is.
    #[must_use]
    pub const fn by(&self) -> &RevokedBy {
        &self.by
    }

    /// Whether the entry names the key of the authority that signed, and not the certificate or its own key.
    #[must_use]
    pub const fn is_about_authority(&self) -> bool {
        self.authority
    }
}

/// The entry of a list that revokes something.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevokedBy {
    /// The key itself.
    Key,
    /// The certificate's key id.
    KeyId {
        /// Whether the entry is for the certificates of any authority, not of this one.
        any_authority: bool,
    },
    /// The certificate's serial, alone or among others.
    Serial {
        /// The first of the consecutive revoked serials.
        first: u64,
        /// The last of them.
        last: u64,
        /// Whether the entry is for the certificates of any authority, not of this one.
        any_authority: bool,
    },
    /// The SHA-1 of the key.
    Sha1,
    /// The SHA-256 of the key.
    Sha256,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = if self.authority { "the authority's key" } else { "the key" };
        let scope = |any: bool| if any { "of any authority" } else { "of this authority" };
        match self.by {
            RevokedBy::Key => write!(f, "{whose} is in the list"),
            RevokedBy::KeyId { any_authority } => {
                write!(f, "the key id is in the list for certificates {}", scope(any_authority))
            }
            RevokedBy::Serial { first, last, any_authority } if first == last => {
                write!(f, "serial {first} is in the list for certificates {}", scope(any_authority))
            }
            RevokedBy::Serial { first, last, any_authority } => {
                write!(
                    f,
                    "serials {first} to {last} are in the list for certificates {}",
                    scope(any_authority)
                )
            }
            RevokedBy::Sha1 => write!(f, "the SHA-1 of {whose} is in the list"),
            RevokedBy::Sha256 => write!(f, "the SHA-256 of {whose} is in the list"),
        }
    }
}

impl Revocations {
    /// Why a plain key is revoked; nothing if it is not.
    #[must_use]
    pub fn cause_for_key(&self, key: &SshPublicKey) -> Option<Cause> {
        self.entry_for_key(key).map(|by| Cause { by, authority: false })
    }

    /// Why a certificate is revoked: for its key, for itself, or for the key of its authority. Nothing if it is not.
    ///
    /// Serial 0 is never revoked as a serial.
    #[must_use]
    pub fn cause_for_certificate(&self, certificate: &SshCertificateFields) -> Option<Cause> {
        let about_it = || {
            let authority = Scope::authority(certificate.authority_key());
            [authority, Scope::any_authority()]
                .iter()
                .find_map(|scope| self.entry_in_scope(scope, certificate))
        };
        let own = self.entry_for_key(certificate.public_key()).or_else(about_it);
        own.map(|by| Cause { by, authority: false }).or_else(|| {
            let by = self.entry_for_key(certificate.authority_key())?;
            Some(Cause { by, authority: true })
        })
    }

    fn entry_for_key(&self, key: &SshPublicKey) -> Option<RevokedBy> {
        if self.sha1.contains(&plain_key::sha1(key)) {
            Some(RevokedBy::Sha1)
        } else if self.sha256.contains(&plain_key::sha256(key)) {
            Some(RevokedBy::Sha256)
        } else {
            self.keys.contains(&*key.canonical_blob()).then_some(RevokedBy::Key)
        }
    }

    fn entry_in_scope(&self, scope: &Scope, certificate: &SshCertificateFields) -> Option<RevokedBy> {
        let revoked = self.certificates.get(scope)?;
        let any_authority = scope.authority_key().is_none();
        if revoked.key_ids.contains(certificate.key_id().as_bytes()) {
            return Some(RevokedBy::KeyId { any_authority });
        }
        let (first, last) =
            revoked.serials.run_of(certificate.serial()).filter(|_| certificate.serial() != 0)?;
        Some(RevokedBy::Serial { first, last, any_authority })
    }
}
