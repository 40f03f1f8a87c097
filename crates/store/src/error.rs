//! Why the ledger did not do what was asked.

use std::sync::Arc;
use std::{error, fmt};

use certgate_facts::Timestamp;

use crate::authority::{AuthorityName, AuthorityState, Transition};
use crate::certificate::CertificateId;
use crate::resource::ResourceId;
use crate::seal::MasterKeyNumber;

/// Why the ledger did not do what was asked. Nothing of it was done then.
///
/// What is not there is an `Option`; an authority that is named and not there is an error.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// An authority's key is revoked: nothing it signs would be trusted.
    AuthorityRevoked {
        /// The authority.
        name: AuthorityName,
    },
    /// Certificates under an authority that is to retire can still be used.
    AuthorityStillNeeded {
        /// The authority.
        name: AuthorityName,
        /// How many, those among them that may have been signed and were not recorded.
        certificates: u64,
        /// When the last of them ends, in seconds since 1970-01-01T00:00:00Z; `i64::MAX` for one that never does.
        valid_before: i64,
    },
    /// No authority has this name.
    AuthorityUnknown {
        /// The name.
        name: AuthorityName,
    },
    /// Another process kept the ledger to itself for longer than anyone should.
    Busy,
    /// It contradicts what is in the ledger.
    Conflict(Conflict),
    /// The file is damaged, or the database: it cannot be read.
    Damaged {
        /// What SQLite or PostgreSQL says.
        reason: String,
    },
    /// SQLite or PostgreSQL failed in a way that none of the others names.
    Driver(Box<dyn error::Error + Send + Sync>),
    /// It could not be written: no space left, a quota, a limit on the size of files.
    Full,
    /// A table does not say what the records say, or a record is not the one that was written.
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's number: in `audit` the record's, elsewhere that of the record that made it.
        id: u64,
    },
    /// A secret is sealed by another master key.
    MasterKeyDiffers {
        /// The key that sealed it.
        due: MasterKeyNumber,
        /// The key that is there.
        found: MasterKeyNumber,
    },
    /// The file, or the schema of the database, is something else than a ledger.
    NotALedger,
    /// It was done together with others, and none of it could be made durable.
    NotCommitted(Arc<Self>),
    /// The connection to the database broke while a change was being committed, and it could not be asked since whether the
    /// change was made.
    OutcomeUnknown(Arc<Self>),
    /// The folder or a file in it may not be written to.
    ReadOnly,
    /// A revocation would take more entries than [`REVOCATION_ENTRIES_MAX`](crate::REVOCATION_ENTRIES_MAX).
    RevocationTooLarge {
        /// How many.
        entries: usize,
    },
    /// The ledger was written by a newer certgate.
    SchemaNewer {
        /// Its version.
        found: u32,
        /// The newest that is known here.
        known: u32,
    },
    /// A sealed secret was changed, or is another resource's.
    SealBroken,
    /// The provider does not seal.
    SealFailed,
    /// An authority has no serial left to give.
    SerialsExhausted {
        /// The authority.
        name: AuthorityName,
    },
    /// A certificate or a key that the signing crate refuses.
    Sign(certgate_sign::Error),
    /// A text that is not fit to be kept.
    TextUnfit {
        /// What it is for.
        field: &'static str,
        /// What is wrong, as half a sentence.
        reason: &'static str,
    },
    /// The database cannot be reached, or the connection to it broke.
    Unreachable {
        /// Where and why, without a password.
        reason: String,
    },
    /// An authority's state does not allow what was asked.
    WrongState {
        /// The authority.
        name: AuthorityName,
        /// Its state.
        state: AuthorityState,
        /// The step that was asked for; nothing where it was to sign.
        transition: Option<Transition>,
    },
}

/// A contradiction to what is in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Conflict {
    /// Another API key has the id.
    ApiKeyTaken {
        /// The id.
        id: ResourceId,
    },
    /// Another authority has the key.
    AuthorityKeyTaken {
        /// That one.
        name: AuthorityName,
    },
    /// Another authority has the name.
    AuthorityNameTaken {
        /// The name.
        name: AuthorityName,
    },
    /// The bytes signed are not those that were reserved, or the authority's key is another one.
    BytesDiffer,
    /// Something else than a reservation was to be finished: it is recorded or abandoned already.
    CertificateClosed {
        /// The certificate.
        id: CertificateId,
    },
    /// There is no such certificate.
    CertificateUnknown {
        /// Its number.
        id: CertificateId,
    },
    /// An authority that was never signed with is to be withdrawn, and it has signed.
    HasSigned {
        /// The authority.
        name: AuthorityName,
    },
    /// Only host certificates are kept.
    NotForHosts,
    /// A switch back needs a predecessor that is published.
    PredecessorNotPublished {
        /// The authority.
        name: AuthorityName,
    },
    /// The authority that a resource names is not there.
    ResourceAuthorityUnknown {
        /// Its id.
        id: ResourceId,
    },
    /// Another resource of the kind has, or had, the id.
    ResourceTaken {
        /// The id.
        id: ResourceId,
    },
    /// A range of serials starts at 0 or ends before it starts.
    RangeUnfit {
        /// Its first serial.
        first: u64,
        /// Its last.
        last: u64,
    },
    /// Another certificate of the authority has the serial.
    SerialTaken {
        /// The serial.
        serial: u64,
    },
    /// The predecessor has another successor that is not retired.
    SuccessorExists {
        /// That one.
        name: AuthorityName,
    },
}

