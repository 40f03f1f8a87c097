//! Where a finding is, as tools of pipelines point at it.

use std::borrow::Cow;

use certgate_facts::{Entry, Source, Span};
use certgate_rules::Label;

use crate::judged::Judged;
use crate::printable::printable;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The path; `None` where the whole case lies in none.
    pub(crate) path: Option<String>,
    /// Where in the file; `None` where it has no lines, or the place is in none.
    pub(crate) region: Option<Region>,
}

/// Lines and columns, counted from 1; the end is just past the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) end_line: usize,
    pub(crate) end_column: usize,
}

impl Place {
    /// In place of a path, for formats that want one whatever it is.
    pub(crate) const STANDARD_INPUT: &'static str = "stdin";

    /// Where a label points. What points at an argument, or at standard input, points at the first file of the case: viewers
    /// lose what points at no file, or refuse all that comes with it.
    pub(crate) fn of(label: &Label, judged: &Judged) -> Self {
        let source = label.reading().source();
        if source.is_file() {
            return Self { path: Some(relative(label.path()).into_owned()), region: Region::of(label) };
        }
        Self { path: judged.first_path().map(|path| relative(path).into_owned()), region: None }
    }
}

impl Region {
    /// The beginning of a file, for formats that want a region whatever it is.
    pub(crate) const BEGINNING: Self = Self { line: 1, column: 1, end_line: 1, end_column: 1 };

    /// Where a label points. Of a whole block, and of its BEGIN line, it is the first line of base64: when a certificate is renewed
    /// that line changes and the BEGIN line does not, and a review shows what points at lines that changed.
    fn of(label: &Label) -> Option<Self> {
        let source = label.reading().source();
        if !source.origin().map_or_else(|| source.is_text(), |origin| origin.has_lines()) {
            return None;
        }
        let is_meant = |entry: &&Entry| [entry.block().begin(), entry.block().span()].contains(&label.span());
        let block = label.reading().entries().iter().find(is_meant);
        let span =
            block.and_then(|entry| first_line_of_base64(source, entry)).unwrap_or_else(|| label.span());
        let location = source.location(span);
        Some(Self {
            line: location.line,
            column: location.column,
            end_line: location.end_line,
            end_column: location.end_column,
        })
    }
}

fn first_line_of_base64(source: &Source, entry: &Entry) -> Option<Span> {
    let block = entry.block();
    let (mut start, end) = (block.begin().end(), block.span().end());
    let lines = Span::new(start, end).of(source.text()).split(|byte| b"\r\n".contains(byte));
    let spans = lines.map(|line| {
        let span = Span::new(start, start + line.len());
        start = span.end() + 1;
        (span, line)
    });
    let is_header = |line: Span| {
        block
            .headers()
            .iter()
            .any(|header| line.contains(Span::new(header.span.start(), header.span.start())))
    };
    // What is left of the BEGIN line comes first, the END line last.
    let mut between = spans.skip(1).filter(|(span, _)| span.end() < end);
    between.find(|(span, line)| !line.trim_ascii().is_empty() && !is_header(*span)).map(|(span, _)| span)
}

/// What a label points into, where neither a path nor lines tell it: part of a container, an argument, standard input.
pub(crate) fn inside(label: &Label) -> Option<String> {
    let source = label.reading().source();
    let name = match label.part() {
        Some(part) => part,
        None if source.is_file() || source.text().is_empty() => return None,
        None if source.name() == "-" => {
            let line = Region::of(label).map_or(String::new(), |region| format!("line {} of ", region.line));
            return Some(format!("{line}standard input"));
        }
        None => source.name(),
    };
    Some(printable(name).into_owned())
}

/// A path without what leads nowhere: `.` and empty parts.
fn relative(path: &str) -> Cow<'_, str> {
    let is_plain =
        path.split('/').enumerate().all(|(index, part)| part != "." && (index == 0 || !part.is_empty()));
    if is_plain {
        return path.into();
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/")).into()
}

