//! Resources of the certificate API, as they are kept.

use std::fmt;
use std::str::FromStr;

use certgate_facts::Timestamp;

use crate::authority::AuthorityName;
use crate::error::Error;
use crate::seal::Sealed;

/// Most bytes of a resource's id.
pub const RESOURCE_ID_BYTES_MAX: usize = 64;
/// Most bytes of a description, of metadata, and of a text among the facts. What the API allows is less, and judged elsewhere.
pub const RESOURCE_TEXT_BYTES_MAX: usize = 64 * 1024;
/// Most bytes of what else a resource says.
pub const RESOURCE_CONTENT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most resources that are listed at once.
pub const PAGE_RESOURCES_MAX: usize = 1000;
/// Most bytes of resources that are listed at once, unless there is only one: whoever lists has all of them in memory.
pub const PAGE_RESOURCES_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    /// A certificate authority for mutual TLS.
    CertificateAuthority,
    /// An SSH certificate authority, whose key is kept here.
    SshCertificateAuthority,
    /// An SSH host certificate.
    SshHostCertificate,
    /// An SSH user certificate.
    SshUserCertificate,
    /// A TLS certificate with its private key.
    TlsCertificate,
}

/// The id of a resource: one to [`RESOURCE_ID_BYTES_MAX`] letters, digits and underscores of ASCII. Pages are in the order
/// of these bytes, which for the API's ids is that of their creation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId(String);

/// Some of the resources of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourcePage {
    /// The resources, the greatest ids first.
    pub resources: Vec<ResourceRecord>,
    /// Whether there are others behind them.
    pub has_more: bool,
}

/// A resource to be kept.
#[derive(Clone, Debug)]
pub struct NewResource {
    /// What it is.
    pub kind: ResourceKind,
    /// Its id; no other of its kind has had it.
    pub id: ResourceId,
    /// The SSH certificate authority that signed it; while it is there, the authority stays.
    pub authority: Option<ResourceId>,
    /// For people; may change.
    pub description: String,
    /// For programs; may change.
    pub metadata: String,
    /// What of it is searched; never changes.
    pub facts: ResourceFacts,
    /// All else that it says, in the words of whoever keeps it here; never changes. Nothing secret belongs here: it stays
    /// in the audit chain.
    pub content: Vec<u8>,
    /// Its private key; gone once the resource is deleted.
    pub secret: Option<Sealed>,
}

/// What a resource says that is searched, beside what all of them have. `None` is for kinds that have no such thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceFacts {
    /// The common name of its subject, empty if the subject has none.
    pub subject_common_name: Option<String>,
    /// Its serial number, as the API writes it.
    pub serial_number: Option<String>,
    /// The first second of its validity.
    pub not_before: Option<Timestamp>,
    /// The last second of its validity: of an SSH certificate, the one before that which it names as its end.
    pub not_after: Option<Timestamp>,
}

/// How many resources of a kind there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceCount {
    /// The kind.
    pub kind: ResourceKind,
    /// All of it.
    pub total: u64,
    /// For each moment that was asked for, those that are not valid any more then.
    pub ended: Vec<u64>,
}

/// A resource that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceRecord {
    /// What it is.
    pub kind: ResourceKind,
    /// Its id.
    pub id: ResourceId,
    /// When it was created.
    pub created_at: Timestamp,
    /// For people.
    pub description: String,
    /// For programs.
    pub metadata: String,
    /// What of it is searched.
    pub facts: ResourceFacts,
    /// All else that it says.
    pub content: Vec<u8>,
}

/// What is to change of a resource; `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceUpdate {
    /// For people.
    pub description: Option<String>,
    /// For programs.
    pub metadata: Option<String>,
}

/// What came of a resource that was to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleting {
    /// It is gone, but for the records of it.
    Deleted,
    /// It is an authority, and certificates that it signed are there.
    InUse,
    /// There is none.
    Unknown,
}

