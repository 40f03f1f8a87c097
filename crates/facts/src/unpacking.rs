//! Sources that are no PEM, turned into ones that are.

use zeroize::Zeroizing;

use crate::container::{Container, Unit};
use crate::defect::{Defect, DefectKind};
use crate::encryption::Budget;
use crate::manifest;
use crate::origin::{Origin, Part, Place};
use crate::passphrase::Passphrases;
use crate::reading::Reading;
use crate::source::Source;
use crate::span::{Location, Span};

/// Reads a source; what is no PEM comes as what it would be as PEM, in units that have nothing to do with each other.
pub(crate) fn read(source: Source, passphrases: &Passphrases) -> Vec<Reading> {
    let mut budget = Budget::new();
    if let Some(sources) = manifest::secrets(&source) {
        return match sources {
            Ok(sources) => {
                let read = |source| Reading::with_passphrases(source, passphrases, &mut budget);
                sources.into_iter().map(read).collect()
            }
            Err(defect) => vec![Reading::closed(source, defect)],
        };
    }
    let reading = Reading::with_passphrases(source, passphrases, &mut budget);
    let Some((container, bytes)) = packed(&reading) else { return vec![reading] };
    match container.unpack(bytes, passphrases, &mut budget) {
        Ok(units) => {
            let name = reading.source().name();
            let span = Span::new(0, reading.source().bytes().len());
            let whole = place(reading.source(), span);
            let source = |(number, unit)| unpacked(name, container, whole, number, unit);
            let sources: Vec<Source> = units.into_iter().enumerate().filter_map(source).collect();
            sources
                .into_iter()
                .map(|source| Reading::with_passphrases(source, passphrases, &mut budget))
                .collect()
        }
        Err(fault) => {
            let span =
                reading.entries().first().map_or_else(|| Span::new(0, 0), |entry| entry.block().begin());
            let kind = DefectKind::Container { container, fault };
            vec![Reading::closed(reading.into_source(), Defect { kind, span })]
        }
    }
}

/// What lies packed in a source: all of it, or the one block that holds PKCS #7.
fn packed(reading: &Reading) -> Option<(Container, &[u8])> {
    if let [entry] = reading.entries() {
        let der = entry.block().der().filter(|_| entry.block().defects().is_empty())?;
        let is_pkcs7 = Container::of(der) == Some(Container::Pkcs7) && reading.defects().is_empty();
        return is_pkcs7.then_some((Container::Pkcs7, der));
    }
    Some((reading.container()?, reading.source().bytes()))
}

/// The blocks of several sources, in their order, as one source; `None` where one of them has defects, or all together are too
/// large: what is wrong with one is not to be hidden by the others.
pub(crate) fn joined(readings: &[&Reading]) -> Option<Reading> {
    if !readings.iter().all(|reading| reading.can_be_joined()) {
        return None;
    }
    let length: usize = readings.iter().map(|reading| reading.source().text().len() + 1).sum();
    let mut text = Zeroizing::new(Vec::with_capacity(length));
    let mut parts = Vec::new();
    for reading in readings {
        let start = text.len();
        let lines = text.iter().filter(|byte| **byte == b'\n').count();
        text.extend_from_slice(reading.source().text());
        if !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        let path = Some(reading.source().name().to_owned());
        let place = Place::Above { lines, bytes: start };
        parts.push(Part { span: Span::new(start, text.len()), title: String::new(), path, place });
    }
    let first = readings.first()?.source();
    let (container, whole) = (Container::SeparateFiles, first.location(Span::new(0, 0)));
    let origin =
        Origin { container, parts, unit: 0, order: Vec::new(), left_out: 0, meant_as_key: None, whole };
    let source = Source::out_of(first.name(), text, origin)?;
    Some(Reading::with_passphrases(source, &Passphrases::NONE, &mut Budget::new()))
}

fn unpacked(name: &str, container: Container, whole: Location, number: usize, unit: Unit) -> Option<Source> {
    let length = unit.parts.iter().map(|part| part.armor.len()).sum();
    let mut text = Zeroizing::new(Vec::with_capacity(length));
    let mut parts = Vec::with_capacity(unit.parts.len());
    for part in unit.parts {
        let start = text.len();
        text.extend_from_slice(&part.armor);
        let place =
            part.span.map_or(whole, |span| Location { offset: span.start(), length: span.len(), ..whole });
        parts.push(Part {
            span: Span::new(start, text.len()),
            title: part.title,
            path: None,
            place: Place::At(place),
        });
    }
    let (order, left_out) = (unit.order, unit.left_out);
    Source::out_of(
        name,
        text,
        Origin { container, parts, unit: number, order, left_out, meant_as_key: None, whole },
    )
}

/// The place of bytes: those of text have lines, others begin where the source does.
fn place(source: &Source, span: Span) -> Location {
    if source.is_text() {
        return source.location(span);
    }
    Location { line: 1, column: 1, end_line: 1, end_column: 1, offset: span.start(), length: span.len() }
}
