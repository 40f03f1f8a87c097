//! The signature algorithms that OpenSSH takes in certificates.

use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519,
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
    VerificationAlgorithm,
};

use crate::key::Curve;
use crate::ssh_key::{SshKeyKind, SshPublicKey};

/// A signature algorithm of SSH. SHA-1 is not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SshSignatureAlgorithm {
    /// `ecdsa-sha2-nistp256` (RFC 5656 §3.1.2).
    EcdsaP256,
    /// `ecdsa-sha2-nistp384` (RFC 5656 §3.1.2).
    EcdsaP384,
    /// `ecdsa-sha2-nistp521` (RFC 5656 §3.1.2).
    EcdsaP521,
    /// `ssh-ed25519` (RFC 8709 §6).
    Ed25519,
    /// `rsa-sha2-256` (RFC 8332 §3).
    RsaSha256,
    /// `rsa-sha2-512` (RFC 8332 §3).
    RsaSha512,
    /// `sk-ecdsa-sha2-nistp256@openssh.com` (PROTOCOL.u2f).
    SkEcdsaP256,
    /// `sk-ssh-ed25519@openssh.com` (PROTOCOL.u2f).
    SkEd25519,
}

impl SshSignatureAlgorithm {
    const ALL: [Self; 8] = [
        Self::EcdsaP256,
        Self::EcdsaP384,
        Self::EcdsaP521,
        Self::Ed25519,
        Self::RsaSha256,
        Self::RsaSha512,
        Self::SkEcdsaP256,
        Self::SkEd25519,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EcdsaP256 => "ecdsa-sha2-nistp256",
            Self::EcdsaP384 => "ecdsa-sha2-nistp384",
            Self::EcdsaP521 => "ecdsa-sha2-nistp521",
            Self::Ed25519 => "ssh-ed25519",
            Self::RsaSha256 => "rsa-sha2-256",
            Self::RsaSha512 => "rsa-sha2-512",
            Self::SkEcdsaP256 => "sk-ecdsa-sha2-nistp256@openssh.com",
            Self::SkEd25519 => "sk-ssh-ed25519@openssh.com",
        }
    }

    /// The algorithm of this name on the wire, if it is one of these.
    #[must_use]
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name().as_bytes() == name)
    }

    /// The algorithm that a key signs with here: its own, and for RSA `rsa-sha2-512`; `None` for DSA, types that are not
    /// known, and numbers that cannot be a key.
    #[must_use]
    pub fn of_key(key: &SshPublicKey) -> Option<Self> {
        key.public_key()?;
        match key.kind() {
            SshKeyKind::Ecdsa { curve: Curve::P256 } => Some(Self::EcdsaP256),
            SshKeyKind::Ecdsa { curve: Curve::P384 } => Some(Self::EcdsaP384),
            SshKeyKind::Ecdsa { curve: Curve::P521 } => Some(Self::EcdsaP521),
            SshKeyKind::Ed25519 => Some(Self::Ed25519),
            SshKeyKind::Rsa { .. } => Some(Self::RsaSha512),
            SshKeyKind::SkEcdsaP256 { .. } => Some(Self::SkEcdsaP256),
            SshKeyKind::SkEd25519 { .. } => Some(Self::SkEd25519),
            _ => None,
        }
    }

    /// Whether keys of this kind sign with it.
    pub(super) const fn is_of(self, kind: &SshKeyKind) -> bool {
        matches!(
            (self, kind),
            (Self::EcdsaP256, SshKeyKind::Ecdsa { curve: Curve::P256 })
                | (Self::EcdsaP384, SshKeyKind::Ecdsa { curve: Curve::P384 })
                | (Self::EcdsaP521, SshKeyKind::Ecdsa { curve: Curve::P521 })
                | (Self::Ed25519, SshKeyKind::Ed25519)
                | (Self::RsaSha256 | Self::RsaSha512, SshKeyKind::Rsa { .. })
                | (Self::SkEcdsaP256, SshKeyKind::SkEcdsaP256 { .. })
                | (Self::SkEd25519, SshKeyKind::SkEd25519 { .. })
        )
    }

    /// Whether the key is one that lives in a security key, and signs flags and counter with the message's digest.
    pub(super) const fn is_of_security_key(self) -> bool {
        matches!(self, Self::SkEcdsaP256 | Self::SkEd25519)
    }

    /// Bytes of r and of s, for ECDSA.
    pub(super) const fn scalar_bytes(self) -> Option<usize> {
        match self {
            Self::EcdsaP256 | Self::SkEcdsaP256 => Some(32),
            Self::EcdsaP384 => Some(48),
            Self::EcdsaP521 => Some(66),
            Self::Ed25519 | Self::RsaSha256 | Self::RsaSha512 | Self::SkEd25519 => None,
        }
    }

    /// The provider's verifier. OpenSSH's floor for RSA is 1024 bits; policy is not this layer's.
    pub(super) fn verification(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::EcdsaP256 | Self::SkEcdsaP256 => &ECDSA_P256_SHA256_FIXED,
            Self::EcdsaP384 => &ECDSA_P384_SHA384_FIXED,
            Self::EcdsaP521 => &ECDSA_P521_SHA512_FIXED,
            Self::Ed25519 | Self::SkEd25519 => &ED25519,
            Self::RsaSha256 => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
            Self::RsaSha512 => &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        }
    }
}

/// The name on the wire.
impl fmt::Display for SshSignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
