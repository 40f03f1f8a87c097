//! Authorities as the ledger knows them: a name, a public key, where the private half is, and how far they are.

mod name;
mod state;

use certgate_facts::{SshPublicKey, Timestamp};

pub use self::name::{AUTHORITY_NAME_BYTES_MAX, AuthorityName};
pub use self::state::{AuthorityState, Transition};
use crate::error::Error;
use crate::serial::SerialStart;
use crate::text;

/// Most bytes of a comment on an authority's key.
pub const COMMENT_BYTES_MAX: usize = 1024;
/// Most bytes of the path of a key file.
pub const KEY_FILE_BYTES_MAX: usize = 4096;

/// An authority's number: that of the record that added it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuthorityId(pub(crate) u64);

impl AuthorityId {
    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// Where an authority's private key is. The ledger never sees it, but for one that is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Custody {
    /// In an ssh-agent, which holds it under the authority's public key.
    Agent,
    /// In a file: a path, from the folder of the ledger unless it is absolute.
    KeyFile(String),
    /// Beside the ledger, sealed: the secret of a resource.
    Sealed,
}

/// How an authority's key came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It was made for this ledger.
    Created,
    /// It was there before, and may have signed before.
    Imported,
}

/// An authority to be added.
#[derive(Clone, Debug)]
pub struct NewAuthority {
    /// What it is to be called.
    pub name: AuthorityName,
    /// Its public key; no other authority may have it.
    pub public_key: SshPublicKey,
    /// What is to be said about the key, [`COMMENT_BYTES_MAX`] bytes at most, no control characters.
    pub comment: String,
    /// Where the private key is.
    pub custody: Custody,
    /// How the key came to be.
    pub origin: Origin,
    /// The authority that it is to replace. With one it starts as [`AuthorityState::Prepared`], without it signs at
    /// once.
    pub succeeds: Option<AuthorityName>,
    /// The first serial.
    pub serial_start: SerialStart,
}

impl NewAuthority {
    /// The state it starts in.
    pub(crate) fn state(&self) -> AuthorityState {
        if self.succeeds.is_some() { AuthorityState::Prepared } else { AuthorityState::Signing }
    }

    /// Whether everything about it is fit to be kept.
    pub(crate) fn check(&self) -> Result<(), Error> {
        certgate_sign::algorithm_of_authority(&self.public_key).map_err(Error::Sign)?;
        text::check_line("comment", &self.comment, COMMENT_BYTES_MAX)?;
        match &self.custody {
            Custody::KeyFile(path) if path.is_empty() => {
                Err(Error::TextUnfit { field: "key file", reason: "it is empty" })
            }
            Custody::KeyFile(path) => text::check_line("key file", path, KEY_FILE_BYTES_MAX),
            Custody::Agent | Custody::Sealed => Ok(()),
        }
    }
}

/// An authority in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityRecord {
    /// Its number.
    pub id: AuthorityId,
    /// Its name.
    pub name: AuthorityName,
    /// Its public key, without a comment.
    pub public_key: SshPublicKey,
    /// What is said about the key.
    pub comment: String,
    /// Where the private key is.
    pub custody: Custody,
    /// The authority that it replaces.
    pub succeeds: Option<AuthorityName>,
    /// How far it is.
    pub state: AuthorityState,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it came into its state.
    pub state_since: Timestamp,
    /// The lowest serial that it may give next.
    pub next_serial: u64,
}
