//! The keys that open the API, of which only hashes are kept.
//!
//! A hash is one round of SHA-256. That is enough for a key of at least 120 random bits: whoever has the hash would have to
//! try all of them. Slow hashes are for what people think up.

use aws_lc_rs::{constant_time, digest};
use certgate_facts::Timestamp;

use crate::error::Error;
use crate::resource::{ResourceId, ResourceRecord};

/// Most bytes of what is said about a key.
pub const API_KEY_DESCRIPTION_BYTES_MAX: usize = 255;

/// The SHA-256 of an API key. Compared in constant time, by [`ApiKeyHash::is_of`] alone.
#[derive(Clone, Debug)]
pub struct ApiKeyHash(pub(crate) [u8; 32]);

/// An API key to be kept.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// Its id.
    pub id: ResourceId,
    /// The hash of the key.
    pub hash: ApiKeyHash,
    /// For people, one line of [`API_KEY_DESCRIPTION_BYTES_MAX`] bytes at most.
    pub description: String,
    /// Whether it opens nothing but what reads.
    pub is_read_only: bool,
}

/// An API key that is kept.
#[derive(Clone, Debug)]
pub struct ApiKeyRecord {
    /// Its id.
    pub id: ResourceId,
    /// The hash of the key.
    pub hash: ApiKeyHash,
    /// For people.
    pub description: String,
    /// Whether it opens nothing but what reads.
    pub is_read_only: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// An API key that is not revoked: what of it each request needs.
#[derive(Clone, Debug)]
pub struct OpenApiKey {
    /// Its id.
    pub id: ResourceId,
    /// The hash of the key.
    pub hash: ApiKeyHash,
    /// Whether it opens nothing but what reads.
    pub is_read_only: bool,
}

/// What a request begins with.
#[derive(Clone, Debug)]
pub struct Admission {
    /// Its key.
    pub key: OpenApiKey,
    /// The resource that it asks for, if there is one.
    pub resource: Option<ResourceRecord>,
}

impl ApiKeyHash {
    /// The hash of a key.
    #[must_use]
    pub fn of(key: &str) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, key.as_bytes()).as_ref());
        Self(hash)
    }

    /// Whether it is the hash of `key`, in a time that does not depend on either.
    #[must_use]
    pub fn is_of(&self, key: &str) -> bool {
        constant_time::verify_slices_are_equal(&self.0, &Self::of(key).0).is_ok()
    }
}

impl NewApiKey {
    /// Whether everything about it is fit to be kept.
    pub(crate) fn check(&self) -> Result<(), Error> {
        crate::text::check_line("description", &self.description, API_KEY_DESCRIPTION_BYTES_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_one_key() {
        let hash = ApiKeyHash::of("abc");
        assert_eq!(
            certgate_facts::hex(&hash.0),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-4, its first example
        );
        assert!(hash.is_of("abc") && !hash.is_of("abd") && !hash.is_of(""));
    }
}
