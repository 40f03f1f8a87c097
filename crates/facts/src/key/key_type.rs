//! What kind of key a public key is.

use std::fmt;

use super::Curve;

/// The type of a public key, with the size that goes with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyType {
    /// DSA (RFC 3279 §2.3.2).
    Dsa {
        /// Bits of the prime modulus p; 0 when the key inherits its parameters and does not say.
        bits: u32,
    },
    /// An elliptic curve key (RFC 5480 §2.1.1) on a curve given by name.
    Ecdsa {
        /// The curve.
        curve: Curve,
    },
    /// An elliptic curve key on a curve without a name here, or not given by name.
    EcdsaOther {
        /// The curve's object identifier in dotted form, or `explicit parameters`, or `no parameters`.
        parameters: String,
    },
    /// Ed25519 (RFC 8410 §3).
    Ed25519,
    /// Ed448 (RFC 8410 §3).
    Ed448,
    /// Any other algorithm.
    Other {
        /// The algorithm's object identifier in dotted form.
        oid: String,
    },
    /// RSA under `rsaEncryption` (RFC 3279 §2.3.1, RFC 8017 §A.1).
    Rsa {
        /// Bits of the modulus.
        bits: u32,
    },
    /// RSA under `id-RSASSA-PSS`, for that signature scheme only (RFC 4055 §1.2).
    RsaPss {
        /// Bits of the modulus.
        bits: u32,
    },
    /// X25519, for key agreement only (RFC 8410 §3).
    X25519,
    /// X448, for key agreement only (RFC 8410 §3).
    X448,
}

impl KeyType {
    /// The certificate API's word for this type: `rsa`, `ecdsa` or `ed25519`; nothing for the types that it
    /// does not take.
    ///
    /// `ecdsa` stands for the four NIST curves P-224 to P-521.
    #[must_use]
    pub const fn api_name(&self) -> Option<&'static str> {
        match self {
            Self::Rsa { .. } => Some("rsa"),
            Self::Ecdsa { curve: Curve::P224 | Curve::P256 | Curve::P384 | Curve::P521 } => Some("ecdsa"),
            Self::Ed25519 => Some("ed25519"),
            Self::Dsa { .. }
            | Self::Ecdsa { curve: Curve::Secp256k1 }
            | Self::EcdsaOther { .. }
            | Self::Ed448
            | Self::Other { .. }
            | Self::RsaPss { .. }
            | Self::X25519
            | Self::X448 => None,
        }
    }
}

/// Lower case, the family first: `rsa 2048`, `ecdsa p256`, `ecdsa with explicit parameters`, `ed25519`.
impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dsa { bits: 0 } => f.write_str("dsa"),
            Self::Dsa { bits } => write!(f, "dsa {bits}"),
            Self::Ecdsa { curve } => write!(f, "ecdsa {curve}"),
            Self::EcdsaOther { parameters }
                if parameters.starts_with(|first: char| first.is_ascii_digit()) =>
            {
                write!(f, "ecdsa on curve {parameters}")
            }
            Self::EcdsaOther { parameters } => write!(f, "ecdsa with {parameters}"),
            Self::Ed25519 => f.write_str("ed25519"),
            Self::Ed448 => f.write_str("ed448"),
            Self::Other { oid } => write!(f, "algorithm {oid}"),
            Self::Rsa { bits } => write!(f, "rsa {bits}"),
            Self::RsaPss { bits } => write!(f, "rsa-pss {bits}"),
            Self::X25519 => f.write_str("x25519"),
            Self::X448 => f.write_str("x448"),
        }
    }
}
