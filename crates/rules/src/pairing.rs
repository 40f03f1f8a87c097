//! Which sources make an upload together: told by what they hold, never by what they are called.

mod joining;

use std::collections::BTreeMap;
use std::sync::Arc;

use certgate_facts::{Content, Entry, PublicKey, Reading};

use crate::case::{Slot, TlsUpload};

/// The uploads that sources make, given in any order.
///
/// A source's certificates are a chain, its private keys are keys; one that holds both gives both. A key goes with
/// every chain that has its public half, in the leaf or elsewhere. What fits nothing then goes together when it is
/// all that is left, or when paths differ in nothing but their extension; else it stands alone, and is judged so.
///
/// A file of issuers, without a key of its own, continues the chain whose last certificate it signed. The two fields of one
/// Secret of Kubernetes go together whatever they hold.
#[must_use]
pub fn uploads_of(readings: impl IntoIterator<Item = Arc<Reading>>) -> Vec<TlsUpload> {
    let mut pairing = Pairing { chains: Vec::new(), keys: Vec::new(), unknown: Vec::new() };
    for reading in readings {
        pairing.sort_in(reading);
    }
    pairing.by_secret();
    pairing.by_public_key();
    joining::join(&mut pairing.chains);
    pairing.by_elimination();
    pairing.by_path();
    pairing.into_uploads()
}

struct Pairing {
    chains: Vec<ChainSource>,
    keys: Vec<KeySource>,
    /// Sources that hold neither.
    unknown: Vec<Arc<Reading>>,
}

struct ChainSource {
    reading: Arc<Reading>,
    blocks: Option<Vec<usize>>,
    key: Option<usize>,
}

struct KeySource {
    reading: Arc<Reading>,
    blocks: Option<Vec<usize>>,
    is_used: bool,
}

impl Pairing {
    fn sort_in(&mut self, reading: Arc<Reading>) {
        let indices = |wanted: &dyn Fn(&Entry) -> bool| -> Vec<usize> {
            reading
                .entries()
                .iter()
                .enumerate()
                .filter(|(_, entry)| wanted(entry))
                .map(|(index, _)| index)
                .collect()
        };
        match reading.source().origin().and_then(|origin| origin.meant_as_key()) {
            Some(true) => return self.keys.push(KeySource { reading, blocks: None, is_used: false }),
            Some(false) => return self.chains.push(ChainSource { reading, blocks: None, key: None }),
            None => {}
        }
        let has_certificate = reading.entries().iter().any(Entry::is_certificate);
        let has_key = reading.entries().iter().any(Entry::is_private_key);
        match (has_certificate, has_key) {
            (true, true) => {
                let of_key = |entry: &Entry| {
                    entry.is_private_key() || matches!(entry.content(), Content::KeyParameters)
                };
                let (chain, key) = (indices(&|entry| !of_key(entry)), indices(&of_key));
                self.chains.push(ChainSource {
                    reading: Arc::clone(&reading),
                    blocks: Some(chain),
                    key: None,
                });
                self.keys.push(KeySource { reading, blocks: Some(key), is_used: false });
            }
            (true, false) => self.chains.push(ChainSource { reading, blocks: None, key: None }),
            (false, true) => self.keys.push(KeySource { reading, blocks: None, is_used: false }),
            (false, false) => self.unknown.push(reading),
        }
    }

    fn by_secret(&mut self) {
        let keys: BTreeMap<_, _> = self
            .keys
            .iter()
            .enumerate()
            .filter_map(|(index, key)| Some((secret(&key.reading)?, index)))
            .collect();
        for chain in &mut self.chains {
            chain.key = secret(&chain.reading).and_then(|secret| keys.get(&secret)).copied();
        }
        for index in self.chains.iter().filter_map(|chain| chain.key) {
            self.keys[index].is_used = true;
        }
    }

    fn by_public_key(&mut self) {
        for chain in self.chains.iter_mut().filter(|chain| chain.key.is_none()) {
            let certificates = || chain.reading.entries().iter().filter_map(Entry::certificate);
            let fits = |key: &PublicKey, count: usize| {
                certificates().take(count).any(|certificate| certificate.public_key().matches(key))
            };
            let keys =
                || self.keys.iter().enumerate().filter_map(|(index, key)| Some((index, key.public_key()?)));
            let of_leaf = keys().find(|(_, key)| fits(key, 1));
            let of_any = || keys().find(|(_, key)| fits(key, usize::MAX));
            chain.key = of_leaf.or_else(of_any).map(|(index, _)| index);
        }
        for index in self.chains.iter().filter_map(|chain| chain.key) {
            self.keys[index].is_used = true;
        }
    }

    fn by_elimination(&mut self) {
        // A key that came in one file with a chain was meant for it.
        self.pair_left(|chain, key| Arc::ptr_eq(&chain.reading, &key.reading));
        let chains_left = self.chains.iter().filter(|chain| chain.key.is_none()).count();
        let keys_left = self.keys.iter().filter(|key| !key.is_used).count();
        match (chains_left, keys_left, self.unknown.len()) {
            (1, 1, _) => self.pair_left(|_, _| true),
            (1, 0, 1) => {
                let reading = self.unknown.remove(0);
                self.keys.push(KeySource { reading, blocks: None, is_used: false });
                self.pair_left(|_, _| true);
            }
            (0, 1, 1) => {
                let reading = self.unknown.remove(0);
                self.chains.push(ChainSource { reading, blocks: None, key: None });
                self.pair_left(|_, _| true);
            }
            _ => {}
        }
    }

    fn by_path(&mut self) {
        let stem = |reading: &Reading| {
            let name = reading.source().name();
            name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
        };
        self.pair_left(|chain, key| stem(&chain.reading) == stem(&key.reading));
    }

    fn pair_left(&mut self, fits: impl Fn(&ChainSource, &KeySource) -> bool) {
        for chain in self.chains.iter_mut().filter(|chain| chain.key.is_none()) {
            let key = self.keys.iter_mut().enumerate().find(|(_, key)| !key.is_used && fits(chain, key));
            chain.key = key.map(|(index, key)| {
                key.is_used = true;
                index
            });
        }
    }

    fn into_uploads(self) -> Vec<TlsUpload> {
        let slot = |reading: &Arc<Reading>, blocks: &Option<Vec<usize>>| match blocks {
            Some(blocks) => Slot::blocks(Arc::clone(reading), blocks.clone()),
            None => Slot::whole(Arc::clone(reading)),
        };
        let with_chain = self.chains.iter().map(|chain| {
            let key = chain.key.and_then(|index| self.keys.get(index));
            let key = key.map_or_else(Slot::absent, |key| slot(&key.reading, &key.blocks));
            TlsUpload::new(slot(&chain.reading, &chain.blocks), key)
        });
        let keys_alone = self.keys.iter().filter(|key| !key.is_used);
        let keys_alone =
            keys_alone.map(|key| TlsUpload::new(Slot::absent(), slot(&key.reading, &key.blocks)));
        let unknown = self.unknown.iter().map(|reading| TlsUpload::new(slot(reading, &None), Slot::absent()));
        with_chain.chain(keys_alone).chain(unknown).collect()
    }
}

/// Which Secret of which manifest a field comes from.
fn secret(reading: &Reading) -> Option<(String, usize)> {
    let origin = reading.source().origin().filter(|origin| origin.meant_as_key().is_some())?;
    Some((reading.source().name().to_owned(), origin.unit()))
}

impl KeySource {
    fn public_key(&self) -> Option<&PublicKey> {
        self.reading.entries().iter().find_map(Entry::private_key)?.public_key()
    }
}

#[cfg(test)]
mod tests;
