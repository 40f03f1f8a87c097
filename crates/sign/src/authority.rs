//! Authorities whose private key is at hand: read from a key file, or made here.

mod create;
mod der;
mod import;
mod mode;
mod openssh;
mod rsa;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA512, RsaKeyPair};
use certgate_facts::{Curve, SshPublicKey, SshSignature, SshSignatureAlgorithm};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

pub use self::create::AuthorityKeyType;
pub use self::mode::check_key_file_mode;
pub use self::openssh::KEY_DERIVATION_ROUNDS_MAX;
use crate::error::Error;
use crate::signer::{Signer, algorithm_of_authority};
use crate::wire::{write_mpint, write_string};

/// An authority's private key, in this process's memory.
///
/// The key lies in the signature provider's own structures, which wipe what they free; copies made on the way in and
/// out are wiped when dropped. It cannot be shown, copied, or compared:
/// ```compile_fail,E0277
/// # fn show(authority: certgate_sign::Authority) {
/// format!("{authority:?}");
/// # }
/// ```
/// ```compile_fail,E0599
/// # fn copy(authority: certgate_sign::Authority) -> certgate_sign::Authority {
/// authority.clone()
/// # }
/// ```
/// Signing is the provider's and may go on in several threads at once. ECDSA takes its nonces from the provider's own
/// generator; Ed25519 and RSA need none.
pub struct Authority {
    pair: Pair,
    algorithm: SshSignatureAlgorithm,
    public_key: SshPublicKey,
}

/// The provider's key pairs.
enum Pair {
    Ecdsa(Curve, EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl Authority {
    /// Makes a new key.
    ///
    /// Ed25519 and ECDSA keys are made of what `rng` gives and nothing else. RSA keys are the provider's entirely: it
    /// takes no randomness but that of its own generator, which the operating system seeds.
    ///
    /// # Errors
    ///
    /// - [`Error::ProviderFailed`] if the provider makes no key.
    /// - [`Error::RandomnessUnavailable`] if `rng` fails, or gives what no generator gives.
    pub fn create<R: TryCryptoRng + ?Sized>(key_type: AuthorityKeyType, rng: &mut R) -> Result<Self, Error> {
        Self::from_pair(create::pair(key_type, rng)?)
    }

    /// Reads a key file: OpenSSH's format, encrypted or not (PROTOCOL.key); PKCS #8, PKCS #1 and SEC 1 in PEM, not
    /// encrypted.
    ///
    /// `mode` is the file's (POSIX `st_mode`), taken from the handle that the bytes were read from; it is looked at
    /// before the bytes are. A passphrase for a key that is not encrypted is ignored.
    ///
    /// # Errors
    ///
    /// - [`Error::AuthorityKeyModeTooOpen`] as [`check_key_file_mode`] has it.
    /// - [`Error::AuthorityKeyMissing`], [`Error::AuthorityKeyDamaged`] for what is no private key, or more than one.
    /// - [`Error::AuthorityKeyEncrypted`], [`Error::AuthorityPassphraseWrong`] for a passphrase missing or wrong.
    /// - [`Error::AuthorityKeyTooSmall`] for RSA below [`AUTHORITY_RSA_BITS_MIN`](crate::AUTHORITY_RSA_BITS_MIN).
    /// - [`Error::AuthorityKeyUnsupported`] for other types of keys, and encrypted PKCS #8 and traditional PEM:
    ///   `ssh-keygen -p` turns these into OpenSSH's format.
    /// - [`Error::KeyDerivationTooCostly`] above [`KEY_DERIVATION_ROUNDS_MAX`].
    pub fn from_key_file(bytes: &[u8], mode: u32, passphrase: Option<&[u8]>) -> Result<Self, Error> {
        check_key_file_mode(mode)?;
        Self::from_pair(import::pair(bytes, passphrase)?)
    }

    /// The key in OpenSSH's format, encrypted: aes256-ctr under bcrypt-pbkdf, with a salt from `rng`. Line feeds end
    /// its lines. The file it goes to must be made with mode 0600.
    ///
    /// # Errors
    ///
    /// - [`Error::PassphraseEmpty`] for an empty passphrase.
    /// - [`Error::ProviderFailed`] if the provider does not give the key out.
    /// - [`Error::RandomnessUnavailable`] if `rng` fails.
    pub fn to_openssh<R: TryCryptoRng + ?Sized>(
        &self,
        passphrase: &[u8],
        comment: &str,
        rng: &mut R,
    ) -> Result<Zeroizing<String>, Error> {
        openssh::write_encrypted(&self.pair, self.public_key.blob(), passphrase, comment, rng)
    }

    /// The key in OpenSSH's format, for whoever can read it to use.
    ///
    /// # Errors
    ///
    /// [`Error::ProviderFailed`] if the provider does not give the key out.
    pub fn to_openssh_without_encryption(&self, comment: &str) -> Result<Zeroizing<String>, Error> {
        openssh::write_plain(&self.pair, self.public_key.blob(), comment)
    }

    fn from_pair(pair: Pair) -> Result<Self, Error> {
        let public_key = pair.public_key()?;
        let algorithm = algorithm_of_authority(&public_key)?;
        Ok(Self { pair, algorithm, public_key })
    }
}

impl Signer for Authority {
    fn public_key(&self) -> &SshPublicKey {
        &self.public_key
    }

    fn sign(&self, message: &[u8]) -> Result<SshSignature, Error> {
        let failed = |_| Error::ProviderFailed { what: "to sign" };
        match &self.pair {
            Pair::Ecdsa(_, pair) => {
                let raw = pair.sign(&SystemRandom::new(), message).map_err(failed)?;
                Ok(SshSignature::from_raw(self.algorithm, raw.as_ref())?)
            }
            Pair::Ed25519(pair) => {
                let raw = pair.try_sign(message).map_err(failed)?;
                Ok(SshSignature::from_raw(self.algorithm, raw.as_ref())?)
            }
            Pair::Rsa(pair) => {
                let mut raw = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA512, &SystemRandom::new(), message, &mut raw).map_err(failed)?;
                Ok(SshSignature::from_raw(self.algorithm, &raw)?)
            }
        }
    }
}

impl Pair {
    /// The public half, derived by the provider from the private one.
    fn public_key(&self) -> Result<SshPublicKey, Error> {
        let mut blob = Vec::new();
        match self {
            Self::Ecdsa(curve, pair) => {
                let curve_name = format!("nistp{}", curve.bits());
                write_string(&mut blob, format!("ecdsa-sha2-{curve_name}").as_bytes());
                write_string(&mut blob, curve_name.as_bytes());
                write_string(&mut blob, pair.public_key().as_ref());
            }
            Self::Ed25519(pair) => {
                write_string(&mut blob, b"ssh-ed25519");
                write_string(&mut blob, pair.public_key().as_ref());
            }
            Self::Rsa(pair) => {
                let (modulus, exponent) = rsa::public_numbers(pair.public_key().as_ref())?;
                write_string(&mut blob, b"ssh-rsa");
                write_mpint(&mut blob, exponent);
                write_mpint(&mut blob, modulus);
            }
        }
        SshPublicKey::from_blob(&blob).map_err(|_| Error::ProviderFailed { what: "to derive the public key" })
    }
}
