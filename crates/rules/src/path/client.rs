//! Kinds of clients, where they differ: what each takes that another refuses.
//!
//! Of several programs of one kind the strictest counts, as of the end of 2026, with the settings they come with. What is said of
//! OpenSSL and of rustls is held by tests against both. What is said of Go rests on its `crypto/x509`; of browsers on the verifier that
//! Chrome is built with, on mozilla::pkix, and on Apple's requirements for TLS servers (HT210176).

use std::fmt;

use certgate_facts::{Curve, KeyType};

use super::fault::PathReason;

const ED25519: &str = "1.3.101.112";

/// A kind of client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClientKind {
    /// Chrome, Firefox and Safari, and what is built on their engines.
    Browsers,
    /// OpenSSL at its security level 2, and what verifies by it: curl, and the runtimes of Python, PHP and Ruby.
    OpenSsl,
    /// Programs in Go.
    Go,
    /// Programs in Rust that use rustls with its own verifier.
    Rustls,
}

/// What clients of a kind answer to a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientAnswer {
    /// They trust it.
    Trusts,
    /// They lack a certificate, and know where to fetch it.
    Fetches {
        /// Whose certificate.
        issuer: String,
        /// Where it is said to be.
        address: String,
    },
    /// It cannot be told; why.
    Unknown(String),
    /// They refuse it; why.
    Refuses(String),
}

impl ClientKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Browsers, Self::OpenSsl, Self::Go, Self::Rustls];

    /// Whether such a client refuses because of it.
    pub(super) fn minds(self, reason: &PathReason) -> bool {
        match reason {
            PathReason::AuthorityKeyIdMismatch => self == Self::OpenSsl,
            // Extensions that RFC 5280 wants not to be critical: an error to Go, and to rustls one that it does not know.
            PathReason::Criticality { extension, due: false } => {
                [Self::Go, Self::Rustls].contains(&self)
                    && ["authorityInfoAccess", "authorityKeyIdentifier", "subjectKeyIdentifier"]
                        .contains(extension)
            }
            PathReason::ExtendedKeyUsageMissing | PathReason::LeafSignsCertificates => self == Self::Browsers,
            PathReason::LeafIsCa => [Self::Browsers, Self::Rustls].contains(&self),
            PathReason::NameConstraintsEmpty => self == Self::Go,
            PathReason::SanMissing => self != Self::OpenSsl,
            // rustls reads no key usage.
            PathReason::SignsNoCertificates => self != Self::Rustls,
            PathReason::Version(_) => self == Self::Rustls,
            PathReason::AuthorityKeyIdForm
            | PathReason::AuthorityKeyIdMissing
            | PathReason::CommonNameSpelledOtherwise(_)
            | PathReason::Criticality { due: true, .. }
            | PathReason::EmptyName(_)
            | PathReason::ExtendedKeyUsageAny
            | PathReason::ExtendedKeyUsageInRoot
            | PathReason::NameConstraintsInLeaf
            | PathReason::NameMalformed(_)
            | PathReason::SerialForm
            | PathReason::SubjectKeyIdMissing => false,
            _ => true,
        }
    }

    /// Whether such a client takes the key: of a leaf it must speak its signatures, of an issuer only verify them.
    pub(super) fn takes_key(self, key: &KeyType, is_leaf: bool) -> bool {
        match key {
            KeyType::Rsa { bits } => match self {
                Self::Browsers | Self::OpenSsl => *bits >= 2048,
                Self::Go => *bits >= 1024,
                Self::Rustls => (2048..=8192).contains(bits),
            },
            KeyType::Ecdsa { curve: Curve::P256 | Curve::P384 } => true,
            // Chrome neither offers ecdsa_secp521r1_sha512 nor ed25519.
            KeyType::Ecdsa { curve: Curve::P521 } => self != Self::Browsers || !is_leaf,
            KeyType::Ecdsa { curve: Curve::P224 } => [Self::OpenSsl, Self::Go].contains(&self),
            KeyType::Ed25519 => self != Self::Browsers,
            KeyType::Ed448 | KeyType::RsaPss { .. } | KeyType::Dsa { .. } => self == Self::OpenSsl,
            _ => false,
        }
    }

    /// Whether such a client verifies signatures of an algorithm that the Baseline Requirements do not allow.
    pub(super) fn takes_unusual_signature(self, oid: &str) -> bool {
        self == Self::OpenSsl || (self != Self::Browsers && oid == ED25519)
    }

    /// Whether anyExtendedKeyUsage stands for every purpose.
    pub(super) fn takes_any_purpose(self) -> bool {
        self == Self::Go
    }

    /// Whether a root counts with all that its certificate says; for some it is a name and a key.
    pub(super) fn reads_roots(self) -> bool {
        self != Self::Rustls
    }

    /// Whether a leaf is trusted that is itself among the anchors, be it a CA or not.
    pub(super) fn trusts_leaf_itself(self) -> bool {
        [Self::OpenSsl, Self::Go].contains(&self)
    }

    /// Whether an issuer counts only where its key identifier is the one asked for; for others that is a hint.
    pub(super) fn goes_by_key_id(self) -> bool {
        self == Self::OpenSsl
    }

    /// Whether a missing issuer is fetched from where a certificate says that it is.
    pub(crate) fn fetches(self) -> bool {
        self == Self::Browsers
    }
}

