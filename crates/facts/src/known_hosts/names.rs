//! The hosts that a line is about.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::HOST_PATTERN_BYTES_MAX;
use crate::pattern::matches_pattern;

/// Most characters of a salt; OpenSSH reads no more.
const SALT_CHARS_MAX: usize = 1024;
/// Bytes of a salt: those of a SHA-1.
const SALT_BYTES: usize = 20;

/// The hosts of a line: patterns, or one hashed name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostNames {
    text: Box<[u8]>,
    salt: Option<[u8; SALT_BYTES]>,
}

/// A pattern for hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamePattern<'a> {
    negated: bool,
    pattern: &'a [u8],
}

impl<'a> NamePattern<'a> {
    /// Whether a match takes the host away from the line.
    #[must_use]
    pub const fn is_negated(self) -> bool {
        self.negated
    }

    /// The pattern, in any case, without the `!`.
    #[must_use]
    pub const fn pattern(self) -> &'a [u8] {
        self.pattern
    }
}

impl HostNames {
    /// Reads the field; nothing if it is hashed and malformed.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let salt = if text.starts_with(b"|") { Some(salt(text)?) } else { None };
        Some(Self { text: text.into(), salt })
    }

    /// The field as it stands.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// Whether the field is one hashed name, of which only guesses can be tried.
    #[must_use]
    pub const fn is_hashed(&self) -> bool {
        self.salt.is_some()
    }

    /// The patterns, in order; none if the name is hashed.
    pub fn patterns(&self) -> impl Iterator<Item = NamePattern<'_>> {
        let text = if self.is_hashed() { &[] } else { &*self.text };
        // A comma at the end has no pattern after it, unlike one at the start.
        let text = text.strip_suffix(b",").unwrap_or(text);
        let some = !self.text.is_empty() && !self.is_hashed();
        some.then(|| text.split(|byte| *byte == b',')).into_iter().flatten().map(|pattern| {
            let bare = pattern.strip_prefix(b"!");
            NamePattern { negated: bare.is_some(), pattern: bare.unwrap_or(pattern) }
        })
    }

    /// Whether the line is about a host, given as [`super::lookup_name`] does, in lower case.
    ///
    /// One matching pattern with `!` takes it away, wherever it stands.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        if let Some(salt) = &self.salt {
            return *self.text == *hashed(salt, name).as_bytes();
        }
        let name = name.to_ascii_lowercase();
        let mut found = false;
        for pattern in self.patterns() {
            if pattern.pattern.len() > HOST_PATTERN_BYTES_MAX {
                return false;
            }
            if matches_pattern(name.as_bytes(), &pattern.pattern.to_ascii_lowercase()) {
                if pattern.negated {
                    return false;
                }
                found = true;
            }
        }
        found
    }
}

fn salt(text: &[u8]) -> Option<[u8; SALT_BYTES]> {
    let rest = text.strip_prefix(b"|1|")?;
    let end = rest.iter().position(|byte| *byte == b'|').filter(|end| *end <= SALT_CHARS_MAX)?;
    BASE64_STANDARD.decode(rest.get(..end)?).ok()?.try_into().ok()
}

/// The hashed form of a name (ssh_config(5), `HashKnownHosts`): HMAC-SHA-1 with the salt as the key.
fn hashed(salt: &[u8], name: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, salt);
    let tag = hmac::sign(&key, name.as_bytes());
    format!("|1|{}|{}", BASE64_STANDARD.encode(salt), BASE64_STANDARD.encode(tag))
}
