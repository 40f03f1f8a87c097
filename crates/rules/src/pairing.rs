//! Which sources make an upload together: told by what they hold, never by what they are called.

mod joining;
mod outline;
mod pair;

use std::collections::BTreeMap;
use std::sync::Arc;

use certgate_facts::{Entry, Reading, SignatureCheck};

use crate::case::TlsUpload;
use outline::Role;
use pair::Part;

pub use outline::Outline;
pub use pair::Pair;

/// The uploads that sources make, given in any order: those of [`pairs_of`].
#[must_use]
pub fn uploads_of(readings: impl IntoIterator<Item = Arc<Reading>>) -> Vec<TlsUpload> {
    let readings: Vec<Arc<Reading>> = readings.into_iter().collect();
    let outlines: Vec<Outline> = readings.iter().map(|reading| Outline::of(reading)).collect();
    let pairs = pairs_of(&outlines, |below, above| is_continued(&readings[below], &readings[above]));
    let upload = |pair: &Pair| {
        let Ok(upload) =
            pair.upload(|source| Ok::<_, std::convert::Infallible>(Arc::clone(&readings[source])));
        upload
    };
    pairs.iter().map(upload).collect()
}

/// Which of many sources make uploads together, by their numbers, in time that grows with their number and no faster.
///
/// A source's certificates are a chain, its private keys are keys; one that holds both gives both. A key goes with
/// every chain that has its public half, in the leaf or elsewhere; of several copies of it, the one with
/// the chain's path but for the extension. What fits nothing then goes together when it is
/// all that is left, or when paths differ in nothing but their extension; else it stands alone, and is judged so.
///
/// A source of issuers, without a key of its own, continues the chain whose last certificate it signed: `is_continued` is asked of
/// each two whose names fit, and is [`is_continued`] of their readings. The two fields of one Secret of Kubernetes go together
/// whatever they hold.
#[must_use]
pub fn pairs_of(outlines: &[Outline], is_continued: impl FnMut(usize, usize) -> bool) -> Vec<Pair> {
    let mut pairing = Pairing { outlines, chains: Vec::new(), keys: Vec::new(), unknown: Vec::new() };
    for (source, outline) in outlines.iter().enumerate() {
        pairing.sort_in(source, outline);
    }
    pairing.by_secret();
    pairing.by_public_key();
    joining::join(outlines, &mut pairing.chains, is_continued);
    pairing.by_elimination();
    pairing.by_path();
    pairing.into_pairs()
}

/// Whether a certificate of `above` made the signature of the last one of `below`.
#[must_use]
pub fn is_continued(below: &Reading, above: &Reading) -> bool {
    let Some(last) = below.entries().iter().filter_map(Entry::certificate).next_back() else { return false };
    above.entries().iter().filter_map(Entry::certificate).any(|issuer| {
        last.names_as_issuer(issuer) && last.signed_by(issuer.public_key()) == SignatureCheck::Valid
    })
}

type Digest = [u8; 32];

struct Pairing<'o> {
    outlines: &'o [Outline],
    chains: Vec<Chain>,
    keys: Vec<Key>,
    /// Sources that hold neither.
    unknown: Vec<usize>,
}

struct Chain {
    part: Part,
    key: Option<usize>,
}

struct Key {
    source: usize,
    blocks: Option<Box<[usize]>>,
    is_used: bool,
}

impl Chain {
    fn of(part: Part) -> Self {
        Self { part, key: None }
    }

    /// The source that it begins in.
    fn first(&self) -> usize {
        self.part.sources.first().copied().unwrap_or_default()
    }
}

impl Key {
    fn of(source: usize, blocks: Option<Box<[usize]>>) -> Self {
        Self { source, blocks, is_used: false }
    }
}

