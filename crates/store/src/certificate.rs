//! Certificates as the ledger knows them.

use certgate_facts::{SshCertificate, SshCertificateFields, Timestamp};

use crate::authority::{AuthorityId, AuthorityName};
use crate::revocation::RevocationId;

/// A certificate's number: that of the record that reserved or imported it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertificateId(pub(crate) u64);

impl CertificateId {
    /// The certificate with this number, whether there is one or not.
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

/// How far a certificate came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertificateState {
    /// Its serial and the bytes to be signed are durable. It may have been signed.
    Reserved,
    /// It was signed.
    Recorded,
    /// It was reserved, and somebody said that it will not be signed. It may have been.
    Abandoned,
    /// It was signed before the ledger knew of it.
    Imported,
}

impl CertificateState {
    const ALL: [Self; 4] = [Self::Reserved, Self::Recorded, Self::Abandoned, Self::Imported];

    /// The word for it: `reserved`, ….
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Recorded => "recorded",
            Self::Abandoned => "abandoned",
            Self::Imported => "imported",
        }
    }

    pub(crate) fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name().as_bytes() == name)
    }
}

/// What a certificate is good for at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Abandoned, whatever else.
    Abandoned,
    /// Reserved, whatever else: nobody knows whether it was signed.
    Unfinished,
    /// Revoked, in time or not.
    Revoked,
    /// Its time has not come.
    NotYetValid,
    /// It can be used.
    Valid,
    /// Its time is over.
    Expired,
}

impl Standing {
    /// The words for it: `valid`, `not yet valid`, ….
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Abandoned => "abandoned",
            Self::Unfinished => "unfinished",
            Self::Revoked => "revoked",
            Self::NotYetValid => "not yet valid",
            Self::Valid => "valid",
            Self::Expired => "expired",
        }
    }
}

/// A certificate in the ledger, or the bytes of one that were reserved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateRecord {
    pub(crate) id: CertificateId,
    pub(crate) authority: AuthorityId,
    pub(crate) authority_name: AuthorityName,
    pub(crate) state: CertificateState,
    pub(crate) reserved_at: Timestamp,
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) revocation: Option<RevocationId>,
    /// With an empty signature unless recorded or imported.
    pub(crate) content: SshCertificate,
}

impl CertificateRecord {
    /// Its number.
    #[must_use]
    pub const fn id(&self) -> CertificateId {
        self.id
    }

    /// The authority's number.
    #[must_use]
    pub const fn authority(&self) -> AuthorityId {
        self.authority
    }

    /// The authority's name.
    #[must_use]
    pub const fn authority_name(&self) -> &AuthorityName {
        &self.authority_name
    }

    /// How far it came.
    #[must_use]
    pub const fn state(&self) -> CertificateState {
        self.state
    }

    /// When it was reserved, or imported.
    #[must_use]
    pub const fn reserved_at(&self) -> Timestamp {
        self.reserved_at
    }

    /// When it was recorded, abandoned or imported; nothing while it is unfinished.
    #[must_use]
    pub const fn closed_at(&self) -> Option<Timestamp> {
        self.closed_at
    }

    /// The revocation that hits it: of its serial, its key id, its host key or its authority's key.
    #[must_use]
    pub const fn revocation(&self) -> Option<RevocationId> {
        self.revocation
    }

    /// What it says: the certificate's own fields, or those that were to be signed.
    ///
    /// # Panics
    ///
    /// Never: only certificates whose fields read are kept.
    #[must_use]
    #[expect(clippy::expect_used, reason = "nothing without fields is read from the ledger")]
    pub fn fields(&self) -> &SshCertificateFields {
        self.content.fields().expect("read as fields when it came from the ledger")
    }

    /// The certificate, as it was signed; nothing for what is unfinished or abandoned.
    #[must_use]
    pub const fn certificate(&self) -> Option<&SshCertificate> {
        match self.state {
            CertificateState::Recorded | CertificateState::Imported => Some(&self.content),
            CertificateState::Reserved | CertificateState::Abandoned => None,
        }
    }

    /// The bytes that the authority signed, or was to sign.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.content.signed_bytes().unwrap_or_default()
    }

    /// What it is good for at a time.
    #[must_use]
    pub fn standing(&self, at: Timestamp) -> Standing {
        let seconds = u64::try_from(at.unix_secs()).unwrap_or(0);
        match self.state {
            CertificateState::Abandoned => Standing::Abandoned,
            CertificateState::Reserved => Standing::Unfinished,
            _ if self.revocation.is_some() => Standing::Revoked,
            _ if seconds < self.fields().valid_after() => Standing::NotYetValid,
            _ if seconds < self.fields().valid_before() => Standing::Valid,
            _ => Standing::Expired,
        }
    }
}
