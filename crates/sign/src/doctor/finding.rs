//! What is found.

use std::fmt;

use crate::sshd_config::ConfigPlace;

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    kind: FindingKind,
    severity: Severity,
    place: Option<ConfigPlace>,
    fact: String,
    hint: String,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Some clients, or some names, will not do.
    Warning,
    /// The certificate, or the key, is of no use.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// What is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// `HostKeyAlgorithms` leaves the algorithm of a certificate out.
    AlgorithmNotOffered,
    /// The file is no certificate and nothing else that reads.
    CertificateDamaged,
    /// The validity is over.
    CertificateExpired,
    /// None of the keys is the one that is certified.
    CertificateForAnotherKey,
    /// It is one for users.
    CertificateForUsers,
    /// There is no such file.
    CertificateMissing,
    /// The validity has not begun.
    CertificateNotYetValid,
    /// Another certificate for the same key takes its place.
    CertificateReplaced,
    /// Its type is not one that is known.
    CertificateTypeUnknown,
    /// The file cannot be read.
    CertificateUnreadable,
    /// It has critical options, which clients refuse.
    CriticalOptions,
    /// Keys and certificates in a `Match` block.
    DirectiveInMatch,
    /// A name of the server is among no principals.
    HostNotCovered,
    /// The key is encrypted.
    HostKeyEncrypted,
    /// There is no such file.
    HostKeyMissing,
    /// Others than the owner may read or write the key.
    HostKeyModeTooOpen,
    /// The file holds a public key, and no agent has the private one.
    HostKeyNotPrivate,
    /// The key belongs to someone else than who runs `sshd`.
    HostKeyOwner,
    /// The file cannot be read, or holds no key.
    HostKeyUnreadable,
    /// There is no certificate for the key.
    HostKeyWithoutCertificate,
    /// The file holds a plain public key.
    NotACertificate,
    /// The path depends on where `sshd` is started.
    PathRelative,
    /// There are no principals.
    PrincipalsEmpty,
    /// No client, or not every one, matches a principal.
    PrincipalNotMatched,
    /// The authority's signature is of an algorithm that clients do not accept.
    SignatureAlgorithm,
    /// The authority's signature does not hold.
    SignatureInvalid,
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::AlgorithmNotOffered => "algorithm-not-offered",
            Self::CertificateDamaged => "certificate-damaged",
            Self::CertificateExpired => "certificate-expired",
            Self::CertificateForAnotherKey => "certificate-for-another-key",
            Self::CertificateForUsers => "certificate-for-users",
            Self::CertificateMissing => "certificate-missing",
            Self::CertificateNotYetValid => "certificate-not-yet-valid",
            Self::CertificateReplaced => "certificate-replaced",
            Self::CertificateTypeUnknown => "certificate-type-unknown",
            Self::CertificateUnreadable => "certificate-unreadable",
            Self::CriticalOptions => "critical-options",
            Self::DirectiveInMatch => "directive-in-match",
            Self::HostNotCovered => "host-not-covered",
            Self::HostKeyEncrypted => "host-key-encrypted",
            Self::HostKeyMissing => "host-key-missing",
            Self::HostKeyModeTooOpen => "host-key-mode-too-open",
            Self::HostKeyNotPrivate => "host-key-not-private",
            Self::HostKeyOwner => "host-key-owner",
            Self::HostKeyUnreadable => "host-key-unreadable",
            Self::HostKeyWithoutCertificate => "host-key-without-certificate",
            Self::NotACertificate => "not-a-certificate",
            Self::PathRelative => "path-relative",
            Self::PrincipalsEmpty => "principals-empty",
            Self::PrincipalNotMatched => "principal-not-matched",
            Self::SignatureAlgorithm => "signature-algorithm",
            Self::SignatureInvalid => "signature-invalid",
        })
    }
}

impl Finding {
    /// An error at a line of the configuration.
    pub(super) fn at(kind: FindingKind, place: &ConfigPlace, fact: String, hint: impl Into<String>) -> Self {
        Self { kind, severity: Severity::Error, place: Some(place.clone()), fact, hint: hint.into() }
    }

    /// An error at a line of the configuration, or about what `sshd` has without one.
    pub(super) fn maybe_at(
        kind: FindingKind,
        place: Option<&ConfigPlace>,
        fact: String,
        hint: impl Into<String>,
    ) -> Self {
        Self { kind, severity: Severity::Error, place: place.cloned(), fact, hint: hint.into() }
    }

    pub(super) fn with_severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    /// What is found.
    #[must_use]
    pub const fn kind(&self) -> FindingKind {
        self.kind
    }

    /// How bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// The line of the configuration that it is about; nothing for what `sshd` has without one.
    #[must_use]
    pub const fn place(&self) -> Option<&ConfigPlace> {
        self.place.as_ref()
    }

    /// The fact in words. Names from certificates stand as they are.
    #[must_use]
    pub fn fact(&self) -> &str {
        &self.fact
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }
}