/// A path as a reference to a resource (RFC 3986): relative where the path is, `file:` where it is absolute.
pub(crate) fn uri(path: &str) -> String {
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    let mut uri = scheme.to_owned();
    for byte in path.bytes() {
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
    use std::sync::Arc;

    use certgate_facts::Reading;
    use certgate_rules::{Slot, TlsUpload};

    use super::*;
    use crate::fixture;

    fn region(reading: &Arc<Reading>, span: Span) -> Option<Region> {
        Region::of(&Label::new(reading, span, ""))
    }

    #[test]
    fn a_path_becomes_a_reference_without_characters_that_mean_something() {
        let uri = |path: &str| uri(&relative(path));
        assert_eq!(uri("./certs/web 1.pem"), "certs/web%201.pem");
        assert_eq!(uri("straße#1?.pem"), "stra%C3%9Fe%231%3F.pem");
        assert_eq!(uri("a:b%.pem"), "a%3Ab%25.pem");
        assert_eq!(uri(r"C:\certs\a.pem"), "C%3A%5Ccerts%5Ca.pem");
        assert_eq!(uri("/etc/ssl/a.pem"), "file:///etc/ssl/a.pem");
        assert_eq!(uri("//etc//./ssl/a.pem"), "file:///etc/ssl/a.pem");
        assert_eq!(uri("../a.pem"), "../a.pem");
        assert_eq!(uri(".//certs/./a.pem"), "certs/a.pem");
        assert_eq!(uri("./-"), "-");
        assert_eq!(uri(".a/..b"), ".a/..b");
    }

    #[test]
    fn a_block_is_shown_at_its_first_line_of_base64_behind_headers_and_empty_lines() {
        for (end, first) in [("\n", 5), ("\r\n", 5), ("\r", 5)] {
            let text =
                "x\n-----BEGIN A-----\nName: value\n\n  QUJD\nREVG\n-----END A-----\n".replace('\n', end);
            let reading = fixture::text("a.pem", &text);
            let block = reading.entries()[0].block();
            for span in [block.begin(), block.span()] {
                let region = region(&reading, span).unwrap();
                assert_eq!((region.line, region.end_line, region.end_column), (first, first, 7), "{end:?}");
            }
            let inside = region(&reading, Span::new(0, 1)).unwrap();
            assert_eq!((inside.line, inside.column, inside.end_line, inside.end_column), (1, 1, 1, 2));
        }
    }

    #[test]
    fn a_block_in_one_line_is_shown_where_it_is() {
        let reading = fixture::text("a.pem", "-----BEGIN A-----QUJD-----END A-----");
        let region = region(&reading, reading.entries()[0].block().begin()).unwrap();
        assert_eq!((region.line, region.column, region.end_column), (1, 1, 18));
    }

    #[test]
    fn in_files_that_were_put_together_lines_are_those_of_each() {
        let chain = std::fs::read_to_string(fixture::folder().join("chain/p256-depth-3.pem")).unwrap();
        let (leaf, rest) = chain.split_once("-----END CERTIFICATE-----\n").unwrap();
        let leaf = fixture::text("leaf.pem", &format!("{leaf}-----END CERTIFICATE-----\n"));
        let rest = fixture::text("rest.pem", &format!("\n\n{rest}"));
        let joined = Arc::new(Reading::joined(&[&leaf, &rest]).unwrap());
        let alone = region(&rest, rest.entries()[0].block().begin());
        assert!(alone.is_some_and(|region| region.line > 3));
        assert_eq!(region(&joined, joined.entries()[1].block().begin()), alone);
    }

    #[test]
    fn what_is_no_text_has_no_region() {
        let reading = fixture::text("a.der", "0\0\nabc");
        assert_eq!(region(&reading, Span::new(3, 4)), None);
    }

    #[test]
    fn what_lies_in_no_file_is_shown_at_one_that_was_judged_with_it() {
        let request = fixture::host_request("ssh/ed25519.pub", "*.example.com");
        let label = request.findings()[0].primary();
        assert_eq!(inside(label).as_deref(), Some("test"));
        assert_eq!(Place::of(label, &request), Place { path: Some("ed25519.pub".to_owned()), region: None });
        let piped = |path: &str| Slot::whole(fixture::named(path, "-"));
        let key = || piped("rules/key-does-not-match-leaf/bad-same-curve.key");
        let beside = fixture::reading("rules/key-does-not-match-leaf/bad-same-curve.pem");
        let judged = |certificate| Judged::from(fixture::judged(TlsUpload::new(certificate, key())));
        let with_file = judged(Slot::whole(beside));
        let mismatch = |judged: &Judged| {
            let label = judged.findings()[0].primary();
            (Place::of(label, judged).path, inside(label))
        };
        let at = Some("line 4 of standard input".to_owned());
        assert_eq!(mismatch(&with_file), (Some("bad-same-curve.pem".to_owned()), at.clone()));
        let all_piped = judged(piped("rules/key-does-not-match-leaf/bad-same-curve.pem"));
        assert_eq!(mismatch(&all_piped).0, None);
    }
}
