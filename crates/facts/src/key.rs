//! Public keys, as certificates carry them and as private keys imply them.

mod curve;
mod key_type;
mod spki;

use std::{error, fmt};

use aws_lc_rs::digest;

pub use self::curve::Curve;
pub use self::key_type::KeyType;
pub(crate) use self::spki::{AlgorithmIdentifier, Family, algorithm, dsa_bits, ec_key_type};
use crate::der::{self, DerDefect};

/// A public key: the bytes of its `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7) and what they say.
///
/// Equality (`==`) is of the bytes; [`PublicKey::matches`] asks whether two keys are the same numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    spki: Vec<u8>,
    key_type: KeyType,
    numbers: Numbers,
}

/// What makes a key the key it is, however it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Numbers {
    /// A point on a curve: x and the parity of y determine it (SEC 1 §2.3.3).
    Ec { group: Group, x: Vec<u8>, y_is_odd: bool },
    /// The key's bits as they stand, under an algorithm that writes them in one way only.
    Octets(Vec<u8>),
    /// Modulus and exponent, big-endian, without leading zeros.
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    /// Compared as encoded.
    Spki,
}

/// An elliptic curve, by name if it has one whatever way it was given, else by its parameters as encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Group {
    Named(Curve),
    Unnamed(Vec<u8>),
}

/// Why bytes are not a public key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyDefect {
    /// Not the DER of a `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7), or not of the key inside it.
    Encoding {
        /// What is wrong, as half a sentence.
        reason: String,
    },
    /// Not a point that a public key can be: of the wrong form or length, or not on its curve (RFC 5480
    /// §2.2).
    Point {
        /// What is wrong, as half a sentence.
        reason: &'static str,
    },
    /// The raw key of an algorithm with keys of one length (RFC 8410 §4) has another.
    RawKeyLength {
        /// Bytes there are.
        found: usize,
        /// Bytes there should be.
        due: usize,
    },
    /// An RSA modulus or exponent of zero.
    RsaNumberZero,
    /// Bytes after the end of the key.
    TrailingBytes {
        /// How many.
        count: usize,
    },
}

impl fmt::Display for KeyDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding { reason } => f.write_str(reason),
            Self::Point { reason } => f.write_str(reason),
            Self::RawKeyLength { found, due } => write!(f, "the key has {found} bytes and should have {due}"),
            Self::RsaNumberZero => f.write_str("the modulus or the exponent is zero"),
            Self::TrailingBytes { count: 1 } => f.write_str("1 byte follows the end of the key"),
            Self::TrailingBytes { count } => write!(f, "{count} bytes follow the end of the key"),
        }
    }
}

impl error::Error for KeyDefect {}

