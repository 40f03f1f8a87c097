//! Sealing: what is secret is kept under a master key that is kept elsewhere.
//!
//! Each secret is encrypted and authenticated by AES-256-GCM (NIST SP 800-38D) under a key of its own, which HKDF with
//! SHA-256 (RFC 5869) makes of the master key and 32 random bytes. A key that is used once needs no random nonce and has no
//! limit on messages; and it takes no other library than the one that signs. The id of the resource is authenticated with
//! it: what was sealed for one resource opens for no other.

mod mark;

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{self, HKDF_SHA256, Salt};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::error::Error;

/// Bytes of a master key.
pub const MASTER_KEY_BYTES: usize = 32;
/// Random bytes of which, with the master key, a secret's own key is made.
const SALT_BYTES: usize = 32;
/// Bytes of the number by which a master key is recognized.
const NUMBER_BYTES: usize = 8;

/// The key that seals the others. It has no `Debug`, `Clone` or comparison, and is wiped on drop.
pub struct MasterKey {
    key: Zeroizing<[u8; MASTER_KEY_BYTES]>,
    number: MasterKeyNumber,
}

/// By what a master key is recognized, and nothing more; shown in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MasterKeyNumber(pub(crate) [u8; NUMBER_BYTES]);

/// A secret that is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub(crate) master: MasterKeyNumber,
    /// The salt, the ciphertext, the tag.
    pub(crate) bytes: Vec<u8>,
}

/// Lengths of keys, as HKDF asks for them.
struct Bytes(usize);

impl hkdf::KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

impl MasterKey {
    /// The key of these bytes, which should be random.
    ///
    /// # Errors
    ///
    /// [`Error::SealFailed`] if the provider fails.
    pub fn new(key: Zeroizing<[u8; MASTER_KEY_BYTES]>) -> Result<Self, Error> {
        let mut number = [0; NUMBER_BYTES];
        derive(&*key, b"", b"certgate master key number", &mut number)?;
        Ok(Self { key, number: MasterKeyNumber(number) })
    }

    /// A key as it is kept in a file: 64 hexadecimal digits, and white space around them.
    ///
    /// # Errors
    ///
    /// [`Error::TextUnfit`] for anything else; the text is not in it.
    pub fn read(text: &str) -> Result<Self, Error> {
        let unfit = || Error::TextUnfit { field: "master key", reason: "it is not 64 hexadecimal digits" };
        let digits = text.trim_ascii().as_bytes();
        if digits.len() != 2 * MASTER_KEY_BYTES {
            return Err(unfit());
        }
        let mut key = Zeroizing::new([0; MASTER_KEY_BYTES]);
        let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        for (byte, pair) in key.iter_mut().zip(digits.chunks(2)) {
            let [high, low] = pair else { return Err(unfit()) };
            *byte = value(*high).ok_or_else(unfit)? << 4 | value(*low).ok_or_else(unfit)?;
        }
        Self::new(key)
    }

    /// A new key, as the text for a file.
    ///
    /// # Errors
    ///
    /// [`Error::Sign`] if `rng` fails.
    pub fn generate<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<Zeroizing<String>, Error> {
        let mut key = Zeroizing::new([0; MASTER_KEY_BYTES]);
        fill(rng, &mut *key)?;
        let mut text = Zeroizing::new(String::with_capacity(2 * MASTER_KEY_BYTES + 1));
        for half in key.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
            text.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
        text.push('\n');
        Ok(text)
    }

    /// By what it is recognized.
    #[must_use]
    pub const fn number(&self) -> MasterKeyNumber {
        self.number
    }

    /// Seals a secret of the resource that has this id.
    ///
    /// # Errors
    ///
    /// - [`Error::SealFailed`] if the provider fails.
    /// - [`Error::Sign`] if `rng` fails.
    pub fn seal<R: TryCryptoRng + ?Sized>(
        &self,
        id: &str,
        secret: &[u8],
        rng: &mut R,
    ) -> Result<Sealed, Error> {
        let mut salt = [0; SALT_BYTES];
        fill(rng, &mut salt)?;
        // Room for all of it from the start: a buffer that grows leaves copies behind.
        let mut text = Zeroizing::new(Vec::with_capacity(secret.len() + AES_256_GCM.tag_len()));
        text.extend_from_slice(secret);
        self.key_of(&salt)?
            .seal_in_place_append_tag(nonce(), Aad::from(id.as_bytes()), &mut *text)
            .map_err(|_| Error::SealFailed)?;
        Ok(Sealed { master: self.number, bytes: [&salt, text.as_slice()].concat() })
    }

