//! What can sign as an authority.

use certgate_facts::{SshKeyKind, SshPublicKey, SshSignature, SshSignatureAlgorithm};

use crate::error::Error;

/// Fewest bits of an RSA key that signs as an authority: what the certificate API makes on request, and OpenSSH takes. An
/// authority should have 3072 at least, which is for whoever takes the key to say. Signatures by smaller ones, down to 1024
/// bits, are verified.
pub const AUTHORITY_RSA_BITS_MIN: u32 = 2048;

/// Holds an authority's private key, or a way to one: a key file, an agent, a key store of one's own.
///
/// What it returns is never believed: whoever asks verifies the signature before handing it on.
pub trait Signer {
    /// The authority's public key, as it will stand in certificates.
    fn public_key(&self) -> &SshPublicKey;

    /// Signs `message`, under the algorithm that [`algorithm_of_authority`] gives.
    ///
    /// # Errors
    ///
    /// An [`Error`] for a key that cannot be reached, refuses, or fails.
    fn sign(&self, message: &[u8]) -> Result<SshSignature, Error>;
}

/// The algorithm with which an authority of this key signs: the key's own, and for RSA `rsa-sha2-512`.
///
/// # Errors
///
/// - [`Error::AuthorityKeyTooSmall`] for RSA below [`AUTHORITY_RSA_BITS_MIN`].
/// - [`Error::AuthorityKeyUnsupported`] for DSA, types that are not known, and numbers that cannot be a key.
pub fn algorithm_of_authority(key: &SshPublicKey) -> Result<SshSignatureAlgorithm, Error> {
    match key.kind() {
        SshKeyKind::Rsa { bits } if *bits < AUTHORITY_RSA_BITS_MIN => {
            Err(Error::AuthorityKeyTooSmall { bits: *bits })
        }
        _ => SshSignatureAlgorithm::of_key(key)
            .ok_or_else(|| Error::AuthorityKeyUnsupported { name: key.name().to_owned() }),
    }
}
