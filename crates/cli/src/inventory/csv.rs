//! Inventories in CSV: a line of names, then a line for each host; principals are divided by white space.
//!
//! ```csv
//! public_key,principals,key_id,ca,valid_for,out
//! web-1.pub,web-1.example.com 192.0.2.7,web-1,,,
//! ```

use certgate_facts::Span;
use csv::{ReaderBuilder, StringRecord, Trim};

use super::Entry;
use crate::handwritten::{Fault, Value};

/// All hosts.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, Fault> {
    let mut reader = ReaderBuilder::new().trim(Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let names = reader.headers().map_err(|error| fault(&error))?.clone();
    if let Some(unknown) = names.iter().find(|name| !COLUMNS.contains(name)) {
        let what = format!("`{unknown}` is no column: expected {}", COLUMNS.join(", "));
        return Err(Fault::new(Span::new(0, 0), what));
    }
    if let Some(twice) = COLUMNS.iter().find(|name| names.iter().filter(|found| found == *name).count() > 1) {
        return Err(Fault::new(Span::new(0, 0), format!("the first line names the column `{twice}` twice")));
    }
    if let Some(missing) =
        ["public_key", "principals"].iter().find(|name| !names.iter().any(|found| found == **name))
    {
        return Err(Fault::new(Span::new(0, 0), format!("the first line names no column `{missing}`")));
    }
    let mut entries = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| fault(&error))?;
        entries.push(entry(text, &names, &record));
    }
    Ok(entries)
}

const COLUMNS: [&str; 6] = ["public_key", "principals", "key_id", "ca", "valid_for", "out"];

fn entry(text: &str, names: &StringRecord, record: &StringRecord) -> Entry {
    let span = line_of(text, record);
    let value = |text: &str| Value { text: text.to_owned(), span };
    let mut entry = Entry::at(span);
    for (name, cell) in names.iter().zip(record.iter()).filter(|(_, cell)| !cell.is_empty()) {
        match name {
            "ca" => entry.ca = Some(value(cell)),
            "public_key" => entry.public_key = Some(value(cell)),
            "key_id" => entry.key_id = Some(value(cell)),
            "valid_for" => entry.valid_for = Some(value(cell)),
            "out" => entry.out = Some(value(cell)),
            _ => entry.principals = cell.split_whitespace().map(value).collect(),
        }
    }
    entry
}

/// The line that a record begins on.
fn line_of(text: &str, record: &StringRecord) -> Span {
    let start = record.position().map_or(0, csv::Position::byte);
    let start = usize::try_from(start).unwrap_or(0).min(text.len());
    let rest = text.get(start..).unwrap_or_default();
    let start = start + (rest.len() - rest.trim_start().len());
    let length = text.get(start..).unwrap_or_default().lines().next().unwrap_or_default().trim_end().len();
    Span::new(start, start + length)
}

fn fault(error: &csv::Error) -> Fault {
    let start = error.position().map_or(0, csv::Position::byte);
    let start = usize::try_from(start).unwrap_or(0);
    Fault::new(Span::new(start, start), format!("no CSV: {error}"))
}
