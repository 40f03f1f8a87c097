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

    /// Whether it says of its key what contradicts what `below` says of its issuer's.
    pub(super) fn has_another_key_id_than(&self, below: &Certificate) -> bool {
        let certificate = match self {
            Self::Anchor(anchor) => anchor.certificate(),
            Self::Certificate(certificate) => Some(*certificate),
        };
        let own = certificate.and_then(|certificate| certificate.extensions().subject_key_id());
        let asked_for = below.extensions().authority_key_id();
        own.zip(asked_for).is_some_and(|(own, asked_for)| own != asked_for)
    }

    pub(super) fn key_usage(&self) -> Option<KeyUsage> {
        let certificate = match self {
            Self::Anchor(anchor) => anchor.certificate()?,
            Self::Certificate(certificate) => certificate,
        };
        certificate.extensions().key_usage()
    }
}
