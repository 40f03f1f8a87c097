//! Public keys.

use certgate_facts::{KeyType, PublicKey};
use serde::Serialize;

/// The type of a public key and its size.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Key {
    /// `rsa`, `rsa-pss`, `ecdsa`, `ed25519`, `ed448`, `dsa`, `x25519` or `x448`; of another algorithm its object
    /// identifier.
    #[serde(rename = "type")]
    pub key_type: String,
    /// Bits of the modulus, for `rsa`, `rsa-pss` and `dsa`.
    pub bits: Option<u32>,
    /// The curve, for `ecdsa`: `p224`, `p256`, `p384`, `p521`, `secp256k1`, else its object identifier or in words why
    /// it has none.
    pub curve: Option<String>,
    /// SHA-256 over the SubjectPublicKeyInfo, in hexadecimal.
    pub spki_sha256: String,
}

impl Key {
    pub(super) fn of(key: &PublicKey) -> Self {
        let (key_type, bits, curve) = match key.key_type() {
            KeyType::Dsa { bits } => ("dsa", Some(*bits), None),
            KeyType::Ecdsa { curve } => ("ecdsa", None, Some(curve.name().to_owned())),
            KeyType::EcdsaOther { parameters } => ("ecdsa", None, Some(parameters.clone())),
            KeyType::Ed25519 => ("ed25519", None, None),
            KeyType::Ed448 => ("ed448", None, None),
            KeyType::Other { oid } => (oid.as_str(), None, None),
            KeyType::Rsa { bits } => ("rsa", Some(*bits), None),
            KeyType::RsaPss { bits } => ("rsa-pss", Some(*bits), None),
            KeyType::X25519 => ("x25519", None, None),
            KeyType::X448 => ("x448", None, None),
            _ => ("unknown", None, None),
        };
        Self {
            key_type: key_type.to_owned(),
            bits,
            curve,
            spki_sha256: certgate_facts::hex(&key.spki_sha256()),
        }
    }
}
