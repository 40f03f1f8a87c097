//! Chains that go on in another file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use certgate_facts::{Certificate, Entry, Reading, SignatureCheck};

use super::ChainSource;

/// How often a chain may go on in another file: leaf, issuers, root.
const JOINED_MAX: usize = 2;

/// Puts issuers that came in files of their own behind the chains that they continue. One file may continue several.
pub(super) fn join(chains: &mut Vec<ChainSource>) {
    let is_of_issuers = |chain: &ChainSource| {
        let is_issuer = |entry: &Entry| entry.certificate().is_some_and(Certificate::is_ca);
        let entries = chain.reading.entries();
        chain.key.is_none() && is_plain(chain) && !entries.is_empty() && entries.iter().all(is_issuer)
    };
    let issuers: BTreeSet<usize> = (0..chains.len()).filter(|index| is_of_issuers(&chains[*index])).collect();
    let mut by_subject: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
    for index in &issuers {
        for certificate in chains[*index].reading.entries().iter().filter_map(Entry::certificate) {
            by_subject.entry(certificate.subject().der()).or_default().push(*index);
        }
    }
    let mut joined: Vec<(usize, Reading)> = Vec::new();
    let mut used: BTreeSet<usize> = BTreeSet::new();
    for (index, chain) in chains.iter().enumerate() {
        if issuers.contains(&index) || !is_plain(chain) {
            continue;
        }
        let mut files = vec![index];
        while files.len() <= JOINED_MAX
            && let Some(next) = continued_in(chains, &files, &by_subject)
        {
            files.push(next);
        }
        let readings: Vec<&Reading> = files.iter().map(|file| &*chains[*file].reading).collect();
        if files.len() > 1
            && let Some(reading) = Reading::joined(&readings)
        {
            joined.push((index, reading));
            used.extend(&files[1..]);
        }
    }
    for (index, reading) in joined {
        chains[index].reading = Arc::new(reading);
    }
    let mut index = 0;
    chains.retain(|_| {
        index += 1;
        !used.contains(&(index - 1))
    });
}

fn is_plain(chain: &ChainSource) -> bool {
    chain.blocks.is_none() && chain.reading.source().origin().is_none()
}

/// The file with the issuer of the last certificate so far.
fn continued_in(
    chains: &[ChainSource],
    files: &[usize],
    by_subject: &BTreeMap<&[u8], Vec<usize>>,
) -> Option<usize> {
    let last = chains[*files.last()?].reading.entries().iter().filter_map(Entry::certificate).next_back()?;
    let candidates = by_subject.get(last.issuer().der())?;
    let signed = |index: &&usize| {
        let mut certificates = chains[**index].reading.entries().iter().filter_map(Entry::certificate);
        !files.contains(index)
            && certificates.any(|issuer| {
                last.names_as_issuer(issuer) && last.signed_by(issuer.public_key()) == SignatureCheck::Valid
            })
    };
    candidates.iter().find(signed).copied()
}
