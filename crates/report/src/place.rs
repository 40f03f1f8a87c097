//! Where a finding is, as tools of pipelines point at it.

use certgate_facts::{Entry, Source};
use certgate_rules::Label;

/// Lines and columns, counted from 1; the end is just past the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) end_line: usize,
    pub(crate) end_column: usize,
}

impl Region {
    /// Where a label points. Of a whole block, and of its BEGIN line, it is the first line of base64: when a certificate is renewed
    /// that line changes and the BEGIN line does not, and a review shows what points at lines that changed.
    pub(crate) fn of(label: &Label) -> Self {
        let source = label.reading().source();
        if !source.is_text() {
            return Self { line: 1, column: 1, end_line: 1, end_column: 1 };
        }
        let is_meant = |entry: &&Entry| [entry.block().begin(), entry.block().span()].contains(&label.span());
        let block = label.reading().entries().iter().find(is_meant);
        block.and_then(|entry| Self::of_first_data_line(source, entry)).unwrap_or_else(|| {
            let location = label.location();
            Self {
                line: location.line,
                column: location.column,
                end_line: location.end_line,
                end_column: location.end_column,
            }
        })
    }

    fn of_first_data_line(source: &Source, entry: &Entry) -> Option<Self> {
        let block = entry.block();
        let (begin, end) = (source.location(block.begin()).line, source.location(block.span()).end_line);
        let is_header = |line| block.headers().iter().any(|header| source.location(header.span).line == line);
        (begin + 1..end).filter(|line| !is_header(*line)).find_map(|line| {
            let span = source.line(line)?;
            let is_empty = span.of(source.text()).trim_ascii().is_empty();
            let location = source.location(span);
            (!is_empty).then_some(Self {
                line,
                column: location.column,
                end_line: location.end_line,
                end_column: location.end_column,
            })
        })
    }
}

/// The path of a source without a leading `./`; `None` for standard input, which is no file.
pub(crate) fn path(label: &Label) -> Option<&str> {
    match label.path() {
        "-" => None,
        path => Some(path.trim_start_matches("./")),
    }
}

/// A path as a reference to a resource (RFC 3986): relative where the path is, `file:` where it is absolute.
pub(crate) fn uri(path: &str) -> String {
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    let mut uri = scheme.to_owned();
    for byte in path.trim_start_matches("./").bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                uri.push(char::from(byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use certgate_facts::Span;

    use super::*;
    use crate::fixture;

    #[test]
    fn a_path_becomes_a_reference_without_characters_that_mean_something() {
        assert_eq!(uri("./certs/web 1.pem"), "certs/web%201.pem");
        assert_eq!(uri("straße#1?.pem"), "stra%C3%9Fe%231%3F.pem");
        assert_eq!(uri("a:b%.pem"), "a%3Ab%25.pem");
        assert_eq!(uri("/etc/ssl/a.pem"), "file:///etc/ssl/a.pem");
        assert_eq!(uri("../a.pem"), "../a.pem");
    }

    #[test]
    fn a_block_is_shown_at_its_first_line_of_base64_behind_headers_and_empty_lines() {
        let text = "x\n-----BEGIN A-----\nName: value\n\n  QUJD\nREVG\n-----END A-----\n";
        let reading = fixture::text("a.pem", text);
        let block = reading.entries()[0].block();
        for span in [block.begin(), block.span()] {
            let region = Region::of(&Label::new(&reading, span, ""));
            assert_eq!((region.line, region.end_line, region.end_column), (5, 5, 7));
        }
        let inside = Region::of(&Label::new(&reading, Span::new(0, 1), ""));
        assert_eq!((inside.line, inside.column, inside.end_line, inside.end_column), (1, 1, 1, 2));
    }

    #[test]
    fn a_block_in_one_line_is_shown_where_it_is() {
        let reading = fixture::text("a.pem", "-----BEGIN A-----QUJD-----END A-----");
        let region = Region::of(&Label::new(&reading, reading.entries()[0].block().begin(), ""));
        assert_eq!((region.line, region.column, region.end_column), (1, 1, 18));
    }

    #[test]
    fn what_is_no_text_is_shown_at_its_beginning() {
        let reading = fixture::text("a.der", "0\0\nabc");
        let region = Region::of(&Label::new(&reading, Span::new(3, 4), ""));
        assert_eq!(region, Region { line: 1, column: 1, end_line: 1, end_column: 1 });
    }
}