impl Pairing<'_> {
    fn sort_in(&mut self, source: usize, outline: &Outline) {
        match &outline.role {
            Role::Chain => self.chains.push(Chain::of(Part::whole(source))),
            Role::Key => self.keys.push(Key::of(source, None)),
            Role::Both { chain, key } => {
                self.chains.push(Chain::of(Part { sources: vec![source], blocks: Some(chain.clone()) }));
                self.keys.push(Key::of(source, Some(key.clone())));
            }
            Role::Unknown => self.unknown.push(source),
        }
    }

    fn by_secret(&mut self) {
        let secret = |source: usize| {
            let outline = self.outlines.get(source)?;
            Some((outline.name(), outline.secret?))
        };
        let keys: BTreeMap<_, _> =
            self.keys.iter().enumerate().filter_map(|(key, of)| Some((secret(of.source)?, key))).collect();
        for chain in &mut self.chains {
            chain.key = secret(chain.first()).and_then(|secret| keys.get(&secret)).copied();
        }
        self.mark_used();
    }

    /// The key of the leaf, else the first of those that fit another certificate; of copies of a key the one whose path differs in
    /// nothing but the extension, else the first.
    fn by_public_key(&mut self) {
        let outlines = self.outlines;
        let mut keys: BTreeMap<Digest, usize> = BTreeMap::new();
        let mut copies: BTreeMap<(Digest, &str), usize> = BTreeMap::new();
        for (index, key) in self.keys.iter().enumerate() {
            if let Some(identity) = outlines[key.source].key {
                keys.entry(identity).or_insert(index);
                copies.entry((identity, outlines[key.source].stem())).or_insert(index);
            }
        }
        for chain in self.chains.iter_mut().filter(|chain| chain.key.is_none()) {
            let outline = &outlines[chain.first()];
            let key_of = |certified: &Digest| {
                copies.get(&(*certified, outline.stem())).or_else(|| keys.get(certified))
            };
            let of_leaf = outline.certified.first().and_then(key_of);
            let of_any = || outline.certified.iter().filter_map(key_of).min();
            chain.key = of_leaf.or_else(of_any).copied();
        }
        self.mark_used();
    }

    fn mark_used(&mut self) {
        for key in self.chains.iter().filter_map(|chain| chain.key) {
            self.keys[key].is_used = true;
        }
    }

    fn by_elimination(&mut self) {
        // A key that came in one file with a chain was meant for it.
        self.pair_left(Some);
        let chains_left = self.chains.iter().filter(|chain| chain.key.is_none()).count();
        let keys_left = self.keys.iter().filter(|key| !key.is_used).count();
        match (chains_left, keys_left, self.unknown.len()) {
            (1, 1, _) => {}
            (1, 0, 1) => self.keys.push(Key::of(self.unknown.remove(0), None)),
            (0, 1, 1) => self.chains.push(Chain::of(Part::whole(self.unknown.remove(0)))),
            _ => return,
        }
        self.pair_left(|_| Some(()));
    }

    fn by_path(&mut self) {
        let outlines = self.outlines;
        self.pair_left(|source| outlines.get(source).map(Outline::stem));
    }

    /// Pairs chains and keys that are left and about which the same is said, each with the first such.
    fn pair_left<T: Ord>(&mut self, said_of: impl Fn(usize) -> Option<T>) {
        let mut keys: BTreeMap<T, Vec<usize>> = BTreeMap::new();
        for (index, key) in self.keys.iter().enumerate().rev().filter(|(_, key)| !key.is_used) {
            if let Some(said) = said_of(key.source) {
                keys.entry(said).or_default().push(index);
            }
        }
        for chain in self.chains.iter_mut().filter(|chain| chain.key.is_none()) {
            let said = said_of(chain.first());
            chain.key = said.and_then(|said| keys.get_mut(&said)).and_then(Vec::pop);
        }
        self.mark_used();
    }

    fn into_pairs(self) -> Vec<Pair> {
        let Self { chains, keys, unknown, .. } = self;
        let part = |key: &Key| Part { sources: vec![key.source], blocks: key.blocks.clone() };
        let alone: Vec<Pair> = keys
            .iter()
            .filter(|key| !key.is_used)
            .map(|key| Pair { chain: None, key: Some(part(key)) })
            .collect();
        let with_chain = chains.into_iter().map(|chain| {
            let key = chain.key.and_then(|key| keys.get(key)).map(part);
            Pair { chain: Some(chain.part), key }
        });
        let unknown = unknown.into_iter().map(|source| Pair { chain: Some(Part::whole(source)), key: None });
        with_chain.chain(alone).chain(unknown).collect()
    }
}

#[cfg(test)]
mod tests;
