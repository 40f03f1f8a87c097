//! One field of a request, as it was read.

use std::sync::Arc;

use certgate_facts::{Container, ContainerFault, DefectKind, Entry, Reading, Source, Span};

use crate::finding::Label;

/// One field of a request: the blocks of a source that go into it.
pub struct Slot {
    reading: Arc<Reading>,
    entries: Vec<usize>,
    given: bool,
    whole: bool,
}

impl Slot {
    /// The whole source goes into the field, whatever it holds.
    #[must_use]
    pub fn whole(reading: Arc<Reading>) -> Self {
        let entries = (0..reading.entries().len()).collect();
        Self { reading, entries, given: true, whole: true }
    }

    /// Only these blocks, by index, go into the field; indices past the last block are left out.
    #[must_use]
    pub fn blocks(reading: Arc<Reading>, entries: Vec<usize>) -> Self {
        let entries = entries.into_iter().filter(|index| *index < reading.entries().len()).collect();
        Self { reading, entries, given: true, whole: false }
    }

    /// Nothing was given for the field.
    #[must_use]
    pub fn absent() -> Self {
        let entries = Vec::new();
        let reading = Arc::new(Reading::of(Source::empty("(not given)")));
        Self { reading, entries, given: false, whole: true }
    }

    /// The source.
    #[must_use]
    pub fn reading(&self) -> &Arc<Reading> {
        &self.reading
    }

    /// What the sources are called that go into it, in their order: several where they were put together, none where nothing was
    /// given.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let source = self.reading.source();
        let joined = source.origin().into_iter().flat_map(certgate_facts::Origin::paths);
        let is_joined = source.origin().is_some_and(|origin| origin.paths().next().is_some());
        joined.chain((self.given && !is_joined).then(|| source.name()))
    }

    /// Why what is given cannot be unpacked.
    pub(crate) fn closed(&self) -> Option<(Container, &ContainerFault)> {
        self.reading.defects().iter().find_map(|defect| match &defect.kind {
            DefectKind::Container { container, fault } => Some((*container, fault)),
            _ => None,
        })
    }

    /// Whether a source was given at all.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.given
    }

    /// Whether all of the source goes into the field, and not only some of its blocks.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Which blocks of the source go into the field.
    pub(crate) fn indices(&self) -> &[usize] {
        &self.entries
    }

    /// The blocks, in order.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter_map(|index| self.reading.entries().get(*index))
    }

    /// The blocks the API's own reader finds: see [`certgate_facts::Block::is_found_by_go`].
    pub fn entries_found_by_api(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries().filter(|entry| entry.block().is_found_by_go())
    }

    /// The first private key block, readable or not.
    #[must_use]
    pub fn first_private_key(&self) -> Option<&Entry> {
        self.entries().find(|entry| entry.is_private_key())
    }

    /// A label on a block's BEGIN line.
    pub(crate) fn label(&self, entry: &Entry, text: impl Into<String>) -> Label {
        Label::new(&self.reading, entry.block().begin(), text)
    }

    /// A label on the start of the source.
    pub(crate) fn start(&self, text: impl Into<String>) -> Label {
        let source = self.reading.source();
        let first_line = match source.origin() {
            None => source.line(1).unwrap_or_else(|| Span::new(0, 0)),
            // Behind all parts: what it was unpacked from is meant.
            Some(_) => Span::new(source.text().len(), source.text().len()),
        };
        Label::new(&self.reading, first_line, text)
    }
}
