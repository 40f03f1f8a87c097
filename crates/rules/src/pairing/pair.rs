//! Sources that make an upload together.

use std::sync::Arc;

use certgate_facts::Reading;

use crate::case::{Slot, TlsUpload};

/// Which sources make an upload, by their numbers; what is not there is not given.
pub struct Pair {
    pub(super) chain: Option<Part>,
    pub(super) key: Option<Part>,
}

/// What goes into a field: sources one behind the other, or some blocks of one.
pub(super) struct Part {
    pub(super) sources: Vec<usize>,
    pub(super) blocks: Option<Box<[usize]>>,
}

impl Pair {
    /// The numbers of its sources, each as often as it is needed.
    pub fn sources(&self) -> impl Iterator<Item = usize> {
        self.chain.iter().chain(&self.key).flat_map(|part| part.sources.iter().copied())
    }

    /// The upload, out of the sources as they are read.
    ///
    /// # Errors
    /// What `reading` answers.
    pub fn upload<E>(
        &self,
        mut reading: impl FnMut(usize) -> Result<Arc<Reading>, E>,
    ) -> Result<TlsUpload, E> {
        let mut slot = |part: &Option<Part>| match part {
            Some(part) => part.slot(&mut reading),
            None => Ok(Slot::absent()),
        };
        Ok(TlsUpload::new(slot(&self.chain)?, slot(&self.key)?))
    }
}

impl Part {
    pub(super) fn whole(source: usize) -> Self {
        Self { sources: vec![source], blocks: None }
    }

    fn slot<E>(&self, reading: &mut impl FnMut(usize) -> Result<Arc<Reading>, E>) -> Result<Slot, E> {
        let readings: Vec<Arc<Reading>> =
            self.sources.iter().map(|source| reading(*source)).collect::<Result<_, E>>()?;
        let parts: Vec<&Reading> = readings.iter().map(|reading| &**reading).collect();
        let joined = if parts.len() > 1 { Reading::joined(&parts) } else { None };
        Ok(match (joined, readings.into_iter().next(), &self.blocks) {
            (Some(joined), ..) => Slot::whole(Arc::new(joined)),
            (None, Some(reading), Some(blocks)) => Slot::blocks(reading, blocks.to_vec()),
            (None, Some(reading), None) => Slot::whole(reading),
            (None, None, _) => Slot::absent(),
        })
    }
}
