//! Certificate signatures: the algorithm, and whether a key made one.

use std::fmt;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P256_SHA512_ASN1, ECDSA_P384_SHA256_ASN1,
    ECDSA_P384_SHA384_ASN1, ECDSA_P384_SHA512_ASN1, ECDSA_P521_SHA256_ASN1, ECDSA_P521_SHA384_ASN1,
    ECDSA_P521_SHA512_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_2048_8192_SHA384, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    VerificationAlgorithm,
};
use x509_parser::signature_algorithm::SignatureAlgorithm as Parsed;
use x509_parser::x509::AlgorithmIdentifier;

use crate::key::{Curve, KeyType, PublicKey};

/// A signature algorithm of RFC 3279, RFC 4055, RFC 5758 or RFC 8410.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureAlgorithm {
    oid: String,
    scheme: Scheme,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Rsa(Hash),
    RsaPss(Hash),
    Ecdsa(Hash),
    Ed25519,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// What checking a signature with a key came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureCheck {
    /// The key did not make the signature.
    Invalid,
    /// The algorithm, or the key's size, is one that is not checked here: nothing is known.
    Unchecked,
    /// The key made the signature.
    Valid,
}

impl SignatureAlgorithm {
    pub(crate) fn read(algorithm: &AlgorithmIdentifier<'_>) -> Self {
        let oid = algorithm.algorithm.to_id_string();
        let scheme = match oid.as_str() {
            "1.2.840.113549.1.1.4" => Scheme::Rsa(Hash::Md5),
            "1.2.840.113549.1.1.5" | "1.3.14.3.2.29" => Scheme::Rsa(Hash::Sha1),
            "1.2.840.113549.1.1.14" => Scheme::Rsa(Hash::Sha224),
            "1.2.840.113549.1.1.11" => Scheme::Rsa(Hash::Sha256),
            "1.2.840.113549.1.1.12" => Scheme::Rsa(Hash::Sha384),
            "1.2.840.113549.1.1.13" => Scheme::Rsa(Hash::Sha512),
            "1.2.840.113549.1.1.10" => pss_hash(algorithm).map_or(Scheme::Other, Scheme::RsaPss),
            "1.2.840.10045.4.1" => Scheme::Ecdsa(Hash::Sha1),
            "1.2.840.10045.4.3.1" => Scheme::Ecdsa(Hash::Sha224),
            "1.2.840.10045.4.3.2" => Scheme::Ecdsa(Hash::Sha256),
            "1.2.840.10045.4.3.3" => Scheme::Ecdsa(Hash::Sha384),
            "1.2.840.10045.4.3.4" => Scheme::Ecdsa(Hash::Sha512),
            "1.3.101.112" => Scheme::Ed25519,
            _ => Scheme::Other,
        };
        Self { oid, scheme }
    }

    /// Whether it signs a digest of which collisions were made: MD5 or SHA-1.
    #[must_use]
    pub fn is_over_broken_digest(&self) -> bool {
        match self.scheme {
            Scheme::Rsa(hash) | Scheme::RsaPss(hash) | Scheme::Ecdsa(hash) => {
                matches!(hash, Hash::Md5 | Hash::Sha1)
            }
            Scheme::Ed25519 | Scheme::Other => false,
        }
    }

    /// The algorithm's object identifier in dotted decimal.
    #[must_use]
    pub fn oid(&self) -> &str {
        &self.oid
    }
}

/// The digest of RSASSA-PSS, where the mask has the same one and the salt its length, as RFC 4055 §3.1 recommends.
fn pss_hash(algorithm: &AlgorithmIdentifier<'_>) -> Option<Hash> {
    let Ok(Parsed::RSASSA_PSS(parameters)) = Parsed::try_from(algorithm) else { return None };
    let digest = parameters.hash_algorithm_oid().to_id_string();
    let mask = parameters.mask_gen_algorithm().ok()?;
    let mask_digest = mask.hash.to_id_string();
    match (digest.as_str(), parameters.salt_length()) {
        _ if digest != mask_digest => None,
        ("2.16.840.1.101.3.4.2.1", 32) => Some(Hash::Sha256),
        ("2.16.840.1.101.3.4.2.2", 48) => Some(Hash::Sha384),
        ("2.16.840.1.101.3.4.2.3", 64) => Some(Hash::Sha512),
        _ => None,
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scheme {
            Scheme::Rsa(hash) => write!(formatter, "rsa with {hash}"),
            Scheme::RsaPss(hash) => write!(formatter, "rsa-pss with {hash}"),
            Scheme::Ecdsa(hash) => write!(formatter, "ecdsa with {hash}"),
            Scheme::Ed25519 => formatter.write_str("ed25519"),
            Scheme::Other => formatter.write_str(&self.oid),
        }
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        })
    }
}

