//! The keys of everything that one run judges: which stand in several certificates, and which RSA keys share a prime.

mod primes;

use std::collections::{BTreeMap, BTreeSet};

use certgate_facts::Certificate;

use crate::pairing::Outline;

/// Certificates that are remembered of one key; the rest is counted.
const HOLDERS_MAX: usize = 5;

/// What is known of the keys of many leaves together; empty until it was taken.
#[derive(Debug, Default)]
pub struct KeyCensus {
    /// By the digest of the key: the certificates that have it, where there are several.
    holders: BTreeMap<[u8; 32], Holders>,
    /// By the digest of an RSA key: what a key that shares a prime with it stands in.
    relatives: BTreeMap<[u8; 32], Box<str>>,
}

/// The certificates of one key.
#[derive(Debug, Default)]
pub(crate) struct Holders {
    /// How many there are.
    pub(crate) count: usize,
    /// Digests of the first ones, and what they stand in.
    first: Vec<([u8; 32], Box<str>)>,
}

impl Holders {
    /// What the first of the others stand in, other than the certificate with this digest.
    pub(crate) fn others(&self, certificate: &[u8; 32]) -> impl Iterator<Item = &str> {
        self.first.iter().filter(move |(digest, _)| digest != certificate).map(|(_, place)| &**place)
    }
}

/// A leaf, as a census counts it.
pub(crate) struct Counted {
    key: [u8; 32],
    certificate: [u8; 32],
    modulus: Option<Box<[u8]>>,
}

impl Counted {
    pub(crate) fn of(leaf: &Certificate) -> Self {
        let key = leaf.public_key();
        let modulus = key.rsa_modulus().filter(|modulus| modulus.len() <= primes::MODULUS_BYTES_MAX);
        Self { key: key.identity(), certificate: leaf.sha256(), modulus: modulus.map(Into::into) }
    }
}

impl KeyCensus {
    /// Counts the leaves of all sources.
    #[must_use]
    pub fn of(outlines: &[Outline]) -> Self {
        let mut holders: BTreeMap<[u8; 32], Holders> = BTreeMap::new();
        let (mut seen, mut moduli) = (BTreeSet::new(), Vec::new());
        for outline in outlines {
            let Some(leaf) = &outline.leaf else { continue };
            if !seen.insert(leaf.certificate) {
                continue;
            }
            let of_key = holders.entry(leaf.key).or_default();
            of_key.count += 1;
            if of_key.first.len() < HOLDERS_MAX {
                of_key.first.push((leaf.certificate, outline.name.clone()));
            }
            if let (1, Some(modulus)) = (of_key.count, &leaf.modulus) {
                moduli.push((leaf.key, outline.name(), &**modulus));
            }
        }
        holders.retain(|_, of_key| of_key.count > 1);
        Self { holders, relatives: primes::relatives(&moduli) }
    }

    /// The certificates that have the key of this one, where there are others.
    pub(crate) fn holders(&self, leaf: &Certificate) -> Option<&Holders> {
        if self.holders.is_empty() {
            return None;
        }
        self.holders.get(&leaf.public_key().identity())
    }

    /// What another RSA key stands in that shares a prime with the one of this certificate.
    pub(crate) fn relative(&self, leaf: &Certificate) -> Option<&str> {
        if self.relatives.is_empty() {
            return None;
        }
        self.relatives.get(&leaf.public_key().identity()).map(|place| &**place)
    }
}
