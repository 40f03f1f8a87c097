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
    pub(crate) meant_as_key: Option<bool>,
    /// Where what is no part stands.
    pub(crate) whole: Location,
}

/// A part of a source that was unpacked.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// Its place in the unpacked text.
    pub(crate) span: Span,
    pub(crate) title: String,
    /// What the source is called that it stood in, where that is not the name of all.
    pub(crate) path: Option<String>,
    pub(crate) place: Place,
}

/// Where a part stood before.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// Somewhere in there.
    At(Location),
    /// Line by line below a line, each behind that many characters.
    Below { first_line: usize, indent: usize, at: Location },
    /// Line by line in another text, that many lines and bytes further up.
    Above { lines: usize, bytes: usize },
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

    /// Whether it is text, so that places in it have lines.
    #[must_use]
    pub fn has_lines(&self) -> bool {
        matches!(self.container, Container::KubernetesSecret | Container::SeparateFiles)
    }

    /// Whether it lay where a private key is due, or where a chain is; nothing where that is told by what it holds.
    #[must_use]
    pub fn meant_as_key(&self) -> Option<bool> {
        self.meant_as_key
    }

    /// What the part around a place is called, such as `certificate 2 "Example CA"`.
    #[must_use]
    pub fn title_of(&self, span: Span) -> Option<&str> {
        self.part_of(span).map(|part| part.title.as_str()).filter(|title| !title.is_empty())
    }

    /// What the sources are called that were put together; none where it was one.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| part.path.as_deref())
    }

    /// What the source is called that a place was in, where that is not the name of all.
    pub(crate) fn path_of(&self, span: Span) -> Option<&str> {
        self.part_of(span)?.path.as_deref()
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
            Some(Place::Above { lines, bytes }) => Location {
                line: inner.line.saturating_sub(lines),
                end_line: inner.end_line.saturating_sub(lines),
                offset: inner.offset.saturating_sub(bytes),
                ..inner
            },
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
