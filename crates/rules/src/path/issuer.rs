//! Who stands above a certificate on a path.

use certgate_facts::{Certificate, KeyUsage, NameConstraints, PublicKey};

use crate::anchor::Anchor;

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