/// The fact, in lower case, without a full stop; what to do after a semicolon.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuthorityRevoked { name } => write!(f, "the key of authority {name} is revoked"),
            Self::AuthorityStillNeeded { name, certificates, valid_before } => {
                still_needed(f, name, *certificates, *valid_before)
            }
            Self::AuthorityUnknown { name } => write!(f, "no authority is called {name}"),
            Self::Busy => f.write_str("another process is writing to the ledger; try again"),
            Self::Conflict(conflict) => conflict.fmt(f),
            Self::Damaged { reason } => {
                write!(f, "the ledger is damaged: {reason}; restore it from a copy")
            }
            Self::Driver(cause) => write!(f, "the ledger failed: {cause}"),
            Self::Full => f.write_str(
                "the ledger cannot grow: the disk is full, or a quota or a file size limit is reached",
            ),
            Self::Inconsistent { table, column, id } => {
                write!(
                    f,
                    "the ledger was changed from outside: table {table}, column {column}, row {id}; restore it from a copy"
                )
            }
            Self::MasterKeyDiffers { due, found } => write!(
                f,
                "what is sealed here needs master key {due}, and this is master key {found}; name the file of the right one"
            ),
            Self::NotCommitted(cause) => cause.fmt(f),
            Self::OutcomeUnknown(cause) => {
                write!(
                    f,
                    "whether the change was made is not known: {cause}; look before you ask for it again"
                )
            }
            Self::SealBroken => {
                f.write_str("a sealed secret was changed from outside; restore the ledger from a copy")
            }
            Self::SealFailed => f.write_str("the provider failed to seal a secret"),
            Self::NotALedger => {
                f.write_str("what is there is not a ledger of certgate; name another folder or database")
            }
            Self::ReadOnly => f.write_str(
                "the ledger's folder or a file in it cannot be written to; change its owner or mode",
            ),
            Self::RevocationTooLarge { entries } => {
                write!(
                    f,
                    "the revocation has {entries} entries, more than {}; narrow it",
                    crate::REVOCATION_ENTRIES_MAX
                )
            }
            Self::SchemaNewer { found, known } => {
                write!(
                    f,
                    "the ledger has schema {found}, and this certgate knows schemas up to {known}; use a newer certgate"
                )
            }
            Self::SerialsExhausted { name } => write!(f, "authority {name} has no serial left; rotate it"),
            Self::Sign(cause) => cause.fmt(f),
            Self::TextUnfit { field, reason } => write!(f, "{field}: {reason}"),
            Self::Unreachable { reason } => f.write_str(reason),
            Self::WrongState { name, state, transition: None } => {
                write!(f, "authority {name} does not sign: it is {state}")
            }
            Self::WrongState { name, state, transition: Some(transition) } => {
                write!(f, "authority {name} is {state}, from where there is no step to {transition}")
            }
        }
    }
}

fn still_needed(
    f: &mut fmt::Formatter<'_>,
    name: &AuthorityName,
    certificates: u64,
    valid_before: i64,
) -> fmt::Result {
    write!(
        f,
        "{certificates} certificates of authority {name} can still be used, replaced ones among them, "
    )?;
    match valid_before {
        i64::MAX => f.write_str("the last for ever; revoke them, or retire despite them"),
        end => write!(
            f,
            "the last until {}; wait until then, revoke them, or retire despite them",
            Timestamp::from_unix_secs(end)
        ),
    }
}

/// As for [`Error`].
impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKeyTaken { id } => write!(f, "an API key has the id {id} already"),
            Self::ResourceAuthorityUnknown { id } => write!(f, "there is no SSH certificate authority {id}"),
            Self::ResourceTaken { id } => write!(f, "a resource has, or had, the id {id} already"),
            Self::AuthorityKeyTaken { name } => write!(f, "the key is that of authority {name} already"),
            Self::AuthorityNameTaken { name } => write!(f, "an authority is called {name} already"),
            Self::BytesDiffer => {
                f.write_str("the certificate is not the one that was reserved, or of another authority")
            }
            Self::CertificateClosed { id } => {
                write!(f, "certificate {} is recorded or abandoned already", id.number())
            }
            Self::CertificateUnknown { id } => write!(f, "there is no certificate {}", id.number()),
            Self::HasSigned { name } => write!(f, "authority {name} has signed, so that it can only retire"),
            Self::NotForHosts => f.write_str("the certificate is not for a host"),
            Self::PredecessorNotPublished { name } => {
                write!(f, "authority {name} has no predecessor that is published; reinstate it first")
            }
            Self::RangeUnfit { first, last } => {
                write!(
                    f,
                    "serials {first} to {last} are no range; it starts at 1 or later, and ends no earlier"
                )
            }
            Self::SerialTaken { serial } => {
                write!(f, "another certificate of the authority has serial {serial}")
            }
            Self::SuccessorExists { name } => {
                write!(f, "authority {name} is the successor already; retire it first")
            }
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Conflict(conflict) => Some(conflict),
            Self::Driver(cause) => Some(cause.as_ref()),
            Self::NotCommitted(cause) | Self::OutcomeUnknown(cause) => Some(cause.as_ref()),
            Self::Sign(cause) => Some(cause),
            _ => None,
        }
    }
}

impl error::Error for Conflict {}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}
