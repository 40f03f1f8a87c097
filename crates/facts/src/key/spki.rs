//! `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7): an algorithm with its parameters, and the key's bits.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, ParsedPublicKey,
    VerificationAlgorithm,
};

use super::{Curve, Group, KeyDefect, KeyType, Numbers, bits};
use crate::der::{self, DerDefect, Tlv, Walk};

/// `rsaEncryption`, 1.2.840.113549.1.1.1 (RFC 8017 §A.1), with tag and length.
pub(super) const RSA: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
/// `id-RSASSA-PSS`, 1.2.840.113549.1.1.10 (RFC 4055 §3.1).
const RSA_PSS: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
/// `id-ecPublicKey`, 1.2.840.10045.2.1 (RFC 5480 §2.1.1).
pub(super) const EC: [u8; 9] = [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
/// `id-dsa`, 1.2.840.10040.4.1 (RFC 3279 §2.3.2).
pub(super) const DSA: [u8; 9] = [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
/// `id-X25519`, 1.3.101.110 (RFC 8410 §3).
const X25519: [u8; 5] = [6, 3, 0x2b, 0x65, 0x6e];
/// `id-X448`, 1.3.101.111 (RFC 8410 §3).
const X448: [u8; 5] = [6, 3, 0x2b, 0x65, 0x6f];
/// `id-Ed25519`, 1.3.101.112 (RFC 8410 §3).
pub(super) const ED25519: [u8; 5] = [6, 3, 0x2b, 0x65, 0x70];
/// `id-Ed448`, 1.3.101.113 (RFC 8410 §3).
const ED448: [u8; 5] = [6, 3, 0x2b, 0x65, 0x71];

/// The families of keys whose insides are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Dsa,
    Ec,
    Ed25519,
    Ed448,
    Other,
    Rsa,
    RsaPss,
    X25519,
    X448,
}

/// An `AlgorithmIdentifier` (RFC 5280 §4.1.1.2).
#[derive(Clone, Copy)]
pub(crate) struct AlgorithmIdentifier<'a> {
    whole: &'a [u8],
    oid: Tlv<'a>,
    parameters: Option<Tlv<'a>>,
}

impl<'a> AlgorithmIdentifier<'a> {
    /// As encoded.
    pub(crate) fn whole(self) -> &'a [u8] {
        self.whole
    }

    /// The algorithm's object identifier in dotted form.
    pub(crate) fn dotted(self) -> Result<String, DerDefect> {
        self.oid.dotted()
    }

    /// The parameters, if any.
    pub(crate) fn parameters(self) -> Option<Tlv<'a>> {
        self.parameters
    }

    /// The family that the algorithm belongs to.
    pub(crate) fn family(self) -> Family {
        let known: [(&[u8], Family); 8] = [
            (&RSA, Family::Rsa),
            (&RSA_PSS, Family::RsaPss),
            (&EC, Family::Ec),
            (&DSA, Family::Dsa),
            (&X25519, Family::X25519),
            (&X448, Family::X448),
            (&ED25519, Family::Ed25519),
            (&ED448, Family::Ed448),
        ];
        known
            .into_iter()
            .find(|(oid, _)| *oid == self.oid.whole())
            .map_or(Family::Other, |(_, family)| family)
    }
}

/// Takes an `AlgorithmIdentifier`.
pub(crate) fn algorithm<'a>(walk: &mut Walk<'a>) -> Result<AlgorithmIdentifier<'a>, DerDefect> {
    let sequence = walk.due(der::SEQUENCE)?;
    let mut inside = sequence.walk();
    let oid = inside.due(der::OBJECT_IDENTIFIER)?;
    let parameters = if inside.next_tag().is_some() { Some(inside.any()?) } else { None };
    inside.end()?;
    Ok(AlgorithmIdentifier { whole: sequence.whole(), oid, parameters })
}

/// The `RSAPublicKey` of RFC 8017 §A.1.1.
pub(super) fn write_rsa(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    der::write(der::SEQUENCE, &[&der::write_unsigned(modulus), &der::write_unsigned(exponent)])
}

