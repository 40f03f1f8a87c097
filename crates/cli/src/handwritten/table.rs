//! Tables of TOML, whose keys are known.

use std::ops::Range;

use certgate_facts::Span;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Fault, Value};
use crate::nearest::nearest;

/// A table that has none but known keys.
pub(crate) struct Table<'t, 'i> {
    table: &'t DeTable<'i>,
    span: Span,
}

/// Reads TOML.
pub(crate) fn parsed_toml(text: &str) -> Result<Spanned<DeTable<'_>>, Fault> {
    DeTable::parse(text).map_err(|error| {
        Fault::new(
            error.span().map_or_else(|| Span::new(0, 0), span_of),
            format!("no TOML: {}", error.message()),
        )
    })
}

/// Where something stands.
pub(crate) fn span_of(range: Range<usize>) -> Span {
    Span::new(range.start, range.end)
}

impl<'t, 'i> Table<'t, 'i> {
    /// A table whose keys are all among `keys`.
    pub(crate) fn of(table: &'t DeTable<'i>, span: Span, keys: &[&str]) -> Result<Self, Fault> {
        let mut unknown: Vec<_> = table.keys().filter(|key| !keys.contains(&&**key.get_ref())).collect();
        unknown.sort_by_key(|key| key.span().start);
        let Some(first) = unknown.first() else { return Ok(Self { table, span }) };
        let word = first.get_ref();
        let fault =
            Fault::new(span_of(first.span()), format!("`{word}` is unknown here: expected {}", listed(keys)));
        Err(match nearest(word, keys.iter().copied()) {
            Some(near) => fault.with_hint(format!("did you mean `{near}`?")),
            None => fault,
        })
    }

    /// Where it begins.
    pub(crate) const fn span(&self) -> Span {
        self.span
    }

    /// What stands under a key, as it is.
    pub(crate) fn value(&self, key: &str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.table.get(key)
    }

    /// A text.
    pub(crate) fn text(&self, key: &str) -> Result<Option<Value>, Fault> {
        self.value(key).map(text_of).transpose()
    }

    /// A part of a whole, written as a text or as a number.
    pub(crate) fn fraction(&self, key: &str) -> Result<Option<Value>, Fault> {
        match self.value(key).map(|value| (value.get_ref(), span_of(value.span()))) {
            Some((DeValue::Float(number), span)) => {
                Ok(Some(Value { text: number.as_str().to_owned(), span }))
            }
            _ => self.text(key),
        }
    }

    /// A text that must be there; `what` is what lacks it, such as `a host`.
    pub(crate) fn required_text(&self, key: &str, what: &str) -> Result<Value, Fault> {
        self.text(key)?.ok_or_else(|| Fault::new(self.span, format!("{what} without {key}")))
    }

    /// A list of texts; none where there is no such key.
    pub(crate) fn texts(&self, key: &str) -> Result<Vec<Value>, Fault> {
        match self.value(key).map(|value| (value, value.get_ref())) {
            None => Ok(Vec::new()),
            Some((_, DeValue::Array(array))) => array.iter().map(text_of).collect(),
            Some((value, _)) => Err(at(value, &format!("`{key}` is a list: write it in brackets"))),
        }
    }

    /// The names of a table and their texts, in the order in which they stand there; none where there is no such key.
    pub(crate) fn entries(&self, key: &str) -> Result<Vec<(Value, Value)>, Fault> {
        let table = match self.value(key).map(|value| (value, value.get_ref())) {
            None => return Ok(Vec::new()),
            Some((_, DeValue::Table(table))) => table,
            Some((value, _)) => return Err(at(value, &format!("`{key}` is a table: write it as [{key}]"))),
        };
        let entry = |(name, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
            let name = Value { text: name.get_ref().to_string(), span: span_of(name.span()) };
            Ok((name, text_of(value)?))
        };
        let mut entries = table.iter().map(entry).collect::<Result<Vec<_>, Fault>>()?;
        entries.sort_by_key(|(name, _)| name.span);
        Ok(entries)
    }

    /// A day, as it is written.
    pub(crate) fn date(&self, key: &str) -> Result<Option<Value>, Fault> {
        let Some(value) = self.value(key) else { return Ok(None) };
        match value.get_ref() {
            DeValue::Datetime(day) if day.date.is_some() && day.time.is_none() => {
                Ok(Some(Value { text: day.to_string(), span: span_of(value.span()) }))
            }
            _ => {
                Err(at(value, &format!("`{key}` is a day: write it as 2027-01-31, without quotes and time")))
            }
        }
    }

    /// The tables that are each written as `[[key]]`.
    pub(crate) fn tables(&self, key: &str, keys: &[&str]) -> Result<Vec<Self>, Fault> {
        let not_tables = |value| at(value, &format!("`{key}` is a list of tables: write each as [[{key}]]"));
        let tables = match self.value(key).map(|value| (value, value.get_ref())) {
            None => return Ok(Vec::new()),
            Some((_, DeValue::Array(array))) => array,
            Some((value, _)) => return Err(not_tables(value)),
        };
        let each = tables.iter().map(|value| match value.get_ref() {
            DeValue::Table(table) => Table::of(table, span_of(value.span()), keys),
            _ => Err(not_tables(value)),
        });
        each.collect()
    }
}

fn text_of(value: &Spanned<DeValue<'_>>) -> Result<Value, Fault> {
    match value.get_ref() {
        DeValue::String(text) => Ok(Value { text: text.clone().into_owned(), span: span_of(value.span()) }),
        _ => Err(at(value, "expected a text in quotes")),
    }
}

fn at(value: &Spanned<DeValue<'_>>, what: &str) -> Fault {
    Fault::new(span_of(value.span()), what)
}

/// Words with commas, and `or` before the last.
fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