impl ResourceKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::CertificateAuthority,
        Self::SshCertificateAuthority,
        Self::SshHostCertificate,
        Self::SshUserCertificate,
        Self::TlsCertificate,
    ];

    /// The word for it: `tls-certificate`, ….
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CertificateAuthority => "certificate-authority",
            Self::SshCertificateAuthority => "ssh-certificate-authority",
            Self::SshHostCertificate => "ssh-host-certificate",
            Self::SshUserCertificate => "ssh-user-certificate",
            Self::TlsCertificate => "tls-certificate",
        }
    }

    /// Whether it is about an X.509 certificate.
    pub(crate) const fn is_x509(self) -> bool {
        matches!(self, Self::CertificateAuthority | Self::TlsCertificate)
    }

    pub(crate) fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().as_bytes() == name)
    }
}

impl ResourceId {
    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the ledger calls the authority that has this id: the same in lower case, since names there are fit for files.
    ///
    /// # Errors
    ///
    /// [`Error::TextUnfit`] for an id that starts with an underscore.
    pub fn authority_name(&self) -> Result<AuthorityName, Error> {
        self.0.to_ascii_lowercase().parse()
    }
}

impl FromStr for ResourceId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let unfit = |reason| Err(Error::TextUnfit { field: "resource id", reason });
        match text.as_bytes() {
            [] => unfit("it is empty"),
            bytes if bytes.len() > RESOURCE_ID_BYTES_MAX => unfit("it has more than 64 bytes"),
            bytes if !bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') => {
                unfit("it has something else than letters, digits and '_'")
            }
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl NewResource {
    /// Whether everything about it is fit to be kept.
    pub(crate) fn check(&self) -> Result<(), Error> {
        check_text("description", self.description.len(), RESOURCE_TEXT_BYTES_MAX)?;
        check_text("metadata", self.metadata.len(), RESOURCE_TEXT_BYTES_MAX)?;
        let ResourceFacts { subject_common_name, serial_number, .. } = &self.facts;
        for (field, text) in [("subject common name", subject_common_name), ("serial number", serial_number)]
        {
            check_text(field, text.as_ref().map_or(0, String::len), RESOURCE_TEXT_BYTES_MAX)?;
        }
        check_text("content", self.content.len(), RESOURCE_CONTENT_BYTES_MAX)
    }
}

impl ResourceUpdate {
    /// Whether everything about it is fit to be kept.
    pub(crate) fn check(&self) -> Result<(), Error> {
        for (field, text) in [("description", &self.description), ("metadata", &self.metadata)] {
            check_text(field, text.as_ref().map_or(0, String::len), RESOURCE_TEXT_BYTES_MAX)?;
        }
        Ok(())
    }
}

fn check_text(field: &'static str, bytes: usize, bytes_max: usize) -> Result<(), Error> {
    match bytes > bytes_max {
        true => Err(Error::TextUnfit { field, reason: "it is too long" }),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_letters_digits_and_underscores() {
        let longest = "x".repeat(RESOURCE_ID_BYTES_MAX);
        for good in ["cert_2rwwl6y1UCOM1WjSQhSj2VPegVh", "0", longest.as_str()] {
            assert_eq!(good.parse::<ResourceId>().unwrap().as_str(), good);
        }
        for bad in ["", "a b", "a-b", "ä", "a\n", "a'", &"x".repeat(65)] {
            assert!(bad.parse::<ResourceId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_authority_is_called_by_its_id_in_lower_case() {
        let id: ResourceId = "sshca_2rwwl5w69mehWeDVlbshgAxOzQS".parse().unwrap();
        assert_eq!(id.authority_name().unwrap().as_str(), "sshca_2rwwl5w69mehwedvlbshgaxozqs");
    }

    #[test]
    fn kinds_are_read_back() {
        for kind in ResourceKind::ALL {
            assert_eq!(ResourceKind::from_name(kind.name().as_bytes()), Some(kind));
        }
    }
}
