//! Bytes in JSON.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use certgate_facts::SshPublicKey;
use serde::{Deserialize, Serialize};

/// Bytes that are meant to be text: as text where they are UTF-8, else as base64 (RFC 4648 §4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Octets {
    /// UTF-8.
    Text(String),
    /// Anything else.
    Base64(String),
}

impl Octets {
    pub(super) fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(base64(bytes)),
        }
    }

    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Text(text) => Some(text.clone().into_bytes()),
            Self::Base64(text) => from_base64(text),
        }
    }
}

/// A key in wire form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyBlob {
    /// Its bytes in base64 (RFC 4648 §4).
    pub blob: String,
    /// Its type, such as `ssh-ed25519`; `null` for what is no key. May be left out for rebuilding.
    #[serde(rename = "type", default)]
    pub key_type: Option<String>,
    /// `SHA256:` and base64, as `ssh-keygen -l` shows it; `null` for what is no key. May be left out for rebuilding.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

impl KeyBlob {
    pub(super) fn of(blob: &[u8]) -> Self {
        let key = SshPublicKey::from_blob(blob).ok();
        Self {
            blob: base64(blob),
            key_type: key.as_ref().map(|key| key.name().to_owned()),
            fingerprint: key.as_ref().map(SshPublicKey::fingerprint),
        }
    }

    /// The bytes; nothing if they are not base64, or not of the key that the other fields describe.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        let bytes = from_base64(&self.blob)?;
        let real = Self::of(&bytes);
        let agrees = |said: &Option<String>, real: &Option<String>| said.is_none() || said == real;
        (agrees(&self.key_type, &real.key_type) && agrees(&self.fingerprint, &real.fingerprint))
            .then_some(bytes)
    }
}

pub(super) fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
}
