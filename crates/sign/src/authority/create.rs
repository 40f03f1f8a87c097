//! New keys.

use std::fmt;

use aws_lc_rs::agreement::{self, ECDH_P256, ECDH_P384, ECDH_P521};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING,
    EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, RsaKeyPair,
};
use certgate_facts::Curve;
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use super::Pair;
use crate::error::Error;

/// A type of key that an authority can be made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthorityKeyType {
    /// ECDSA on NIST P-256.
    EcdsaP256,
    /// ECDSA on NIST P-384.
    EcdsaP384,
    /// ECDSA on NIST P-521.
    EcdsaP521,
    /// Ed25519: what to choose without a reason for another.
    Ed25519,
    /// RSA of 2048 bits: not to be chosen, and made where the certificate API is asked for it.
    Rsa2048,
    /// RSA of 3072 bits.
    Rsa3072,
    /// RSA of 4096 bits.
    Rsa4096,
}

impl AuthorityKeyType {
    /// Those to choose from, the best choice first. RSA of 2048 bits is none: it signs, and is not taken to last.
    pub const ALL: [Self; 6] =
        [Self::Ed25519, Self::EcdsaP256, Self::EcdsaP384, Self::EcdsaP521, Self::Rsa3072, Self::Rsa4096];

    /// The name: `ed25519`, `ecdsa-p256`, `rsa-3072`, ….
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EcdsaP256 => "ecdsa-p256",
            Self::EcdsaP384 => "ecdsa-p384",
            Self::EcdsaP521 => "ecdsa-p521",
            Self::Ed25519 => "ed25519",
            Self::Rsa2048 => "rsa-2048",
            Self::Rsa3072 => "rsa-3072",
            Self::Rsa4096 => "rsa-4096",
        }
    }

    /// The type of this name, if there is one to choose.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key_type| key_type.name() == name)
    }
}

/// The name.
impl fmt::Display for AuthorityKeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Draws from `rng` that may miss: each hits a scalar of its curve with a chance of a half at the very least.
const DRAWS_MAX: usize = 128;

/// A new key pair.
pub(super) fn pair<R: TryCryptoRng + ?Sized>(key_type: AuthorityKeyType, rng: &mut R) -> Result<Pair, Error> {
    match key_type {
        AuthorityKeyType::EcdsaP256 => new_ecdsa(Curve::P256, rng),
        AuthorityKeyType::EcdsaP384 => new_ecdsa(Curve::P384, rng),
        AuthorityKeyType::EcdsaP521 => new_ecdsa(Curve::P521, rng),
        AuthorityKeyType::Ed25519 => {
            let seed = draw(32, rng)?;
            let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| failed())?;
            Ok(Pair::Ed25519(pair))
        }
        AuthorityKeyType::Rsa2048 => new_rsa(KeySize::Rsa2048),
        AuthorityKeyType::Rsa3072 => new_rsa(KeySize::Rsa3072),
        AuthorityKeyType::Rsa4096 => new_rsa(KeySize::Rsa4096),
    }
}

fn new_rsa(size: KeySize) -> Result<Pair, Error> {
    RsaKeyPair::generate(size).map(Pair::Rsa).map_err(|_| failed())
}

/// A scalar by rejection (FIPS 186-5 §A.2.2): random bits of the order's length, until they are below the order.
fn new_ecdsa<R: TryCryptoRng + ?Sized>(curve: Curve, rng: &mut R) -> Result<Pair, Error> {
    let bits = usize::try_from(curve.bits()).map_err(|_| failed())?;
    for _ in 0..DRAWS_MAX {
        let mut scalar = draw(bits.div_ceil(8), rng)?;
        if let Some(first) = scalar.first_mut() {
            *first &= u8::MAX >> (bits.div_ceil(8) * 8 - bits);
        }
        if let Some(pair) = ecdsa(curve, &scalar) {
            return Ok(Pair::Ecdsa(curve, pair));
        }
    }
    Err(Error::RandomnessUnavailable)
}

/// The key pair of a scalar at the length of its curve's field; nothing for zero and for the order and above.
pub(super) fn ecdsa(curve: Curve, scalar: &[u8]) -> Option<EcdsaKeyPair> {
    let derivation: &'static agreement::Algorithm = match curve {
        Curve::P256 => &ECDH_P256,
        Curve::P384 => &ECDH_P384,
        Curve::P521 => &ECDH_P521,
        _ => return None,
    };
    let point =
        agreement::PrivateKey::from_private_key(derivation, scalar).ok()?.compute_public_key().ok()?;
    EcdsaKeyPair::from_private_key_and_public_key(ecdsa_signing(curve)?, scalar, point.as_ref()).ok()
}

/// How the provider signs with keys on a curve, r and s at fixed length; nothing for curves that SSH has no names for.
pub(super) const fn ecdsa_signing(curve: Curve) -> Option<&'static EcdsaSigningAlgorithm> {
    match curve {
        Curve::P256 => Some(&ECDSA_P256_SHA256_FIXED_SIGNING),
        Curve::P384 => Some(&ECDSA_P384_SHA384_FIXED_SIGNING),
        Curve::P521 => Some(&ECDSA_P521_SHA512_FIXED_SIGNING),
        _ => None,
    }
}

fn draw<R: TryCryptoRng + ?Sized>(length: usize, rng: &mut R) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    rng.try_fill_bytes(&mut bytes).map_err(|_| Error::RandomnessUnavailable)?;
    Ok(bytes)
}

const fn failed() -> Error {
    Error::ProviderFailed { what: "to make a key" }
}
