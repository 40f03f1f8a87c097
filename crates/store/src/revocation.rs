//! Revocations: what is asked for, and what a key revocation list can say of it.

use certgate_facts::SshPublicKey;

use crate::authority::{AuthorityId, AuthorityName};
use crate::error::{Conflict, Error};

/// Most entries that one revocation may add.
pub const REVOCATION_ENTRIES_MAX: usize = 1 << 20;
/// Most bytes of the reason for a revocation, or for abandoning a certificate.
pub const REASON_BYTES_MAX: usize = 4096;
/// Most bytes of a key id or a name to be revoked.
pub const REVOKED_TEXT_BYTES_MAX: usize = 1 << 16;

/// A revocation's number: that of its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevocationId(pub(crate) u64);

impl RevocationId {
    /// The revocation with this number, whether there is one or not.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// What is to be revoked.
///
/// Serials, key ids and keys are revoked as such: known to the ledger or not, and later ones too, so that no
/// certificates are issued with them any more. Principals and hosts are not: the certificates that are there now are
/// revoked, by serial, or by key id where that is 0, and new ones can replace them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationTarget {
    /// The serials from `first` to `last`, both included.
    Serials {
        /// Of this authority.
        authority: AuthorityName,
        /// The first, 1 or more.
        first: u64,
        /// The last.
        last: u64,
    },
    /// A key id, byte for byte.
    KeyId {
        /// Of this authority, or of any.
        authority: Option<AuthorityName>,
        /// The key id.
        key_id: Vec<u8>,
    },
    /// All certificates that name this principal, byte for byte.
    Principal {
        /// Of this authority, or of any.
        authority: Option<AuthorityName>,
        /// The principal.
        name: Vec<u8>,
    },
    /// All certificates for every host key that was ever certified for this name, those under other names too.
    Host {
        /// Of this authority, or of any.
        authority: Option<AuthorityName>,
        /// The name, byte for byte.
        name: Vec<u8>,
    },
    /// A key: a host's, with all certificates for it, or an authority's, with all that it signed.
    Key(SshPublicKey),
}

impl RevocationTarget {
    /// Whether it can be revoked, and kept.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Serials { first, last, .. } if *first == 0 || last < first => {
                Err(Conflict::RangeUnfit { first: *first, last: *last }.into())
            }
            Self::KeyId { key_id: text, .. }
            | Self::Principal { name: text, .. }
            | Self::Host { name: text, .. } => {
                let reason = match text.as_slice() {
                    text if text.len() > REVOKED_TEXT_BYTES_MAX => "it is too long",
                    text if text.contains(&0) => "it has a NUL byte",
                    _ => return Ok(()),
                };
                Err(Error::TextUnfit { field: "what is to be revoked", reason })
            }
            Self::Serials { .. } | Self::Key(_) => Ok(()),
        }
    }

    /// The word for it: `serials`, `key id`, ….
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Serials { .. } => "serials",
            Self::KeyId { .. } => "key id",
            Self::Principal { .. } => "principal",
            Self::Host { .. } => "host",
            Self::Key(_) => "key",
        }
    }
}

/// Serials of an authority, from `first` to `last`, both included; never 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevokedSerials {
    /// The authority.
    pub authority: AuthorityId,
    /// The first.
    pub first: u64,
    /// The last.
    pub last: u64,
}

/// A key id, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedKeyId {
    /// The authority; nothing for any.
    pub authority: Option<AuthorityId>,
    /// The key id.
    pub key_id: Vec<u8>,
}

/// What is revoked, in the terms of a key revocation list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revoked {
    /// Serials, in runs that do not overlap, ascending for each authority.
    pub serials: Vec<RevokedSerials>,
    /// Key ids.
    pub key_ids: Vec<RevokedKeyId>,
    /// Keys.
    pub keys: Vec<SshPublicKey>,
}

impl Revoked {
    /// Whether nothing is.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Entries, of all kinds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.serials.len() + self.key_ids.len() + self.keys.len()
    }

    /// Whether it can be kept as one revocation.
    pub(crate) const fn check_size(&self) -> Result<(), Error> {
        match self.len() {
            entries if entries > REVOCATION_ENTRIES_MAX => Err(Error::RevocationTooLarge { entries }),
            _ => Ok(()),
        }
    }
}

/// A revocation in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Its number.
    pub id: RevocationId,
    /// When it was made.
    pub at: certgate_facts::Timestamp,
    /// What was asked for.
    pub target: RevocationTarget,
    /// Why.
    pub reason: String,
    /// What it added to what was revoked before.
    pub added: Revoked,
}

/// What came of asking for a revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revoking {
    /// It is revoked now.
    Revoked(Box<Revocation>),
    /// All of it was revoked before. Nothing was written.
    AlreadyRevoked,
    /// No certificate is meant by it. Nothing was written.
    NothingFound,
}

/// A version of the key revocation list, and what it must contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KrlVersion {
    /// The version, greater than all before, whichever authority they were for.
    pub version: u64,
    /// What is revoked.
    pub revoked: Revoked,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revocation_has_so_many_entries_and_no_more() {
        let run = RevokedSerials { authority: AuthorityId(1), first: 1, last: 1 };
        let mut revoked = Revoked { serials: vec![run; REVOCATION_ENTRIES_MAX], ..Revoked::default() };
        assert!(revoked.check_size().is_ok());
        revoked.key_ids.push(RevokedKeyId { authority: None, key_id: Vec::new() });
        let entries = REVOCATION_ENTRIES_MAX + 1;
        assert!(
            matches!(revoked.check_size(), Err(Error::RevocationTooLarge { entries: found }) if found == entries)
        );
    }
}
