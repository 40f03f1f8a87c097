//! Where a source came from that was made out of another.

use crate::container::Container;
use crate::span::{Location, Span};

/// What a source was unpacked from, and where its parts stand in that.
#[derive(Clone, Debug)]
pub struct Origin {
    pub(crate) container: Container,
    pub(crate) parts: Vec<Part>,
    pub(crate) unit: usize,
    pub(crate) order: Vec<usize>,
    pub(crate) left_out: usize,
    /// Where what is no part stands.
    pub(crate) whole: Location,
}

/// A part of a source that was unpacked.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Its place in the unpacked text.
    pub(crate) span: Span,
    pub(crate) title: String,
    pub(crate) place: Place,
}

/// Where a part stood before.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// Somewhere in there.
    At(Location),
    /// Line by line below a line, each behind that many characters.
    Below { first_line: usize, indent: usize, at: Location },
}

impl Origin {
    /// What it was unpacked from.
    #[must_use]
    pub fn container(&self) -> Container {
        self.container
    }

    /// Which of the things that lie in there independently of each other it is, counted from 0: keys of a PKCS #12 file with
    /// their chains, Secrets of a manifest.
    #[must_use]
    pub fn unit(&self) -> usize {
        self.unit
    }

    /// The order in which the certificates lay in there, if it was another: for each, in the order it has now, its number from 1.
    #[must_use]
    pub fn order_before(&self) -> &[usize] {
        &self.order
    }

    /// How many things in there are neither a certificate nor a key, or belong to no key of several.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// What the part around a place is called, such as `certificate 2 "Example CA"`.
    #[must_use]
    pub fn title_of(&self, span: Span) -> Option<&str> {
        self.part_of(span).map(|part| part.title.as_str())
    }

    fn part_of(&self, span: Span) -> Option<&Part> {
        let is_in = |part: &&Part| (part.span.start()..part.span.end()).contains(&span.start());
        self.parts.iter().find(is_in)
    }

    /// Where a place, at `inner` in the unpacked text, stood before.
    pub(crate) fn location(&self, span: Span, inner: Location) -> Location {
        match self.part_of(span).map(|part| part.place) {
            None => self.whole,
            Some(Place::At(location)) => location,
            Some(Place::Below { first_line, indent, at }) => Location {
                line: first_line + inner.line - 1,
                column: indent + inner.column,
                end_line: first_line + inner.end_line - 1,
                end_column: indent + inner.end_column,
                ..at
            },
        }
    }
}
