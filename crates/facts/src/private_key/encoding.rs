//! Private keys, written in another format: the same numbers, arranged otherwise.

use std::fmt;

use zeroize::Zeroizing;

use super::{KeyFormat, Shape};
use crate::container::ContainerFault;
use crate::der::{
    self, BIT_STRING, CONTEXT_0, CONTEXT_1, INTEGER, NULL, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, Walk,
    write, write_secret,
};
use crate::key::{Family, algorithm};

/// `rsaEncryption` with its parameters.
const RSA: [u8; 13] = [OBJECT_IDENTIFIER, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, NULL, 0];
/// `id-ecPublicKey`.
const EC: [u8; 9] = [OBJECT_IDENTIFIER, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];

/// Why a key cannot be written in a format.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyEncodingError {
    /// The key is not readable DER of a format that is written here.
    Unreadable {
        /// What is wrong, as half a sentence.
        reason: String,
    },
    /// The format is not for keys of this algorithm: PKCS #1 is for RSA, SEC 1 for elliptic curves.
    OtherAlgorithm,
}

impl fmt::Display for KeyEncodingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { reason } => write!(formatter, "the private key cannot be read: {reason}"),
            Self::OtherAlgorithm => {
                formatter.write_str("keys of its algorithm are not written in that format")
            }
        }
    }
}

impl std::error::Error for KeyEncodingError {}

impl From<der::DerDefect> for KeyEncodingError {
    fn from(defect: der::DerDefect) -> Self {
        Self::Unreadable { reason: defect.to_string() }
    }
}

impl From<ContainerFault> for KeyEncodingError {
    fn from(fault: ContainerFault) -> Self {
        Self::Unreadable { reason: fault.to_string() }
    }
}

type Written = Result<Zeroizing<Vec<u8>>, KeyEncodingError>;

/// An unencrypted key in DER, in another format: PKCS #1, PKCS #8 or SEC 1. In its own it comes out as it is.
///
/// # Errors
/// [`KeyEncodingError::OtherAlgorithm`] where the format has no such keys; [`KeyEncodingError::Unreadable`] for what is no
/// unencrypted key in one of the three.
pub fn private_key_as(format: KeyFormat, bytes: &[u8]) -> Written {
    let copy = || Zeroizing::new(bytes.to_vec());
    match (Shape::of(bytes)?, format) {
        (Shape::Pkcs1, KeyFormat::Pkcs1)
        | (Shape::Pkcs8, KeyFormat::Pkcs8)
        | (Shape::Sec1, KeyFormat::Sec1) => Ok(copy()),
        (Shape::Pkcs1, KeyFormat::Pkcs8) => Ok(pkcs8(&[&RSA], bytes)),
        (Shape::Sec1, KeyFormat::Pkcs8) => pkcs8_of_sec1(bytes),
        (Shape::Pkcs8, KeyFormat::Pkcs1) => {
            let inner = Inner::of(bytes)?;
            if inner.family == Family::Rsa {
                Ok(Zeroizing::new(inner.key.to_vec()))
            } else {
                Err(KeyEncodingError::OtherAlgorithm)
            }
        }
        (Shape::Pkcs8, KeyFormat::Sec1) => {
            let inner = Inner::of(bytes)?;
            if inner.family == Family::Ec {
                sec1(inner.key, inner.parameters)
            } else {
                Err(KeyEncodingError::OtherAlgorithm)
            }
        }
        (Shape::Pkcs1, KeyFormat::Sec1) | (Shape::Sec1, KeyFormat::Pkcs1) => {
            Err(KeyEncodingError::OtherAlgorithm)
        }
        _ => Err(KeyEncodingError::Unreadable {
            reason: "it is in none of PKCS#1, PKCS#8 and SEC 1".to_owned(),
        }),
    }
}

/// What PKCS #8 wraps.
struct Inner<'a> {
    family: Family,
    parameters: Option<&'a [u8]>,
    key: &'a [u8],
}