fn parts(bytes: &[u8]) -> Result<(AlgorithmIdentifier<'_>, &[u8]), KeyDefect> {
    let mut walk = Walk::only_sequence(bytes)?;
    let algorithm = algorithm(&mut walk)?;
    let key = walk.due(der::BIT_STRING)?.bit_string_octets()?;
    match walk.end() {
        Ok(()) => Ok((algorithm, key)),
        Err(_) => Err(KeyDefect::Encoding { reason: "a third element follows the key's bits".to_owned() }),
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<(KeyType, Numbers), KeyDefect> {
    let (algorithm, key) = parts(bytes)?;
    match algorithm.family() {
        Family::Rsa => read_rsa(key, |bits| KeyType::Rsa { bits }),
        Family::RsaPss => read_rsa(key, |bits| KeyType::RsaPss { bits }),
        Family::Ec => read_ec(algorithm.parameters, key),
        Family::Dsa => read_dsa(algorithm.parameters, key),
        Family::Ed25519 => read_raw(key, 32, KeyType::Ed25519),
        Family::Ed448 => read_raw(key, 57, KeyType::Ed448),
        Family::X25519 => read_raw(key, 32, KeyType::X25519),
        Family::X448 => read_raw(key, 56, KeyType::X448),
        Family::Other => Ok((KeyType::Other { oid: algorithm.dotted()? }, Numbers::Spki)),
    }
}

pub(super) fn has_standard_parameters(bytes: &[u8]) -> bool {
    let Ok((algorithm, _)) = parts(bytes) else {
        return false;
    };
    match algorithm.family() {
        Family::Rsa => algorithm.parameters.is_some_and(|null| null.whole() == [der::NULL, 0]),
        Family::Ec => algorithm.parameters.is_some_and(|curve| curve.tag() == der::OBJECT_IDENTIFIER),
        Family::Ed25519 | Family::Ed448 | Family::X25519 | Family::X448 => algorithm.parameters.is_none(),
        Family::Dsa | Family::Other | Family::RsaPss => true,
    }
}

fn read_rsa(key: &[u8], key_type: fn(u32) -> KeyType) -> Result<(KeyType, Numbers), KeyDefect> {
    let mut walk = Walk::only_sequence(key)?;
    let modulus = walk.due(der::INTEGER)?.magnitude()?;
    let exponent = walk.due(der::INTEGER)?.magnitude()?;
    walk.end()?;
    if modulus.is_empty() || exponent.is_empty() {
        return Err(KeyDefect::RsaNumberZero);
    }
    let numbers = Numbers::Rsa { modulus: modulus.to_vec(), exponent: exponent.to_vec() };
    Ok((key_type(bits(modulus)), numbers))
}

fn read_raw(key: &[u8], due: usize, key_type: KeyType) -> Result<(KeyType, Numbers), KeyDefect> {
    if key.len() == due {
        Ok((key_type, Numbers::Octets(key.to_vec())))
    } else {
        Err(KeyDefect::RawKeyLength { found: key.len(), due })
    }
}

fn read_dsa(parameters: Option<Tlv<'_>>, key: &[u8]) -> Result<(KeyType, Numbers), KeyDefect> {
    let mut walk = Walk::over(key);
    walk.due(der::INTEGER)?.magnitude()?;
    walk.end()?;
    Ok((KeyType::Dsa { bits: dsa_bits(parameters)? }, Numbers::Spki))
}

/// Bits of the modulus p in `Dss-Parms` (RFC 3279 §2.3.2); 0 when they are inherited from the issuer.
pub(crate) fn dsa_bits(parameters: Option<Tlv<'_>>) -> Result<u32, DerDefect> {
    match parameters {
        Some(group) if group.tag() == der::SEQUENCE => Ok(bits(group.walk().due(der::INTEGER)?.magnitude()?)),
        _ => Ok(0),
    }
}

/// What `EcpkParameters` (RFC 3279 §2.3.5) say: the curve's type as facts name it, and the curve itself.
fn read_group(parameters: Option<Tlv<'_>>) -> Result<(KeyType, Group), DerDefect> {
    let other = |parameters: &str| KeyType::EcdsaOther { parameters: parameters.to_owned() };
    let Some(parameters) = parameters else {
        return Ok((other("no parameters"), Group::Unnamed(Vec::new())));
    };
    let unnamed = || Group::Unnamed(parameters.whole().to_vec());
    Ok(match parameters.tag() {
        der::OBJECT_IDENTIFIER => match Curve::from_oid_content(parameters.content()) {
            Some(curve) => (KeyType::Ecdsa { curve }, Group::Named(curve)),
            None => (other(&parameters.dotted()?), unnamed()),
        },
        der::SEQUENCE => {
            let group = Curve::from_explicit(parameters).map_or_else(unnamed, Group::Named);
            (other("explicit parameters"), group)
        }
        _ => (other("no parameters"), unnamed()),
    })
}

/// The type of an elliptic curve key with these parameters.
pub(crate) fn ec_key_type(parameters: Option<Tlv<'_>>) -> Result<KeyType, DerDefect> {
    read_group(parameters).map(|(key_type, _)| key_type)
}

/// The algorithm of keys on a named curve (RFC 5480 §2.1.1).
pub(super) fn write_ec(curve: Curve) -> Vec<u8> {
    der::write(der::SEQUENCE, &[&EC, &der::write(der::OBJECT_IDENTIFIER, &[curve.oid_content()])])
}

fn read_ec(parameters: Option<Tlv<'_>>, key: &[u8]) -> Result<(KeyType, Numbers), KeyDefect> {
    let (key_type, group) = read_group(parameters)?;
    let (x, y_is_odd) = read_point(key, &group)?;
    if let (Group::Named(curve), Some(4)) = (&group, key.first())
        && !is_on_curve(*curve, key)
    {
        return Err(KeyDefect::Point { reason: "the point is not on its curve" });
    }
    Ok((key_type, Numbers::Ec { group, x: x.to_vec(), y_is_odd }))
}

/// Reads a point in one of the forms of SEC 1 §2.3.3 and X9.62: x, and whether y is odd.
pub(super) fn read_point<'a>(key: &'a [u8], group: &Group) -> Result<(&'a [u8], bool), KeyDefect> {
    let [form, coordinates @ ..] = key else {
        return Err(KeyDefect::Point { reason: "the point is empty" });
    };
    let length = match form {
        0 => return Err(KeyDefect::Point { reason: "the point is the one at infinity" }),
        2 | 3 => coordinates.len(),
        4 | 6 | 7 if coordinates.len().is_multiple_of(2) => coordinates.len() / 2,
        4 | 6 | 7 => return Err(KeyDefect::Point { reason: "the point's coordinates differ in length" }),
        _ => return Err(KeyDefect::Point { reason: "the point is in none of the forms of SEC 1" }),
    };
    let fits = match group {
        Group::Named(curve) => length == curve.field_bytes(),
        Group::Unnamed(_) => length > 0,
    };
    let (x, y) = coordinates.split_at_checked(length).unwrap_or_default();
    if !fits {
        return Err(KeyDefect::Point { reason: "the point is too long or too short for its curve" });
    }
    let odd = |byte: &u8| byte & 1 == 1;
    match (form, y.last().map(odd)) {
        (4, Some(y_is_odd)) => Ok((x, y_is_odd)),
        (6 | 7, Some(y_is_odd)) if odd(form) != y_is_odd => {
            Err(KeyDefect::Point { reason: "the hybrid point contradicts itself" })
        }
        _ => Ok((x, odd(form))),
    }
}

/// Whether an uncompressed point is on its curve, as far as the provider knows the curve; true when it does
/// not.
fn is_on_curve(curve: Curve, point: &[u8]) -> bool {
    let algorithm: &'static dyn VerificationAlgorithm = match curve {
        Curve::P256 => &ECDSA_P256_SHA256_ASN1,
        Curve::P384 => &ECDSA_P384_SHA384_ASN1,
        Curve::P521 => &ECDSA_P521_SHA512_ASN1,
        Curve::P224 | Curve::Secp256k1 => return true,
    };
    ParsedPublicKey::new(algorithm, point).is_ok()
}