impl From<DerDefect> for KeyDefect {
    fn from(defect: DerDefect) -> Self {
        match defect {
            DerDefect::Trailing { count } => Self::TrailingBytes { count },
            other => Self::Encoding { reason: other.to_string() },
        }
    }
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7), all of `bytes`.
    ///
    /// RSA keys are read as RFC 8017 §A.1.1 writes them, elliptic curve keys as RFC 5480 §2, the four of RFC
    /// 8410 as its §4. Algorithm parameters that the standard forbids or misses do not stop the reading:
    /// [`PublicKey::has_standard_parameters`] tells. Points of P-256, P-384 and P-521 in uncompressed form
    /// are checked to be on their curve; others are checked for form and length only. A key of an unknown
    /// algorithm is read as [`KeyType::Other`].
    ///
    /// # Errors
    ///
    /// A [`KeyDefect`] for bytes that are not such a structure, or hold what cannot be a key of their
    /// algorithm.
    pub fn from_spki(bytes: &[u8]) -> Result<Self, KeyDefect> {
        let (key_type, numbers) = spki::read(bytes)?;
        Ok(Self { spki: bytes.to_vec(), key_type, numbers })
    }

    /// The DER of the `SubjectPublicKeyInfo`, as received, or canonical if the key came in another form.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// The type and size.
    #[must_use]
    pub const fn key_type(&self) -> &KeyType {
        &self.key_type
    }

    /// Whether two keys are the same key, however each is written.
    ///
    /// RSA keys are compared by modulus and exponent, whether under `rsaEncryption` or `id-RSASSA-PSS`;
    /// elliptic curve keys by curve and point, whether the curve is named or spelled out and the point
    /// compressed or not; the keys of RFC 8410 by algorithm and bytes; all others by their encoding.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        match (&self.numbers, &other.numbers) {
            (Numbers::Spki, _) | (_, Numbers::Spki) => self.spki == other.spki,
            (Numbers::Octets(_), _) => self.key_type == other.key_type && self.numbers == other.numbers,
            (ours, theirs) => ours == theirs,
        }
    }

    /// SHA-256 over what [`PublicKey::matches`] compares: the same for two keys that are the same, however each is written.
    #[must_use]
    pub fn identity(&self) -> [u8; 32] {
        let curve;
        let key_type;
        let parts: [&[u8]; 4] = match &self.numbers {
            Numbers::Ec { group, x, y_is_odd } => {
                curve = match group {
                    Group::Named(curve) => curve.to_string().into_bytes(),
                    Group::Unnamed(parameters) => parameters.clone(),
                };
                [b"ec", &curve, x, if *y_is_odd { b"odd" } else { b"even" }]
            }
            Numbers::Octets(octets) => {
                key_type = self.key_type.to_string();
                [b"octets", key_type.as_bytes(), octets, b""]
            }
            Numbers::Rsa { modulus, exponent } => [b"rsa", modulus, exponent, b""],
            Numbers::Spki => [b"spki", &self.spki, b"", b""],
        };
        let mut digest = digest::Context::new(&digest::SHA256);
        for part in parts {
            digest.update(&part.len().to_be_bytes());
            digest.update(part);
        }
        let mut sum = [0; 32];
        sum.iter_mut().zip(digest.finish().as_ref()).for_each(|(to, from)| *to = *from);
        sum
    }

    /// SHA-256 over [`PublicKey::spki`]: the pin of RFC 7469 §2.4.
    #[must_use]
    pub fn spki_sha256(&self) -> [u8; 32] {
        let mut sum = [0; 32];
        let digest = digest::digest(&digest::SHA256, &self.spki);
        sum.iter_mut().zip(digest.as_ref()).for_each(|(to, from)| *to = *from);
        sum
    }

    /// An RSA key's modulus n, big-endian, without leading zeros; nothing for other types.
    #[must_use]
    pub fn rsa_modulus(&self) -> Option<&[u8]> {
        match &self.numbers {
            Numbers::Rsa { modulus, .. } => Some(modulus),
            _ => None,
        }
    }

    /// An RSA key's public exponent e, big-endian, without leading zeros; nothing for other types.
    #[must_use]
    pub fn rsa_exponent(&self) -> Option<&[u8]> {
        match &self.numbers {
            Numbers::Rsa { exponent, .. } => Some(exponent),
            _ => None,
        }
    }

    /// Whether the algorithm's parameters are what its standard asks for: NULL under `rsaEncryption` (RFC
    /// 3279 §2.3.1), a curve's name for elliptic curves (RFC 5480 §2.1.1), none for the keys of RFC 8410 §3.
    /// True for the other types, whose parameters are not looked at.
    #[must_use]
    pub fn has_standard_parameters(&self) -> bool {
        spki::has_standard_parameters(&self.spki)
    }

    /// The RSA key with this modulus and exponent, big-endian, leading zeros or not.
    pub(crate) fn from_rsa(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyDefect> {
        let algorithm = der::write(der::SEQUENCE, &[&spki::RSA, &[der::NULL, 0]]);
        Self::from_parts(&algorithm, &spki::write_rsa(modulus, exponent))
    }

    /// The RSA key with these numbers under another algorithm (as encoded) than `rsaEncryption`.
    pub(crate) fn from_rsa_under(
        algorithm: &[u8],
        modulus: &[u8],
        exponent: &[u8],
    ) -> Result<Self, KeyDefect> {
        Self::from_parts(algorithm, &spki::write_rsa(modulus, exponent))
    }

    /// The elliptic curve key at this encoded point (SEC 1 §2.3.3) of a named curve.
    pub(crate) fn from_point(curve: Curve, point: &[u8]) -> Result<Self, KeyDefect> {
        Self::from_parts(&spki::write_ec(curve), point)
    }

    /// The same where the point is known to be on its curve.
    pub(crate) fn from_point_on_curve(curve: Curve, point: &[u8]) -> Result<Self, KeyDefect> {
        let group = Group::Named(curve);
        let (x, y_is_odd) = spki::read_point(point, &group)?;
        let numbers = Numbers::Ec { x: x.to_vec(), y_is_odd, group };
        let spki = der::write(der::SEQUENCE, &[&spki::write_ec(curve), &der::write_bits(point)]);
        Ok(Self { spki, key_type: KeyType::Ecdsa { curve }, numbers })
    }

    /// The Ed25519 key of these 32 bytes.
    pub(crate) fn from_ed25519(bytes: &[u8]) -> Result<Self, KeyDefect> {
        Self::from_parts(&der::write(der::SEQUENCE, &[&spki::ED25519]), bytes)
    }

    /// The DSA key y in the group (p, q, g), all big-endian (RFC 3279 §2.3.2).
    pub(crate) fn from_dsa(p: &[u8], q: &[u8], g: &[u8], y: &[u8]) -> Result<Self, KeyDefect> {
        let group = [p, q, g].map(der::write_unsigned).concat();
        let parameters = der::write(der::SEQUENCE, &[&group]);
        let algorithm = der::write(der::SEQUENCE, &[&spki::DSA, &parameters]);
        Self::from_parts(&algorithm, &der::write_unsigned(y))
    }

    /// The key of this `AlgorithmIdentifier` (as encoded) and these key bits.
    pub(crate) fn from_parts(algorithm: &[u8], bits: &[u8]) -> Result<Self, KeyDefect> {
        let bytes = der::write(der::SEQUENCE, &[algorithm, &der::write_bits(bits)]);
        let (key_type, numbers) = spki::read(&bytes)?;
        Ok(Self { spki: bytes, key_type, numbers })
    }
}

/// Bits of a big-endian number without leading zeros.
pub(crate) fn bits(magnitude: &[u8]) -> u32 {
    let Some(first) = magnitude.first() else {
        return 0;
    };
    u32::try_from(magnitude.len()).unwrap_or(u32::MAX).saturating_mul(8) - first.leading_zeros()
}

#[cfg(test)]
mod tests;
