//! Paths: whether a certificate leads to a trust anchor, as RFC 5280 §6 and the Baseline Requirements judge it.
//!
//! [`PathQuestion::answer`] tries the paths that the certificates at hand allow, each from the leaf upwards, and gives
//! the first that holds; or the [`PathFault`] that came closest to the end, which is the one worth mending. Names
//! choose issuers, key identifiers only their order; a signature is checked once for each pair and last of all.
//! The work is bounded, whatever the certificates: [`PATH_SIGNATURES_MAX`], [`PATH_STEPS_MAX`], [`NAME_COMPARISONS_MAX`].

mod budget;
mod client;
mod constraints;
mod fault;
mod host;
mod issuer;
mod member;
mod revocation;
mod search;
mod subject_names;

use certgate_facts::{Certificate, CertificateRevocationList, Timestamp};

use crate::anchor::Anchor;

pub(crate) use subject_names::{LABEL_MAX, NAME_MAX, is_dns_name, is_public_suffix};

pub use budget::{NAME_COMPARISONS_MAX, PATH_SIGNATURES_MAX, PATH_STEPS_MAX};
pub use client::{ClientAnswer, ClientKind};
pub use fault::{PathFault, PathPlace, PathReason};
pub use host::ReferenceName;

/// By which law a path is judged.
///
/// The two standards both ask for all of RFC 5280 and of the Baseline Requirements for TLS (CA/Browser Forum); they differ where these
/// contradict each other: a leaf without extKeyUsage, a leaf that is a CA, name constraints that are not critical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Only what every client minds: browsers, and what is built on OpenSSL, Go or rustls.
    Clients,
    /// What clients of one kind mind.
    Of(ClientKind),
    /// Where they contradict, RFC 5280 counts.
    Rfc5280,
    /// Where they contradict, the Baseline Requirements count.
    WebPki,
}

/// What the leaf is to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A TLS client proves who it is (id-kp-clientAuth).
    ClientAuth,
    /// A TLS server proves who it is (id-kp-serverAuth).
    ServerAuth,
}

/// A certificate, what may lead from it to an anchor, and what the path must hold to.
#[derive(Clone, Debug)]
pub struct PathQuestion<'a> {
    /// The certificate in question.
    pub leaf: &'a Certificate,
    /// Certificates that may stand between the leaf and an anchor, in the order in which they came.
    pub others: &'a [&'a Certificate],
    /// Issuers that are trusted.
    pub anchors: &'a [Anchor],
    /// The moment of judgement.
    pub at: Timestamp,
    /// By which law.
    pub profile: Profile,
    /// What the leaf is used for.
    pub purpose: Purpose,
    /// Names that the leaf must cover, each of them.
    pub names: &'a [ReferenceName],
    /// Bits of keyUsage that the leaf must have where it has that extension, as [`certgate_facts::KeyUsage::names`]
    /// calls them.
    pub key_usages: &'a [&'a str],
    /// How many certificates may stand between leaf and anchor, self-issued ones not counted.
    pub intermediates_max: usize,
    /// Lists of revoked certificates; those of an issuer on the path count, others play no part.
    pub revocation_lists: &'a [CertificateRevocationList],
}

/// A path that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Places in [`PathQuestion::others`] of the certificates between leaf and anchor, the leaf's issuer first.
    pub through: Vec<usize>,
    /// Place in [`PathQuestion::anchors`].
    pub anchor: usize,
}

impl PathQuestion<'_> {
    /// The first path that holds.
    ///
    /// # Errors
    /// The [`PathFault`] of the path that came closest.
    pub fn answer(&self) -> Result<Path, PathFault> {
        search::answer(self)
    }
}
