//! Issuers that are trusted because somebody said so.

use std::sync::Arc;

use certgate_facts::{Certificate, KeyUsage, NameConstraints, PublicKey};

/// A trust anchor (RFC 5280 §6.1.1 d).
#[derive(Clone, Debug)]
pub enum Anchor {
    /// A certificate: what it says about itself counts too, its validity and constraints among it.
    Certificate(Arc<Certificate>),
    /// A name and a key, as programs carry them that need nothing else of a root.
    Key {
        /// DER of the name.
        subject: Vec<u8>,
        /// The key.
        key: PublicKey,
        /// What it may issue for.
        name_constraints: Option<NameConstraints>,
    },
}

impl Anchor {
    /// DER of the name that its certificates name as their issuer.
    #[must_use]
    pub fn subject_der(&self) -> &[u8] {
        match self {
            Self::Certificate(certificate) => certificate.subject().der(),
            Self::Key { subject, .. } => subject,
        }
    }

    /// The key that signs them.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        match self {
            Self::Certificate(certificate) => certificate.public_key(),
            Self::Key { key, .. } => key,
        }
    }

    /// The certificate, where there is one.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        match self {
            Self::Certificate(certificate) => Some(certificate),
            Self::Key { .. } => None,
        }
    }

    /// What it may issue for.
    #[must_use]
    pub fn name_constraints(&self) -> Option<&NameConstraints> {
        match self {
            Self::Certificate(certificate) => certificate.extensions().name_constraints(),
            Self::Key { name_constraints, .. } => name_constraints.as_ref(),
        }
    }
}

/// Who stands above a certificate on a path.
pub(super) enum Issuer<'a> {
    Anchor(&'a Anchor),
    Certificate(&'a Certificate),
}

impl Issuer<'_> {
    pub(super) fn key(&self) -> &PublicKey {
        match self {
            Self::Anchor(anchor) => anchor.key(),
            Self::Certificate(certificate) => certificate.public_key(),
        }
    }

    pub(super) fn name_constraints(&self) -> Option<&NameConstraints> {
        match self {
            Self::Anchor(anchor) => anchor.name_constraints(),
            Self::Certificate(certificate) => certificate.extensions().name_constraints(),
        }
    }

    pub(super) fn key_usage(&self) -> Option<KeyUsage> {
        let certificate = match self {
            Self::Anchor(anchor) => anchor.certificate()?,
            Self::Certificate(certificate) => certificate,
        };
        certificate.extensions().key_usage()
    }
}