/// Checks `signature` over `message`.
pub(crate) fn check(
    algorithm: &SignatureAlgorithm,
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
) -> SignatureCheck {
    let verification = match verification(algorithm.scheme, key.key_type()) {
        Choice::Check(verification) => verification,
        Choice::CannotFit => return SignatureCheck::Invalid,
        Choice::Unsupported => return SignatureCheck::Unchecked,
    };
    let Ok(parsed) = ParsedPublicKey::new(verification, key.spki()) else { return SignatureCheck::Unchecked };
    match parsed.verify_sig(message, signature) {
        Ok(()) => SignatureCheck::Valid,
        Err(_) => SignatureCheck::Invalid,
    }
}

enum Choice {
    Check(&'static dyn VerificationAlgorithm),
    /// A key of this type never makes a signature of this kind.
    CannotFit,
    Unsupported,
}

fn verification(scheme: Scheme, key: &KeyType) -> Choice {
    use Choice::{CannotFit, Check, Unsupported};
    match (scheme, key) {
        (Scheme::Rsa(hash), KeyType::Rsa { bits: bits @ 1024..=8192 }) => match hash {
            Hash::Sha1 => Check(&RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
            Hash::Sha256 => Check(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
            Hash::Sha384 if *bits >= 2048 => Check(&RSA_PKCS1_2048_8192_SHA384),
            Hash::Sha512 => Check(&RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
            Hash::Md5 | Hash::Sha224 | Hash::Sha384 => Unsupported,
        },
        (Scheme::RsaPss(hash), KeyType::Rsa { bits: 2048..=8192 }) => match hash {
            Hash::Sha256 => Check(&RSA_PSS_2048_8192_SHA256),
            Hash::Sha384 => Check(&RSA_PSS_2048_8192_SHA384),
            Hash::Sha512 => Check(&RSA_PSS_2048_8192_SHA512),
            Hash::Md5 | Hash::Sha1 | Hash::Sha224 => Unsupported,
        },
        (Scheme::Ecdsa(hash), KeyType::Ecdsa { curve }) => match (curve, hash) {
            (Curve::P256, Hash::Sha256) => Check(&ECDSA_P256_SHA256_ASN1),
            (Curve::P256, Hash::Sha384) => Check(&ECDSA_P256_SHA384_ASN1),
            (Curve::P256, Hash::Sha512) => Check(&ECDSA_P256_SHA512_ASN1),
            (Curve::P384, Hash::Sha256) => Check(&ECDSA_P384_SHA256_ASN1),
            (Curve::P384, Hash::Sha384) => Check(&ECDSA_P384_SHA384_ASN1),
            (Curve::P384, Hash::Sha512) => Check(&ECDSA_P384_SHA512_ASN1),
            (Curve::P521, Hash::Sha256) => Check(&ECDSA_P521_SHA256_ASN1),
            (Curve::P521, Hash::Sha384) => Check(&ECDSA_P521_SHA384_ASN1),
            (Curve::P521, Hash::Sha512) => Check(&ECDSA_P521_SHA512_ASN1),
            _ => Unsupported,
        },
        (Scheme::Ed25519, KeyType::Ed25519) => Check(&ED25519),
        (Scheme::Ed25519, KeyType::Rsa { .. } | KeyType::Ecdsa { .. }) => CannotFit,
        (Scheme::Rsa(_) | Scheme::RsaPss(_), KeyType::Ecdsa { .. } | KeyType::Ed25519) => CannotFit,
        (Scheme::Ecdsa(_), KeyType::Rsa { .. } | KeyType::Ed25519) => CannotFit,
        _ => Unsupported,
    }
}
