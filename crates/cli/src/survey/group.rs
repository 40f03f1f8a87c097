//! Sources that belong together: what is done to one concerns the others.

use std::path::Path;
use std::sync::Arc;

use certgate_facts::Reading;

use super::Survey;
use crate::failure::Failure;

impl Survey {
    /// The sources of uploads, by their numbers: those of uploads that share one are together. In the order of the files.
    pub(crate) fn groups(&self) -> Vec<Vec<usize>> {
        let mut first: Vec<usize> = (0..self.places.len()).collect();
        for pair in &self.pairs {
            let mut sources = pair.sources();
            let Some(one) = sources.next() else { continue };
            for other in sources {
                let (one, other) = (root(&first, one), root(&first, other));
                first[one.max(other)] = one.min(other);
            }
        }
        let mut groups: Vec<Vec<usize>> = vec![Vec::new(); self.places.len()];
        for source in self.pairs.iter().flat_map(certgate_rules::Pair::sources) {
            let group = &mut groups[root(&first, source)];
            if !group.contains(&source) {
                group.push(source);
            }
        }
        groups.iter_mut().for_each(|group| group.sort_unstable());
        groups.retain(|group| !group.is_empty());
        groups
    }

    /// What a source holds, and its file.
    pub(crate) fn source(&self, source: usize) -> Result<(&Path, Arc<Reading>), Failure> {
        let place = self.places[source];
        Ok((self.sources.path(place), self.sources.reading(place)?))
    }
}

/// The first source that one belongs together with.
fn root(first: &[usize], mut source: usize) -> usize {
    while first[source] != source {
        source = first[source];
    }
    source
}
