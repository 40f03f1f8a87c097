//! The lines a finding is about, and no others.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Element, Level, Origin, Snippet};
use certgate_facts::Reading;
use certgate_rules::{Finding, Label};

use crate::printable::{printable, shortened};

/// Characters of a line that go to the renderer behind the place it is shown for.
const WINDOW: usize = 100;
/// Characters that are marked at the most: a line of base64.
const MARKED_MAX: usize = 64;
/// Lines of one source that lie further apart are shown as excerpts of their own.
const GAP_LINES_MAX: usize = 1000;

/// The excerpts of a finding: first the one with the place at fault.
pub(super) fn of(finding: &Finding) -> Vec<Element<'_>> {
    let mut excerpts: Vec<Excerpt<'_>> = Vec::new();
    let related = finding.related().iter().map(|label| (label, AnnotationKind::Context));
    for (label, kind) in std::iter::once((finding.primary(), AnnotationKind::Primary)).chain(related) {
        let mark = Mark::of(label, kind);
        match excerpts.iter_mut().find(|excerpt| excerpt.has_room_for(label.reading(), &mark)) {
            Some(excerpt) => excerpt.marks.push(mark),
            None => excerpts.push(Excerpt { reading: label.reading(), marks: vec![mark] }),
        }
    }
    excerpts.into_iter().flat_map(Excerpt::into_elements).collect()
}

/// Places of one source, close enough to each other to be shown together: all its lines are cut at the same columns.
struct Excerpt<'a> {
    reading: &'a Reading,
    marks: Vec<Mark<'a>>,
}

/// A place within one line.
struct Mark<'a> {
    line: usize,
    /// Characters of the line, counted from 0.
    columns: Range<usize>,
    text: &'a str,
    kind: AnnotationKind,
    label: &'a Label,
}

impl<'a> Mark<'a> {
    /// A place that runs over several lines is marked on its first.
    fn of(label: &'a Label, kind: AnnotationKind) -> Self {
        let location = label.location();
        let start = location.column.saturating_sub(1);
        let end = if location.end_line == location.line {
            location.end_column.saturating_sub(1)
        } else {
            usize::MAX
        };
        Self { line: location.line, columns: start..end.max(start), text: label.text(), kind, label }
    }

    /// Where it stands in what it was unpacked from, of which no line is shown.
    fn into_place(self) -> Vec<Element<'a>> {
        let path = self.label.path();
        let name = self.label.part().map_or_else(|| path.to_owned(), |part| format!("{path}, {part}"));
        let origin = Origin::path(printable(&name).into_owned());
        let is_text = self.label.reading().source().origin().is_some_and(|origin| origin.has_lines());
        let origin =
            if is_text { origin.line(self.line).char_column(self.columns.start + 1) } else { origin };
        let note = (!self.text.is_empty()).then(|| Element::from(Level::NOTE.message(shortened(self.text))));
        std::iter::once(Element::from(origin)).chain(note).collect()
    }
}

impl<'a> Excerpt<'a> {
    fn has_room_for(&self, reading: &Reading, new: &Mark<'_>) -> bool {
        std::ptr::eq(self.reading, reading)
            && self.marks.iter().all(|mark| {
                mark.columns.start.abs_diff(new.columns.start) <= MARKED_MAX
                    && mark.line.abs_diff(new.line) <= GAP_LINES_MAX
            })
    }

    fn into_elements(self) -> Vec<Element<'a>> {
        if self.reading.source().origin().is_some() {
            return self.marks.into_iter().flat_map(Mark::into_place).collect();
        }
        let path = printable(self.reading.source().name());
        if self.reading.source().text().is_empty() || !self.reading.source().is_text() {
            let texts = self.marks.into_iter().map(|mark| mark.text).filter(|text| !text.is_empty());
            let notes = texts.map(|text| Element::from(Level::NOTE.message(shortened(text))));
            return std::iter::once(Element::from(Origin::path(path))).chain(notes).collect();
        }
        if let Some(long) =
            self.marks.iter().find(|mark| self.reading.line_without_secrets(mark.line).is_none())
        {
            let origin = Origin::path(path).line(long.line).char_column(long.columns.start + 1);
            let text =
                (!long.text.is_empty()).then(|| Element::from(Level::NOTE.message(shortened(long.text))));
            return std::iter::once(Element::from(origin)).chain(text).collect();
        }
        let mut lines: BTreeMap<usize, Vec<Mark<'a>>> = BTreeMap::new();
        for mark in self.marks {
            lines.entry(mark.line).or_default().push(mark);
        }
        let first = lines.keys().next().copied().unwrap_or(1);
        let last = lines.keys().next_back().copied().unwrap_or(first);
        let mut source = String::new();
        let mut annotations = Vec::new();
        for number in first..=last {
            if number > first {
                source.push('\n');
            }
            let start = source.len();
            let marks = lines.remove(&number).unwrap_or_default();
            // Of lines left out, the renderer shows one that stands alone between two.
            let is_shown = !marks.is_empty() || lines.contains_key(&(number + 1));
            if is_shown {
                source.push_str(&line(self.reading, number, &marks));
            }
            annotations.extend(marks.into_iter().map(|mark| annotation(mark, start, &source)));
        }
        vec![Element::from(Snippet::source(source).path(path).line_start(first).annotations(annotations))]
    }
}

/// A line up to where nothing of interest follows; the renderer cuts what is too much on its left.
fn line(reading: &Reading, number: usize, marks: &[Mark<'_>]) -> String {
    let line = reading.line_without_secrets(number).unwrap_or_default();
    let shown_until =
        marks.iter().map(|mark| mark.columns.start + MARKED_MAX + WINDOW).max().unwrap_or(WINDOW);
    line.chars().take(shown_until).collect()
}

/// Columns, as bytes of the source of an excerpt in which their line begins at `start`.
fn annotation<'a>(mark: Mark<'a>, start: usize, source: &str) -> Annotation<'a> {
    let line = &source[start..];
    let columns = mark.columns.start..mark.columns.end.min(mark.columns.start + MARKED_MAX);
    let byte =
        |column: usize| line.char_indices().nth(column).map_or(source.len(), |(index, _)| start + index);
    let text = (!mark.text.is_empty()).then(|| shortened(mark.text));
    mark.kind.span(byte(columns.start)..byte(columns.end)).label(text)
}
