//! Private keys: what is known of them, and never a byte of one.

use certgate_facts::{Entry, PrivateKeyState, Source};
use serde::Serialize;

use super::Key;

/// A private key.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PrivateKey {
    /// The path as given.
    pub path: String,
    /// The line of the key's BEGIN boundary, counted from 1.
    pub line: usize,
    /// The format it is in.
    pub format: KeyFormat,
    /// What can be done with it.
    pub state: KeyState,
    /// Why it is not usable: how it is encrypted, what it is, or what is wrong with it; `null` where it is usable.
    pub reason: Option<String>,
    /// The public half, where it is known.
    pub public_key: Option<Key>,
}

/// The format of a private key.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum KeyFormat {
    /// What OpenSSL writes under `DSA PRIVATE KEY`.
    DsaTraditional,
    /// OpenSSH's own, `openssh-key-v1`.
    Openssh,
    /// PKCS #1 (RFC 8017).
    Pkcs1,
    /// PKCS #8 (RFC 5208, RFC 5958).
    Pkcs8,
    /// SEC 1 (RFC 5915).
    Sec1,
    /// None of these.
    Unknown,
}

/// What can be done with a private key.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// It is under a passphrase.
    Encrypted,
    /// It cannot be read.
    Unreadable,
    /// It reads, and is of an algorithm or in a format that TLS servers do not take.
    Unsupported,
    /// It can be used.
    Usable,
}

impl PrivateKey {
    /// `entry` is a private key block.
    pub(super) fn of(source: &Source, entry: &Entry) -> Self {
        let place = source.location(entry.block().begin());
        let (format, state, reason, public_key) = match entry.private_key() {
            None => (
                KeyFormat::Unknown,
                KeyState::Unreadable,
                Some("its base64 does not decode".to_owned()),
                None,
            ),
            Some(key) => {
                let (state, reason) = state(key.state());
                (format(key.format()), state, reason, key.public_key().map(Key::of))
            }
        };
        Self {
            path: source.name_at(entry.block().begin()).to_owned(),
            line: place.line,
            format,
            state,
            reason,
            public_key,
        }
    }
}

fn format(format: certgate_facts::KeyFormat) -> KeyFormat {
    match format {
        certgate_facts::KeyFormat::DsaTraditional => KeyFormat::DsaTraditional,
        certgate_facts::KeyFormat::OpenSsh => KeyFormat::Openssh,
        certgate_facts::KeyFormat::Pkcs1 => KeyFormat::Pkcs1,
        certgate_facts::KeyFormat::Pkcs8 => KeyFormat::Pkcs8,
        certgate_facts::KeyFormat::Sec1 => KeyFormat::Sec1,
        _ => KeyFormat::Unknown,
    }
}

fn state(state: &PrivateKeyState) -> (KeyState, Option<String>) {
    match state {
        PrivateKeyState::Encrypted { scheme, .. } => (KeyState::Encrypted, Some(scheme.clone())),
        PrivateKeyState::Unreadable { reason } => (KeyState::Unreadable, Some(reason.clone())),
        PrivateKeyState::Unsupported { algorithm, .. } => (KeyState::Unsupported, Some(algorithm.clone())),
        PrivateKeyState::Usable(_) => (KeyState::Usable, None),
        _ => (KeyState::Unsupported, None),
    }
}
