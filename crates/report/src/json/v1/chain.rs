//! Certificates in relation to each other.

use serde::Serialize;

/// How certificates relate; every number is an index into `certificates`, counted from 0.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Chain {
    /// The certificate of the private key, or where that is unknown the one that issued no other.
    pub leaf: Option<usize>,
    /// The leaf and its issuers as far as they are here: the order in which they would pass.
    pub order: Vec<usize>,
    /// What ties each certificate to the next one; one fewer than certificates.
    pub links: Vec<Link>,
    /// Certificates that stand here more than once.
    pub duplicates: Vec<Duplicate>,
    /// Certificates signed by their own key.
    pub self_signed: Vec<usize>,
    /// Certificates that are neither in `order` nor a repetition of another.
    pub unrelated: Vec<usize>,
}

/// What ties a certificate to the next one.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// The next one's key did not sign it.
    NotSigned,
    /// The next one's key signed it.
    Signed,
    /// The signature could not be checked, and the next one's name is not that of its issuer.
    UncheckedNameDiffers,
    /// The signature could not be checked, and the next one's name is that of its issuer.
    UncheckedNameFits,
}

/// The same certificate, byte by byte, given twice.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Duplicate {
    /// Where it stands first.
    pub first: usize,
    /// Where it stands again.
    pub again: usize,
}

impl Chain {
    pub(super) fn of(chain: &certgate_facts::Chain) -> Self {
        let link = |link: &certgate_facts::Link| match link {
            certgate_facts::Link::NotSigned => Link::NotSigned,
            certgate_facts::Link::Signed => Link::Signed,
            certgate_facts::Link::Unchecked { names_fit: false } => Link::UncheckedNameDiffers,
            certgate_facts::Link::Unchecked { names_fit: true } => Link::UncheckedNameFits,
        };
        let duplicates = chain.duplicates().iter();
        Self {
            leaf: chain.leaf(),
            order: chain.order().to_vec(),
            links: chain.links().iter().map(link).collect(),
            duplicates: duplicates
                .map(|twice| Duplicate { first: twice.first, again: twice.again })
                .collect(),
            self_signed: chain.self_signed().to_vec(),
            unrelated: chain.unrelated().collect(),
        }
    }
}
