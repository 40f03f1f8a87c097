//! Elliptic curve private keys of SEC 1 (RFC 5915 §3), bare or inside PKCS #8.
//!
//! On P-256, P-384 and P-521 the public half is derived from the scalar, and a scalar of zero or not below
//! the order is refused; a public half written beside it that is another is ignored, as servers ignore it. On P-224 and on
//! curves that are unsupported anyway, nothing can be derived: the public half is the one written beside the
//! scalar, and whether the two belong together is not checked.

use aws_lc_rs::agreement::{Algorithm, ECDH_P256, ECDH_P384, ECDH_P521, PrivateKey};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P521_SHA512_ASN1_SIGNING,
    EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _,
};
use zeroize::Zeroizing;

use super::{PrivateKeyState, Unreadable, unsupported};
use crate::der::{self, Tlv, Walk};
use crate::key::{AlgorithmIdentifier, Curve, KeyType, PublicKey, ec_key_type};

/// What PKCS #8 says around an `ECPrivateKey`.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// The algorithm, whose parameters are the curve.
    pub(super) algorithm: AlgorithmIdentifier<'a>,
    /// The public half of a version 2 structure.
    pub(super) public: Option<&'a [u8]>,
}

/// An `ECPrivateKey`'s parts.
struct Parts<'a> {
    scalar: &'a [u8],
    parameters: Option<Tlv<'a>>,
    public: Option<&'a [u8]>,
}

fn parts(bytes: &[u8]) -> Result<Parts<'_>, Unreadable> {
    let mut walk = Walk::only_sequence(bytes)?;
    if walk.due(der::INTEGER)?.small()? != 1 {
        return Err(Unreadable::because("the version of the EC key is not 1"));
    }
    let scalar = walk.due(der::OCTET_STRING)?.content();
    let parameters = match walk.optional(der::CONTEXT_0)? {
        Some(tagged) => Some(tagged.walk().any()?),
        None => None,
    };
    let public = match walk.optional(der::CONTEXT_1)? {
        Some(tagged) => Some(tagged.walk().due(der::BIT_STRING)?.bit_string_octets()?),
        None => None,
    };
    Ok(Parts { scalar, parameters, public })
}

/// Reads an `ECPrivateKey`, all of `bytes`.
///
/// The curve that PKCS #8 names goes before the one inside; where PKCS #8 does not name one, the one inside
/// counts.
pub(super) fn read(bytes: &[u8], around: Option<Around<'_>>) -> PrivateKeyState {
    read_parts(bytes, around).unwrap_or_else(PrivateKeyState::from)
}

fn read_parts(bytes: &[u8], around: Option<Around<'_>>) -> Result<PrivateKeyState, Unreadable> {
    let parts = parts(bytes)?;
    let outer = around.and_then(|around| around.algorithm.parameters());
    let is_name = |parameters: &Tlv<'_>| parameters.tag() == der::OBJECT_IDENTIFIER;
    let spelled_out = parts.parameters.filter(|inner| !is_name(inner));
    let chosen = spelled_out.or_else(|| outer.filter(is_name)).or(parts.parameters).or(outer);
    let Some(parameters) = chosen else {
        return Err(Unreadable::because("the EC key names no curve"));
    };
    let stated = parts.public.or_else(|| around.and_then(|around| around.public));
    match ec_key_type(Some(parameters))? {
        KeyType::Ecdsa { curve } => read_named(bytes, curve, &parts, stated),
        other => {
            let algorithm =
                der::write(der::SEQUENCE, &[&der::write(der::OBJECT_IDENTIFIER, &[&EC]), parameters.whole()]);
            Ok(unsupported(other, stated.and_then(|point| PublicKey::from_parts(&algorithm, point).ok())))
        }
    }
}

/// Contents octets of `id-ecPublicKey`, 1.2.840.10045.2.1 (RFC 5480 §2.1.1).
const EC: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];

fn read_named(
    bytes: &[u8],
    curve: Curve,
    parts: &Parts<'_>,
    stated: Option<&[u8]>,
) -> Result<PrivateKeyState, Unreadable> {
    let scalar = fixed_length(parts.scalar, curve.field_bytes())?;
    let (signing, agreement): (&'static EcdsaSigningAlgorithm, &'static Algorithm) = match curve {
        Curve::P256 => (&ECDSA_P256_SHA256_ASN1_SIGNING, &ECDH_P256),
        Curve::P384 => (&ECDSA_P384_SHA384_ASN1_SIGNING, &ECDH_P384),
        Curve::P521 => (&ECDSA_P521_SHA512_ASN1_SIGNING, &ECDH_P521),
        Curve::P224 | Curve::Secp256k1 => {
            let public = stated.and_then(|point| PublicKey::from_point(curve, point).ok());
            return Ok(match (curve, public) {
                (Curve::P224, Some(public)) => PrivateKeyState::Usable(public),
                (Curve::P224, None) => unsupported("ecdsa p224 without its public half", None),
                (_, public) => unsupported(KeyType::Ecdsa { curve }, public),
            });
        }
    };
    // To prove a public half that is stated takes half the time of deriving one, which the provider then proves as well.
    let proven = || {
        parts.public?;
        let pair = EcdsaKeyPair::from_private_key_der(signing, bytes).ok()?;
        PublicKey::from_point(curve, pair.public_key().as_ref()).ok()
    };
    let derived = || {
        let key = PrivateKey::from_private_key(agreement, &scalar).ok()?;
        PublicKey::from_point(curve, key.compute_public_key().ok()?.as_ref()).ok()
    };
    match proven().or_else(derived) {
        Some(public) => Ok(PrivateKeyState::Usable(public)),
        None => Err(Unreadable::because("the EC private scalar is zero or not below the curve's order")),
    }
}

/// A scalar at its curve's length. Leading zeros too many or too few are forbidden (RFC 5915 §3) and common.
fn fixed_length(scalar: &[u8], length: usize) -> Result<Zeroizing<Vec<u8>>, Unreadable> {
    let significant = der::trimmed(scalar);
    let Some(missing) = length.checked_sub(significant.len()) else {
        return Err(Unreadable::because("the EC private scalar is too long for its curve"));
    };
    let mut fixed = Zeroizing::new(vec![0; length]);
    fixed.iter_mut().skip(missing).zip(significant).for_each(|(to, from)| *to = *from);
    Ok(fixed)
}