impl fmt::Display for ClientKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Browsers => "browsers",
            Self::OpenSsl => "curl and OpenSSL",
            Self::Go => "Go",
            Self::Rustls => "rustls",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who of browsers, OpenSSL, Go and rustls.
    fn who(takes: impl Fn(ClientKind) -> bool) -> String {
        let letters = [(ClientKind::Browsers, 'b'), (ClientKind::OpenSsl, 'o'), (ClientKind::Go, 'g')];
        let letters = letters.into_iter().chain([(ClientKind::Rustls, 'r')]);
        letters.filter(|(kind, _)| takes(*kind)).map(|(_, letter)| letter).collect()
    }

    #[test]
    fn each_kind_takes_the_keys_that_it_can_use() {
        let leaf = |key: KeyType| who(|kind| kind.takes_key(&key, true));
        assert_eq!(leaf(KeyType::Rsa { bits: 2048 }), "bogr");
        assert_eq!(leaf(KeyType::Rsa { bits: 2047 }), "g");
        assert_eq!(leaf(KeyType::Rsa { bits: 1023 }), "");
        assert_eq!(leaf(KeyType::Rsa { bits: 8193 }), "bog");
        assert_eq!(leaf(KeyType::Ecdsa { curve: Curve::P521 }), "ogr");
        assert_eq!(leaf(KeyType::Ecdsa { curve: Curve::P224 }), "og");
        assert_eq!(leaf(KeyType::Ed25519), "ogr");
        let issuer = KeyType::Ecdsa { curve: Curve::P521 };
        assert_eq!(who(|kind| kind.takes_key(&issuer, false)), "bogr");
    }

    #[test]
    fn what_differs_is_minded_by_those_who_do() {
        let minds = |reason: PathReason| who(|kind| kind.minds(&reason));
        assert_eq!(minds(PathReason::LeafIsCa), "br");
        assert_eq!(minds(PathReason::SanMissing), "bgr");
        assert_eq!(minds(PathReason::SignsNoCertificates), "bog");
        assert_eq!(minds(PathReason::AuthorityKeyIdMismatch), "o");
        assert_eq!(minds(PathReason::Criticality { extension: "authorityKeyIdentifier", due: false }), "gr");
        assert_eq!(minds(PathReason::Criticality { extension: "extKeyUsage", due: false }), "");
        assert_eq!(minds(PathReason::SignatureInvalid), "bogr");
        assert_eq!(minds(PathReason::SerialForm), "");
    }
}