    /// Opens what was sealed for the resource that has this id.
    ///
    /// # Errors
    ///
    /// - [`Error::MasterKeyDiffers`] for what another key sealed.
    /// - [`Error::SealBroken`] for what was changed since, or sealed for another resource.
    pub fn open(&self, id: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, Error> {
        if sealed.master != self.number {
            return Err(Error::MasterKeyDiffers { due: sealed.master, found: self.number });
        }
        let (salt, text) = sealed.bytes.split_at_checked(SALT_BYTES).ok_or(Error::SealBroken)?;
        let mut text = Zeroizing::new(text.to_vec());
        let opened = self
            .key_of(salt)?
            .open_in_place(nonce(), Aad::from(id.as_bytes()), &mut text)
            .map_err(|_| Error::SealBroken)?
            .len();
        text.truncate(opened);
        Ok(text)
    }

    /// The key of one secret.
    fn key_of(&self, salt: &[u8]) -> Result<LessSafeKey, Error> {
        let mut key = Zeroizing::new([0; 32]);
        derive(&*self.key, salt, b"certgate secret", &mut *key)?;
        UnboundKey::new(&AES_256_GCM, &*key).map(LessSafeKey::new).map_err(|_| Error::SealFailed)
    }
}

/// Each key is used for one secret.
fn nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

fn derive(key: &[u8], salt: &[u8], what_for: &[u8], out: &mut [u8]) -> Result<(), Error> {
    let what_for = [what_for];
    let derived = Salt::new(HKDF_SHA256, salt).extract(key);
    let derived = derived.expand(&what_for, Bytes(out.len())).map_err(|_| Error::SealFailed)?;
    derived.fill(out).map_err(|_| Error::SealFailed)
}

fn fill<R: TryCryptoRng + ?Sized>(rng: &mut R, bytes: &mut [u8]) -> Result<(), Error> {
    rng.try_fill_bytes(bytes).map_err(|_| Error::Sign(certgate_sign::Error::RandomnessUnavailable))
}

impl fmt::Display for MasterKeyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use chacha20::ChaCha20Rng;
    use chacha20::rand_core::SeedableRng as _;
    use proptest::prelude::*;

    use super::*;

    fn key(byte: u8) -> MasterKey {
        MasterKey::new(Zeroizing::new([byte; MASTER_KEY_BYTES])).unwrap()
    }

    #[test]
    fn a_secret_opens_with_its_key_and_for_its_resource_only() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let sealed = key(1).seal("cert_1", b"a private key", &mut rng).unwrap();
        assert_eq!(key(1).open("cert_1", &sealed).unwrap().as_slice(), b"a private key");
        assert!(matches!(key(1).open("cert_2", &sealed), Err(Error::SealBroken)));
        assert!(matches!(key(2).open("cert_1", &sealed), Err(Error::MasterKeyDiffers { .. })));
        assert!(!sealed.bytes.windows(7).any(|window| window == b"private"));
    }

    #[test]
    fn the_same_secret_is_never_sealed_alike() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let mut seal = || key(1).seal("cert_1", b"a private key", &mut rng).unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn no_changed_byte_goes_unnoticed() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let sealed = key(1).seal("cert_1", b"a private key", &mut rng).unwrap();
        for at in 0..sealed.bytes.len() {
            let mut changed = sealed.clone();
            changed.bytes[at] ^= 1;
            assert!(matches!(key(1).open("cert_1", &changed), Err(Error::SealBroken)), "{at}");
            changed.bytes.truncate(at);
            assert!(matches!(key(1).open("cert_1", &changed), Err(Error::SealBroken)), "{at}");
        }
    }

    #[test]
    fn a_key_is_read_from_its_text() {
        let text = MasterKey::generate(&mut ChaCha20Rng::seed_from_u64(1)).unwrap();
        assert_eq!((text.len(), text.as_str().trim_end().len()), (65, 64));
        assert_eq!(MasterKey::read(&text).unwrap().number(), MasterKey::read(text.trim()).unwrap().number());
        assert_eq!(MasterKey::read(&"01".repeat(32)).unwrap().number(), key(1).number());
        for bad in ["", "01", &"0g".repeat(32), &"01".repeat(33), &"é".repeat(32)] {
            assert!(matches!(MasterKey::read(bad), Err(Error::TextUnfit { .. })), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_secret_opens_as_it_was_sealed(secret: Vec<u8>, seed: u64) {
            let sealed = key(7).seal("id", &secret, &mut ChaCha20Rng::seed_from_u64(seed)).unwrap();
            prop_assert_eq!(&*key(7).open("id", &sealed).unwrap(), &secret);
        }
    }
}
