//! Where requests go, and what answers them: one table for client and server.

use crate::certificate_authority::CertificateAuthority;
use crate::resource::{Collection, Resource};
use crate::ssh_certificate_authority::SshCertificateAuthority;
use crate::ssh_host_certificate::SshHostCertificate;
use crate::ssh_user_certificate::SshUserCertificate;
use crate::tls_certificate::TlsCertificate;

/// The version of the API that is spoken here, as the header `Ngrok-Version` names it.
pub const API_VERSION: &str = "2";

/// All collections, by name.
pub const COLLECTIONS: [Collection; 5] = [
    CertificateAuthority::COLLECTION,
    SshCertificateAuthority::COLLECTION,
    SshHostCertificate::COLLECTION,
    SshUserCertificate::COLLECTION,
    TlsCertificate::COLLECTION,
];

/// What is done to a collection, or to one resource of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// Adds a resource.
    Create,
    /// Gives a page of resources.
    List,
    /// Gives one resource.
    Read,
    /// Changes description and metadata.
    Update,
    /// Takes a resource away.
    Delete,
}

/// One operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// What it acts on.
    pub collection: Collection,
    /// What it does.
    pub verb: Verb,
}

impl Verb {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 5] = [Self::Create, Self::Delete, Self::Read, Self::List, Self::Update];
}

impl Route {
    /// Every operation there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let of = |collection| Verb::ALL.into_iter().map(move |verb| Self { collection, verb });
        COLLECTIONS.into_iter().flat_map(of)
    }

    /// The operation on resources of one kind.
    #[must_use]
    pub const fn of<R: Resource>(verb: Verb) -> Self {
        Self { collection: R::COLLECTION, verb }
    }

    /// The method, as HTTP names it.
    #[must_use]
    pub const fn method(self) -> &'static str {
        match self.verb {
            Verb::Create => "POST",
            Verb::List | Verb::Read => "GET",
            Verb::Update => "PATCH",
            Verb::Delete => "DELETE",
        }
    }

    /// Whether the path ends with the id of a resource, and not with the collection.
    #[must_use]
    pub const fn has_id(self) -> bool {
        matches!(self.verb, Verb::Read | Verb::Update | Verb::Delete)
    }

    /// The path, from the root on: `/tls_certificates`, or `/tls_certificates/` and the id.
    #[must_use]
    pub fn path(self, id: &str) -> String {
        match self.has_id() {
            true => format!("/{}/{id}", self.collection.name),
            false => format!("/{}", self.collection.name),
        }
    }

    /// The status of success.
    #[must_use]
    pub const fn success(self) -> u16 {
        match self.verb {
            Verb::Create => 201,
            Verb::List | Verb::Read | Verb::Update => 200,
            Verb::Delete => 204,
        }
    }

    /// The parameters of the query; all are optional.
    #[must_use]
    pub const fn query(self) -> &'static [&'static str] {
        match (self.verb, self.collection.is_filterable) {
            (Verb::List, true) => &["before_id", "limit", "filter"],
            (Verb::List, false) => &["before_id", "limit"],
            _ => &[],
        }
    }

    /// Whether the request has a body.
    #[must_use]
    pub const fn has_body(self) -> bool {
        matches!(self.verb, Verb::Create | Verb::Update)
    }
}
