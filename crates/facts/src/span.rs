//! Where something stands in an input.

/// A half-open range of bytes `start..end` in the [text](crate::Source::text) of one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The bytes from `start` up to but not including `end`; an `end` before `start` gives an empty span.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// Offset of the first byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start
    }

    /// Offset just past the last byte.
    #[must_use]
    pub fn end(self) -> usize {
        self.end
    }

    /// Number of bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the span marks a point between two bytes.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The bytes of the span; what lies outside `bytes` is left out.
    #[must_use]
    pub fn of(self, bytes: &[u8]) -> &[u8] {
        let end = self.end.min(bytes.len());
        bytes.get(self.start.min(end)..end).unwrap_or_default()
    }
}

/// A span as people and their editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// Line of the first character, counted from 1.
    pub line: usize,
    /// Column of the first character in Unicode scalar values, counted from 1.
    pub column: usize,
    /// Line of the position just past the last character.
    pub end_line: usize,
    /// Column of the position just past the last character.
    pub end_column: usize,
    /// Offset of the first byte in the input as it was given, byte order mark and all.
    pub offset: usize,
    /// Number of bytes in the input as it was given.
    pub length: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_never_runs_backwards_or_past_the_bytes() {
        assert!(Span::new(5, 3).is_empty());
        assert_eq!(Span::new(1, 9).of(b"abc"), b"bc");
        assert_eq!(Span::new(7, 9).of(b"abc"), b"");
    }
}
