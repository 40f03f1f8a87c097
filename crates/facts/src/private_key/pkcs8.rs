//! Private keys of PKCS #8: `PrivateKeyInfo` (RFC 5208 §5) and `OneAsymmetricKey` (RFC 5958 §2).

use aws_lc_rs::agreement::{PrivateKey, X25519};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};

use super::{PrivateKeyState, Unreadable, pkcs1, sec1, unsupported};
use crate::der::{self, Walk};
use crate::key::{AlgorithmIdentifier, Family, KeyType, PublicKey, algorithm, dsa_bits};

/// Reads a `PrivateKeyInfo` or `OneAsymmetricKey`, all of `bytes`. Attributes and a stated public half are
/// tolerated.
pub(super) fn read(bytes: &[u8]) -> PrivateKeyState {
    read_parts(bytes).unwrap_or_else(PrivateKeyState::from)
}

fn read_parts(bytes: &[u8]) -> Result<PrivateKeyState, Unreadable> {
    let mut walk = Walk::only_sequence(bytes)?;
    walk.due(der::INTEGER)?;
    let algorithm = algorithm(&mut walk)?;
    let key = walk.due(der::OCTET_STRING)?.content();
    walk.optional(der::CONTEXT_0)?;
    let public = match walk.optional(der::CONTEXT_1_PRIMITIVE)? {
        Some(bits) => Some(der::octets_of_bits(bits.content())?),
        None => None,
    };
    let stated = || public.and_then(|bits| PublicKey::from_parts(algorithm.whole(), bits).ok());
    match algorithm.family() {
        Family::Rsa => Ok(pkcs1::read(key)),
        Family::RsaPss => read_rsa_pss(algorithm, key),
        Family::Ec => Ok(sec1::read(key, Some(sec1::Around { algorithm, public }))),
        Family::Ed25519 => read_ed25519(algorithm, key),
        Family::X25519 => read_x25519(algorithm, key),
        Family::Dsa => Ok(unsupported(KeyType::Dsa { bits: dsa_bits(algorithm.parameters())? }, stated())),
        Family::Ed448 => Ok(unsupported(KeyType::Ed448, stated())),
        Family::X448 => Ok(unsupported(KeyType::X448, stated())),
        Family::Other => Ok(unsupported(KeyType::Other { oid: algorithm.dotted()? }, stated())),
    }
}

/// A key for RSASSA-PSS alone (RFC 4055 §1.2), which keeps its parameters.
fn read_rsa_pss(algorithm: AlgorithmIdentifier<'_>, key: &[u8]) -> Result<PrivateKeyState, Unreadable> {
    let rsa = pkcs1::usable_public(key)?;
    let bits = rsa.rsa_modulus().map_or(0, crate::key::bits);
    let public = match (rsa.rsa_modulus(), rsa.rsa_exponent()) {
        (Some(n), Some(e)) => PublicKey::from_rsa_under(algorithm.whole(), n, e).ok(),
        _ => None,
    };
    Ok(unsupported(KeyType::RsaPss { bits }, public))
}

/// A `CurvePrivateKey` (RFC 8410 §7).
fn curve_private_key(key: &[u8]) -> Result<&[u8], Unreadable> {
    let mut walk = Walk::over(key);
    let seed = walk.due(der::OCTET_STRING)?.content();
    walk.end()?;
    if seed.len() == 32 {
        Ok(seed)
    } else {
        Err(Unreadable::because(format!("the private key has {} bytes and should have 32", seed.len())))
    }
}

fn read_ed25519(algorithm: AlgorithmIdentifier<'_>, key: &[u8]) -> Result<PrivateKeyState, Unreadable> {
    if algorithm.parameters().is_some() {
        return Err(Unreadable::because("the Ed25519 key has parameters, which RFC 8410 forbids"));
    }
    let seed = curve_private_key(key)?;
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(Unreadable::because)?;
    let public = PublicKey::from_ed25519(pair.public_key().as_ref()).map_err(Unreadable::because)?;
    Ok(PrivateKeyState::Usable(public))
}

fn read_x25519(algorithm: AlgorithmIdentifier<'_>, key: &[u8]) -> Result<PrivateKeyState, Unreadable> {
    let secret = curve_private_key(key)?;
    let public = PrivateKey::from_private_key(&X25519, secret)
        .ok()
        .and_then(|key| key.compute_public_key().ok())
        .and_then(|public| PublicKey::from_parts(algorithm.whole(), public.as_ref()).ok());
    Ok(unsupported(KeyType::X25519, public))
}
