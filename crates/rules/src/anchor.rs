//! Trust anchors: issuers that clients know without being sent them.

use std::sync::{Arc, LazyLock};

use certgate_facts::{Certificate, Entry, NameConstraints, PublicKey, Reading, SignatureCheck};
use webpki_roots::TLS_SERVER_ROOTS;

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

impl Anchor {
    /// Whether it is a root of Mozilla's programme: the same name and the same key.
    pub(crate) fn is_public(&self) -> bool {
        MOZILLA.iter().any(|root| root.subject_der() == self.subject_der() && root.key() == self.key())
    }

    /// Whether the anchor issued the certificate: its name and its signature say so.
    fn issued(&self, certificate: &Certificate) -> bool {
        self.subject_der() == certificate.issuer().der()
            && certificate.signed_by(self.key()) == SignatureCheck::Valid
    }

    /// Whether the certificate is the anchor: the same name and the same key.
    fn is(&self, certificate: &Certificate) -> bool {
        self.subject_der() == certificate.subject().der() && self.key() == certificate.public_key()
    }
}

/// A set of trust anchors.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TrustAnchors {
    /// These, which somebody named.
    Given(Arc<[Anchor]>),
    /// The roots of Mozilla's programme for TLS servers, as of the `webpki-roots` this was built with.
    Mozilla,
    /// None at all.
    None,
}

/// Read once, when somebody asks.
static MOZILLA: LazyLock<Vec<Anchor>> = LazyLock::new(|| {
    let roots = TLS_SERVER_ROOTS.iter().filter_map(|root| {
        let constraints = root.name_constraints.as_ref();
        Some(Anchor::Key {
            subject: with_header(root.subject.as_ref()),
            key: PublicKey::from_spki(&with_header(root.subject_public_key_info.as_ref())).ok()?,
            name_constraints: match constraints {
                Some(content) => Some(NameConstraints::from_der(&with_header(content.as_ref()))?),
                None => None,
            },
        })
    });
    roots.collect()
});

impl TrustAnchors {
    /// Every certificate that these sources hold.
    #[must_use]
    pub fn of(readings: &[Reading]) -> Self {
        let certificates = readings.iter().flat_map(Reading::entries).filter_map(Entry::certificate);
        Self::Given(certificates.map(|root| Anchor::Certificate(Arc::new(root.clone()))).collect())
    }

    /// The anchors of the set.
    #[must_use]
    pub fn all(&self) -> &[Anchor] {
        match self {
            Self::Given(anchors) => anchors,
            Self::Mozilla => &MOZILLA,
            Self::None => &[],
        }
    }

    /// Whether an anchor of the set issued the certificate: its name and its signature say so.
    #[must_use]
    pub fn issued(&self, certificate: &Certificate) -> bool {
        self.all().iter().any(|anchor| anchor.issued(certificate))
    }

    /// Whether the certificate is itself one of the anchors: the same name and the same key.
    #[must_use]
    pub fn include(&self, certificate: &Certificate) -> bool {
        self.all().iter().any(|anchor| anchor.is(certificate))
    }
}

/// Anchors hold the content of a SEQUENCE; certificates hold the whole of it.
fn with_header(content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let zeros = length.iter().take_while(|byte| **byte == 0).count();
    let length = &length[zeros..];
    let mut der = Vec::with_capacity(content.len() + 6);
    der.push(0x30);
    match (content.len(), u8::try_from(length.len())) {
        (128.., Ok(count)) => {
            der.push(0x80 | count);
            der.extend_from_slice(length);
        }
        _ => der.push(length.first().copied().unwrap_or(0)),
    }
    der.extend_from_slice(content);
    der
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_take_the_short_and_the_long_form() {
        assert_eq!(with_header(&[]), [0x30, 0x00]);
        assert_eq!(with_header(&[7; 127])[..3], [0x30, 127, 7]);
        assert_eq!(with_header(&[7; 128])[..4], [0x30, 0x81, 128, 7]);
        assert_eq!(with_header(&[7; 300])[..5], [0x30, 0x82, 1, 44, 7]);
    }

    #[test]
    fn every_anchor_reads_as_a_name_and_a_key_and_some_with_constraints() {
        assert!(TLS_SERVER_ROOTS.len() > 50);
        assert_eq!(MOZILLA.len(), TLS_SERVER_ROOTS.len());
        let constrained = TLS_SERVER_ROOTS.iter().filter(|root| root.name_constraints.is_some()).count();
        let read = MOZILLA.iter().filter_map(Anchor::name_constraints);
        assert_eq!(read.filter(|constraints| !constraints.permitted.is_empty()).count(), constrained);
    }

    #[test]
    fn the_roots_of_the_programme_are_public_and_one_of_our_own_is_not() {
        assert!(TrustAnchors::Mozilla.all().iter().all(Anchor::is_public));
        let root = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../fixtures/rules/chain-not-trusted/bad-another-root.trust"
        );
        let source = certgate_facts::Source::read(root, std::fs::File::open(root).unwrap()).unwrap();
        let own = TrustAnchors::of(&[Reading::of(source)]);
        assert_eq!(own.all().len(), 1);
        assert!(!own.all().iter().any(Anchor::is_public));
    }
}