impl<'a> Inner<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self, KeyEncodingError> {
        let mut walk = Walk::only_sequence(bytes)?;
        walk.due(INTEGER)?;
        let algorithm = algorithm(&mut walk)?;
        let key = walk.due(OCTET_STRING)?.content();
        let parameters = algorithm.parameters().map(der::Tlv::whole);
        Ok(Self { family: algorithm.family(), parameters, key })
    }
}

fn pkcs8(algorithm: &[&[u8]], key: &[u8]) -> Zeroizing<Vec<u8>> {
    let key = write_secret(OCTET_STRING, &[key]);
    write_secret(SEQUENCE, &[&[INTEGER, 1, 0], &write(SEQUENCE, algorithm), &key])
}

/// The parts of an `ECPrivateKey`, with their tags.
struct EcParts<'a> {
    version: &'a [u8],
    scalar: &'a [u8],
    parameters: Option<&'a [u8]>,
    public: &'a [u8],
}

fn ec_parts(bytes: &[u8]) -> Result<EcParts<'_>, KeyEncodingError> {
    let mut walk = Walk::only_sequence(bytes)?;
    let version = walk.due(INTEGER)?.whole();
    let scalar = walk.due(OCTET_STRING)?.whole();
    let parameters = walk.optional(CONTEXT_0)?.map(der::Tlv::content);
    let public = walk.optional(CONTEXT_1)?;
    if let Some(public) = public {
        public.walk().due(BIT_STRING)?;
    }
    Ok(EcParts { version, scalar, parameters, public: public.map(der::Tlv::whole).unwrap_or_default() })
}

fn pkcs8_of_sec1(bytes: &[u8]) -> Written {
    let EcParts { version, scalar, parameters, public } = ec_parts(bytes)?;
    let parameters = parameters
        .ok_or_else(|| KeyEncodingError::Unreadable { reason: "the EC key names no curve".to_owned() })?;
    // The curve is named once, around it.
    Ok(pkcs8(&[&EC, parameters], &write_secret(SEQUENCE, &[version, scalar, public])))
}

fn sec1(bytes: &[u8], around: Option<&[u8]>) -> Written {
    let EcParts { version, scalar, parameters, public } = ec_parts(bytes)?;
    let parameters = parameters
        .or(around)
        .ok_or_else(|| KeyEncodingError::Unreadable { reason: "the EC key names no curve".to_owned() })?;
    Ok(write_secret(SEQUENCE, &[version, scalar, &write(CONTEXT_0, &[parameters]), public]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::key_block;

    #[test]
    fn formats_turn_into_each_other_and_stay_the_same_key() {
        for (pkcs8, other, format) in [
            ("rsa-2048-a.key", "rsa-2048-a.pkcs1.key", KeyFormat::Pkcs1),
            ("p256-a.key", "p256-a.sec1.key", KeyFormat::Sec1),
        ] {
            let (pkcs8, other) = (key_block(pkcs8).body, key_block(other).body);
            assert_eq!(*private_key_as(format, &pkcs8).unwrap(), other);
            assert_eq!(*private_key_as(KeyFormat::Pkcs8, &other).unwrap(), pkcs8);
            assert_eq!(*private_key_as(format, &other).unwrap(), other);
        }
    }

    #[test]
    fn formats_have_the_keys_that_they_are_for() {
        let refused = |name: &str, format| private_key_as(format, &key_block(name).body).unwrap_err();
        assert_eq!(refused("ed25519-a.key", KeyFormat::Pkcs1), KeyEncodingError::OtherAlgorithm);
        assert_eq!(refused("ed25519-a.key", KeyFormat::Sec1), KeyEncodingError::OtherAlgorithm);
        assert_eq!(refused("p256-a.sec1.key", KeyFormat::Pkcs1), KeyEncodingError::OtherAlgorithm);
        assert_eq!(refused("rsa-2048-a.pkcs1.key", KeyFormat::Sec1), KeyEncodingError::OtherAlgorithm);
        let unreadable =
            |name| matches!(refused(name, KeyFormat::Pkcs8), KeyEncodingError::Unreadable { .. });
        assert!(unreadable("p256-a.encrypted-pkcs8.key") && unreadable("ed25519-a.openssh.key"));
    }
}
