//! Chains that go on in another source.

use std::collections::{BTreeMap, BTreeSet};

use certgate_facts::SOURCE_BYTES_MAX;

use super::outline::{Link, Outline};
use super::{Chain, Digest};

/// How often a chain may go on in another source: leaf, issuers, root.
const JOINED_MAX: usize = 2;

/// Puts issuers that came in sources of their own behind the chains that they continue. One source may continue several.
///
/// `signed` says whether the last certificate of a source is signed by one of another.
pub(super) fn join(
    outlines: &[Outline],
    chains: &mut Vec<Chain>,
    mut signed: impl FnMut(usize, usize) -> bool,
) {
    let mut by_subject: BTreeMap<Digest, Vec<usize>> = BTreeMap::new();
    let is_of_issuers = |chain: &&Chain| chain.key.is_none();
    for source in chains.iter().filter(is_of_issuers).map(Chain::first) {
        for subject in link(outlines, source).and_then(|link| link.subjects.as_ref()).into_iter().flatten() {
            by_subject.entry(*subject).or_default().push(source);
        }
    }
    let issuers: BTreeSet<usize> = by_subject.values().flatten().copied().collect();
    let mut used: BTreeSet<usize> = BTreeSet::new();
    for chain in chains.iter_mut().filter(|chain| !issuers.contains(&chain.first())) {
        let mut length = outlines[chain.first()].length + 1;
        while chain.part.sources.len() <= JOINED_MAX
            && let Some(last) = chain.part.sources.last().copied()
            && let Some(issuer) = link(outlines, last).and_then(|link| link.issuer)
            && let Some(next) = by_subject.get(&issuer).into_iter().flatten().copied().find(|candidate| {
                !chain.part.sources.contains(candidate)
                    && length + outlines[*candidate].length < SOURCE_BYTES_MAX
                    && signed(last, *candidate)
            })
        {
            chain.part.sources.push(next);
            length += outlines[next].length + 1;
            used.insert(next);
        }
    }
    chains.retain(|chain| !used.contains(&chain.first()));
}

fn link(outlines: &[Outline], source: usize) -> Option<&Link> {
    outlines.get(source)?.link.as_ref()
}
