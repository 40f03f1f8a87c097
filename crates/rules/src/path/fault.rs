//! Why a path does not hold.

use std::fmt;

use certgate_facts::Timestamp;

use super::Profile;

/// Why no path holds: the fault of the one that came closest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathFault {
    /// Where on the path it lies.
    pub place: PathPlace,
    /// What it is.
    pub reason: PathReason,
}

/// A certificate of the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathPlace {
    /// The leaf.
    Leaf,
    /// One that stands between, by its place in [`super::PathQuestion::others`].
    Other(usize),
    /// An anchor, by its place in [`super::PathQuestion::anchors`].
    Anchor(usize),
}

/// What is wrong with a certificate of a path, in its place there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathReason {
    /// authorityKeyIdentifier without a keyIdentifier, or with an issuer or a serial number beside it where neither
    /// may be (RFC 5280 §4.2.1.1, Baseline Requirements §7.1.2.1.3).
    AuthorityKeyIdForm,
    /// A root's authorityKeyIdentifier is not its own subjectKeyIdentifier.
    AuthorityKeyIdMismatch,
    /// No authorityKeyIdentifier, which only a root may leave out (RFC 5280 §4.2.1.1).
    AuthorityKeyIdMissing,
    /// A CA without basicConstraints (RFC 5280 §4.2.1.9).
    BasicConstraintsMissing,
    /// More work than one question may cost; of what, in words.
    BudgetExhausted(&'static str),
    /// The common name is one of the alternative names, spelled otherwise (Baseline Requirements §7.1.4.3).
    CommonNameSpelledOtherwise(String),
    /// A constraint that is no name of its kind (RFC 5280 §4.2.1.10).
    ConstraintMalformed(String),
    /// A name of a kind that is constrained and that nothing here can compare.
    ConstraintUnsupported(String),
    /// An extension, by its name, is critical or not where the other is asked for.
    Criticality {
        /// The extension.
        extension: &'static str,
        /// Whether it should be critical.
        due: bool,
    },
    /// Neither subject nor issuer may be empty where certificates are issued (RFC 5280 §4.1.2.4, §4.1.2.6).
    EmptyName(&'static str),
    /// Valid until then, itself included.
    Expired(Timestamp),
    /// extKeyUsage holds anyExtendedKeyUsage, which a leaf may not (Baseline Requirements §7.1.2.7.10).
    ExtendedKeyUsageAny,
    /// extKeyUsage in a root (Baseline Requirements §7.1.2.1.2).
    ExtendedKeyUsageInRoot,
    /// extKeyUsage without the purpose in question.
    ExtendedKeyUsageLacks(&'static str),
    /// A leaf without extKeyUsage (Baseline Requirements §7.1.2.7.6).
    ExtendedKeyUsageMissing,
    /// No certificate and no anchor at hand is this issuer.
    IssuerMissing,
    /// A leaf that may issue: basicConstraints say so (Baseline Requirements §7.1.2.7.8).
    LeafIsCa,
    /// keyCertSign without basicConstraints that allow it (RFC 5280 §4.2.1.9).
    LeafSignsCertificates,
    /// A key that clients do not take: what it is (Baseline Requirements §6.1.5).
    KeyWeak(String),
    /// keyUsage without a bit that is due.
    KeyUsageLacks(String),
    /// nameConstraints where nothing is issued (RFC 5280 §4.2.1.10).
    NameConstraintsInLeaf,
    /// nameConstraints that constrain nothing.
    NameConstraintsEmpty,
    /// A name lies in a subtree that an issuer above excludes.
    NameExcluded {
        /// The name.
        name: String,
        /// The subtree.
        by: String,
    },
    /// A name that the leaf should cover is none of its alternative names.
    NameNotCovered(String),
    /// A name lies in none of the subtrees that an issuer above permits for its kind.
    NameNotPermitted(String),
    /// An alternative name that is no name of its kind (RFC 5280 §4.2.1.6).
    NameMalformed(String),
    /// basicConstraints do not say CA:TRUE (RFC 5280 §4.2.1.9).
    NotACa,
    /// Valid from then.
    NotYetValid(Timestamp),
    /// More intermediates below than pathLenConstraint allows.
    PathLengthExceeded(u32),
    /// More intermediates than the question allows.
    PathTooLong(usize),
    /// Listed as revoked by its issuer.
    Revoked,
    /// A list of revoked certificates of its issuer cannot be relied on: why, in words.
    RevocationUnknown(&'static str),
    /// No subjectAltName (Baseline Requirements §7.1.2.7.12).
    SanMissing,
    /// A serial number of zero, or of more than 20 bytes (RFC 5280 §4.1.2.2).
    SerialForm,
    /// A CA whose key usage does not hold keyCertSign (RFC 5280 §4.2.1.3).
    SignsNoCertificates,
    /// The issuer's key did not make the signature.
    SignatureInvalid,
    /// The signature was not checked: its algorithm, or the size of the key, is one that nothing here checks.
    SignatureUnchecked,
    /// The signature's algorithm is not one of the Baseline Requirements §7.1.3.2: which.
    SignatureUnusual(String),
    /// The signature's digest is broken, so that no client takes it: which algorithm.
    SignatureWeak(String),
    /// A CA without subjectKeyIdentifier (RFC 5280 §4.2.1.2).
    SubjectKeyIdMissing,
    /// A critical extension that nothing here understands.
    UnknownCriticalExtension(String),
    /// Not of version 3.
    Version(u32),
}

impl PathReason {
    /// Whether the law minds: where RFC 5280 and the Baseline Requirements contradict each other, only one of the two
    /// does; and clients let much pass that both forbid.
    pub(super) fn counts(&self, profile: Profile) -> bool {
        match profile {
            Profile::Clients => !self.is_let_pass(),
            Profile::Of(kind) => kind.minds(self),
            Profile::Rfc5280 => !matches!(self, Self::ExtendedKeyUsageMissing | Self::LeafIsCa),
            Profile::WebPki => !matches!(self, Self::Criticality { extension: "nameConstraints", .. }),
        }
    }

    /// What at least one of the clients that [`Profile::Clients`] stands for does not mind.
    fn is_let_pass(&self) -> bool {
        matches!(
            self,
            Self::AuthorityKeyIdForm
                | Self::AuthorityKeyIdMismatch
                | Self::AuthorityKeyIdMissing
                | Self::CommonNameSpelledOtherwise(_)
                | Self::Criticality { .. }
                | Self::EmptyName(_)
                | Self::ExtendedKeyUsageAny
                | Self::ExtendedKeyUsageInRoot
                | Self::ExtendedKeyUsageMissing
                | Self::KeyWeak(_)
                | Self::LeafIsCa
                | Self::LeafSignsCertificates
                | Self::NameConstraintsEmpty
                | Self::NameConstraintsInLeaf
                | Self::NameMalformed(_)
                | Self::SanMissing
                | Self::SerialForm
                | Self::SignatureUnusual(_)
                | Self::SubjectKeyIdMissing
                | Self::Version(_)
        )
    }

    /// How close to the end of a path this stands: of several faults the closest is told.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::IssuerMissing => 0,
            Self::SignatureInvalid | Self::SignatureUnchecked => 1,
            Self::BudgetExhausted(_) | Self::PathTooLong(_) => 2,
            _ => 3,
        }
    }
}

impl fmt::Display for PathReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AuthorityKeyIdForm => {
                f.write_str("its authorityKeyIdentifier does not hold a key identifier alone")
            }
            Self::AuthorityKeyIdMismatch => f.write_str("its key identifiers contradict each other"),
            Self::AuthorityKeyIdMissing => f.write_str("it has no authorityKeyIdentifier"),
            Self::BasicConstraintsMissing => f.write_str("it has no basicConstraints, so it issues nothing"),
            Self::BudgetExhausted(what) => write!(f, "judging it would take too many {what}"),
            Self::CommonNameSpelledOtherwise(name) => {
                write!(f, "its common name \"{name}\" spells an alternative name otherwise")
            }
            Self::ConstraintMalformed(tree) => write!(f, "its name constraint {tree} is malformed"),
            Self::ConstraintUnsupported(name) => {
                write!(f, "it has {name}, which an issuer constrains in a way that cannot be checked")
            }
            Self::Criticality { extension, due: true } => write!(f, "its {extension} is not critical"),
            Self::Criticality { extension, due: false } => write!(f, "its {extension} is critical"),
            Self::EmptyName(which) => write!(f, "its {which} is empty"),
            Self::Expired(until) => write!(f, "it expired: it was valid until {until}"),
            Self::ExtendedKeyUsageAny => f.write_str("it is for any purpose, which a leaf must not be"),
            Self::ExtendedKeyUsageInRoot => f.write_str("it is a root and has extKeyUsage"),
            Self::ExtendedKeyUsageLacks(purpose) => write!(f, "its extKeyUsage lacks {purpose}"),
            Self::ExtendedKeyUsageMissing => f.write_str("it has no extKeyUsage"),
            Self::IssuerMissing => f.write_str("its issuer is missing"),
            Self::LeafIsCa => f.write_str("it is a CA and stands where a leaf is due"),
            Self::LeafSignsCertificates => {
                f.write_str("its key usage lets it sign certificates, though it is no CA")
            }
            Self::KeyWeak(key) => write!(f, "clients do not take its key: {key}"),
            Self::KeyUsageLacks(bit) => write!(f, "its key usage lacks {bit}"),
            Self::NameConstraintsInLeaf => f.write_str("it issues nothing and has nameConstraints"),
            Self::NameConstraintsEmpty => f.write_str("its nameConstraints are empty"),
            Self::NameExcluded { name, by } => write!(f, "{name} lies in {by}, which an issuer excludes"),
            Self::NameNotCovered(name) => write!(f, "it does not cover {name}"),
            Self::NameNotPermitted(name) => write!(f, "{name} lies in nothing that its issuers permit"),
            Self::NameMalformed(name) => write!(f, "its alternative name {name} is malformed"),
            Self::NotACa => f.write_str("it is no CA"),
            Self::NotYetValid(from) => write!(f, "it is not yet valid: it is valid from {from}"),
            Self::PathLengthExceeded(max) => {
                write!(f, "it allows {max} intermediates below it, and there are more")
            }
            Self::PathTooLong(max) => write!(f, "it stands behind more than {max} intermediates"),
            Self::Revoked => f.write_str("its issuer has revoked it"),
            Self::RevocationUnknown(reason) => {
                write!(f, "its issuer's list of revoked certificates cannot be relied on: {reason}")
            }
            Self::SanMissing => f.write_str("it has no alternative name"),
            Self::SerialForm => f.write_str("its serial number is zero or longer than 20 bytes"),
            Self::SignsNoCertificates => f.write_str("its key usage lacks keyCertSign"),
            Self::SignatureInvalid => f.write_str("its issuer's key did not sign it"),
            Self::SignatureUnchecked => f.write_str("its signature cannot be checked here"),
            Self::SignatureUnusual(algorithm) => {
                write!(f, "its signature is of a kind that public CAs do not make: {algorithm}")
            }
            Self::SignatureWeak(algorithm) => write!(f, "clients do not take its signature: {algorithm}"),
            Self::SubjectKeyIdMissing => f.write_str("it is a CA without subjectKeyIdentifier"),
            Self::UnknownCriticalExtension(oid) => {
                write!(f, "it has a critical extension that nobody knows: {oid}")
            }
            Self::Version(version) => write!(f, "it is of X.509 version {version} instead of 3"),
        }
    }
}
