//! Key files of all formats, to the provider's key pairs.

use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use certgate_facts::{Entry, KeyFormat, KeyType, PrivateKeyState, Reading, Source};

use super::create::ecdsa_signing;
use super::{Pair, openssh};
use crate::error::Error;

/// The one private key in a file.
pub(super) fn pair(bytes: &[u8], passphrase: Option<&[u8]>) -> Result<Pair, Error> {
    let source = Source::from_bytes("authority key", bytes.to_vec()).map_err(damaged)?;
    let reading = Reading::of(source);
    let mut keys = reading.entries().iter().filter(|entry| entry.is_private_key());
    let entry = keys.next().ok_or(Error::AuthorityKeyMissing)?;
    if keys.next().is_some() {
        return Err(damaged("the file holds more than one"));
    }
    let undecoded = || damaged("the base64 does not decode");
    let der = entry.block().der().ok_or_else(undecoded)?;
    let key = entry.private_key().ok_or_else(undecoded)?;
    match (key.format(), key.state()) {
        (_, PrivateKeyState::Unreadable { reason }) => Err(damaged(reason)),
        (KeyFormat::OpenSsh, _) => openssh::read(der, passphrase),
        (_, PrivateKeyState::Encrypted { scheme, .. }) => {
            Err(Error::AuthorityKeyUnsupported { name: format!("{scheme}; convert it with ssh-keygen -p") })
        }
        (_, PrivateKeyState::Usable(public)) => usable(entry, public.key_type(), der),
        (_, PrivateKeyState::Unsupported { algorithm, .. }) => {
            Err(Error::AuthorityKeyUnsupported { name: algorithm.clone() })
        }
        (format, _) => Err(Error::AuthorityKeyUnsupported { name: format.to_string() }),
    }
}

/// A key that the reader found fit for servers: PKCS #8, PKCS #1 or SEC 1.
fn usable(entry: &Entry, key_type: &KeyType, der: &[u8]) -> Result<Pair, Error> {
    let unsupported = || Error::AuthorityKeyUnsupported { name: key_type.to_string() };
    let rejected = |_| damaged("the signature provider rejects it");
    let is_pkcs8 = entry.private_key().is_some_and(|key| key.format() == KeyFormat::Pkcs8);
    match key_type {
        KeyType::Ed25519 => {
            Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map(Pair::Ed25519).map_err(rejected)
        }
        KeyType::Ecdsa { curve } => {
            let signing = ecdsa_signing(*curve).ok_or_else(unsupported)?;
            let pair = EcdsaKeyPair::from_private_key_der(signing, der).map_err(rejected)?;
            Ok(Pair::Ecdsa(*curve, pair))
        }
        // The provider has a floor of its own, and says less.
        KeyType::Rsa { bits } if *bits < crate::AUTHORITY_RSA_BITS_MIN => {
            Err(Error::AuthorityKeyTooSmall { bits: *bits })
        }
        KeyType::Rsa { .. } if is_pkcs8 => RsaKeyPair::from_pkcs8(der).map(Pair::Rsa).map_err(rejected),
        KeyType::Rsa { .. } => RsaKeyPair::from_der(der).map(Pair::Rsa).map_err(rejected),
        _ => Err(unsupported()),
    }
}

pub(super) fn damaged(reason: impl std::fmt::Display) -> Error {
    Error::AuthorityKeyDamaged { reason: reason.to_string() }
}
