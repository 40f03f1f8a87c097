//! OpenSSH's private key format, `openssh-key-v1` (PROTOCOL.key), read and written by way of `ssh-key`.

use aws_lc_rs::encoding::{AsBigEndian as _, AsDer as _, EcPrivateKeyBin, Pkcs8V1Der};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use certgate_facts::Curve;
use rand_core::TryCryptoRng;
use ssh_key::encoding::Decode as _;
use ssh_key::private::{EcdsaKeypair, KeypairData};
use ssh_key::{Cipher, Kdf, LineEnding, PrivateKey};
use zeroize::Zeroizing;

use super::import::damaged;
use super::rsa::{self, Numbers};
use super::{Pair, create};
use crate::error::Error;
use crate::wire::{write_mpint, write_string};

/// Most rounds of key derivation that a key file may ask for; OpenSSH writes 16 or 24, and a round takes milliseconds.
pub const KEY_DERIVATION_ROUNDS_MAX: u32 = 4096;
/// Rounds of key derivation that are written, as newer OpenSSH does.
const ROUNDS: u32 = 24;
/// Bytes of the salt, as OpenSSH has it.
const SALT_BYTES: usize = 16;

/// Reads a key in binary form, the base64 undone.
pub(super) fn read(bytes: &[u8], passphrase: Option<&[u8]>) -> Result<Pair, Error> {
    let file = PrivateKey::from_bytes(bytes).map_err(damaged)?;
    if !file.is_encrypted() {
        return pair(&file);
    }
    let passphrase = passphrase.ok_or(Error::AuthorityKeyEncrypted)?;
    if let Kdf::Bcrypt { rounds, .. } = file.kdf()
        && *rounds > KEY_DERIVATION_ROUNDS_MAX
    {
        return Err(Error::KeyDerivationTooCostly { rounds: *rounds });
    }
    if passphrase.is_empty() {
        return Err(Error::AuthorityPassphraseWrong);
    }
    let opened = file.decrypt(passphrase).map_err(|error| match error {
        ssh_key::Error::AlgorithmUnknown | ssh_key::Error::AlgorithmUnsupported { .. } => {
            Error::AuthorityKeyUnsupported { name: file.cipher().to_string() }
        }
        _ => Error::AuthorityPassphraseWrong,
    })?;
    pair(&opened)
}

/// The provider's pair. The public half that the file states must be the one that the private half gives.
fn pair(file: &PrivateKey) -> Result<Pair, Error> {
    let pair = match file.key_data() {
        KeypairData::Ecdsa(ecdsa) => {
            let curve = match ecdsa {
                EcdsaKeypair::NistP256 { .. } => Curve::P256,
                EcdsaKeypair::NistP384 { .. } => Curve::P384,
                EcdsaKeypair::NistP521 { .. } => Curve::P521,
            };
            let pair = create::ecdsa(curve, ecdsa.private_key_bytes())
                .ok_or_else(|| damaged("its scalar is not one of its curve"))?;
            Pair::Ecdsa(curve, pair)
        }
        KeypairData::Ed25519(ed25519) => {
            let seed = Zeroizing::new(ed25519.private.to_bytes());
            let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_slice())
                .map_err(|_| damaged("the signature provider rejects it"))?;
            Pair::Ed25519(pair)
        }
        KeypairData::Rsa(rsa) => {
            if rsa.key_size() < crate::AUTHORITY_RSA_BITS_MIN {
                return Err(Error::AuthorityKeyTooSmall { bits: rsa.key_size() });
            }
            Pair::Rsa(rsa::pair(&Numbers {
                modulus: rsa.public().n().as_bytes(),
                exponent: rsa.public().e().as_bytes(),
                private_exponent: rsa.private().d().as_bytes(),
                coefficient: rsa.private().iqmp().as_bytes(),
                prime_1: rsa.private().p().as_bytes(),
                prime_2: rsa.private().q().as_bytes(),
            })?)
        }
        _ => return Err(Error::AuthorityKeyUnsupported { name: file.algorithm().to_string() }),
    };
    let stated = file.public_key().to_bytes().map_err(damaged)?;
    if pair.public_key()?.blob() != stated {
        return Err(damaged("its public half is another key's"));
    }
    Ok(pair)
}

/// Writes a key, encrypted.
pub(super) fn write_encrypted<R: TryCryptoRng + ?Sized>(
    pair: &Pair,
    public_blob: &[u8],
    passphrase: &[u8],
    comment: &str,
    rng: &mut R,
) -> Result<Zeroizing<String>, Error> {
    if passphrase.is_empty() {
        return Err(Error::PassphraseEmpty);
    }
    let mut salt = vec![0; SALT_BYTES];
    let mut check = [0; 4];
    rng.try_fill_bytes(&mut salt).map_err(|_| Error::RandomnessUnavailable)?;
    rng.try_fill_bytes(&mut check).map_err(|_| Error::RandomnessUnavailable)?;
    let derivation = Kdf::Bcrypt { salt, rounds: ROUNDS };
    private_key(pair, public_blob, comment)?
        .encrypt_with(Cipher::Aes256Ctr, derivation, u32::from_be_bytes(check), passphrase)
        .and_then(|key| key.to_openssh(LineEnding::LF))
        .map_err(|_| failed())
}

/// Writes a key as it is.
pub(super) fn write_plain(
    pair: &Pair,
    public_blob: &[u8],
    comment: &str,
) -> Result<Zeroizing<String>, Error> {
    private_key(pair, public_blob, comment)?.to_openssh(LineEnding::LF).map_err(|_| failed())
}

/// The key in the library's terms, by way of its encoding: type name, then public and private fields.
fn private_key(pair: &Pair, public_blob: &[u8], comment: &str) -> Result<PrivateKey, Error> {
    // As long as it can get, so that no growth leaves a copy behind.
    let mut encoded = Zeroizing::new(Vec::with_capacity(8192));
    match pair {
        Pair::Ecdsa(_, pair) => {
            let scalar: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().map_err(|_| failed())?;
            encoded.extend_from_slice(public_blob);
            write_mpint(&mut encoded, scalar.as_ref());
        }
        Pair::Ed25519(pair) => {
            let public = pair.public_key();
            let pkcs8: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| failed())?;
            let seed = pkcs8.as_ref().last_chunk::<32>().ok_or_else(failed)?;
            encoded.extend_from_slice(public_blob);
            let mut both = Zeroizing::new([0; 64]);
            both.iter_mut().zip(seed.iter().chain(public.as_ref())).for_each(|(to, from)| *to = *from);
            write_string(&mut encoded, both.as_slice());
        }
        Pair::Rsa(pair) => rsa::with_numbers(pair, |numbers| {
            write_string(&mut encoded, b"ssh-rsa");
            let &Numbers { modulus, exponent, private_exponent, coefficient, prime_1, prime_2 } = numbers;
            for number in [modulus, exponent, private_exponent, coefficient, prime_1, prime_2] {
                write_mpint(&mut encoded, number);
            }
        })?,
    }
    let data = KeypairData::decode(&mut encoded.as_slice()).map_err(|_| failed())?;
    PrivateKey::new(data, comment).map_err(|_| failed())
}

const fn failed() -> Error {
    Error::ProviderFailed { what: "to write the key" }
}
