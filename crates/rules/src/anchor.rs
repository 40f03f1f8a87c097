//! Trust anchors: issuers that clients know without being sent them.

use certgate_facts::{Certificate, PublicKey, SignatureCheck};
use webpki_roots::TLS_SERVER_ROOTS;

/// A set of trust anchors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustAnchors {
    /// The roots of Mozilla's programme for TLS servers, as of the `webpki-roots` this was built with.
    Mozilla,
    /// None at all.
    None,
}

impl TrustAnchors {
    /// Whether an anchor of the set issued the certificate: its name and its signature say so.
    #[must_use]
    pub fn issued(self, certificate: &Certificate) -> bool {
        match self {
            Self::None => false,
            Self::Mozilla => TLS_SERVER_ROOTS
                .iter()
                .filter(|anchor| with_header(anchor.subject.as_ref()) == certificate.issuer().der())
                .filter_map(|anchor| {
                    PublicKey::from_spki(&with_header(anchor.subject_public_key_info.as_ref())).ok()
                })
                .any(|key| certificate.signed_by(&key) == SignatureCheck::Valid),
        }
    }

    /// Whether the certificate is itself one of the anchors: the same name and the same key.
    #[must_use]
    pub fn include(self, certificate: &Certificate) -> bool {
        match self {
            Self::None => false,
            Self::Mozilla => TLS_SERVER_ROOTS.iter().any(|anchor| {
                with_header(anchor.subject.as_ref()) == certificate.subject().der()
                    && with_header(anchor.subject_public_key_info.as_ref()) == certificate.public_key().spki()
            }),
        }
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
    fn every_anchor_reads_as_a_name_and_a_key() {
        assert!(TLS_SERVER_ROOTS.len() > 50);
        for anchor in TLS_SERVER_ROOTS {
            PublicKey::from_spki(&with_header(anchor.subject_public_key_info.as_ref())).unwrap();
        }
    }
}
