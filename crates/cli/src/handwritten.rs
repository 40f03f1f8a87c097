//! What people write by hand, and where each word of it stands: inventories, manifests.

mod table;

use std::path::Path;
use std::sync::Arc;

use certgate_facts::{Reading, Span};

use crate::failure::Failure;
use crate::input;

pub(crate) use table::{Table, parsed_toml, span_of};

/// A text and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// What is wrong, where, and what to do about it.
pub(crate) struct Fault {
    span: Span,
    what: String,
    hint: Option<String>,
}

impl Value {
    /// The text as something else.
    pub(crate) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(&self) -> Result<T, Fault> {
        self.text.parse().map_err(|error| Fault::new(self.span, format!("`{}`: {error}", self.text)))
    }
}

impl Fault {
    pub(crate) fn new(span: Span, what: impl Into<String>) -> Self {
        Self { span, what: what.into(), hint: None }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Where it is.
    pub(crate) const fn span(&self) -> Span {
        self.span
    }

    /// The fault as a failure: the file, the line, the column, what is wrong.
    pub(crate) fn in_file(self, reading: &Reading) -> Failure {
        let source = reading.source();
        let place = source.location(self.span);
        let name = source.name().escape_debug();
        let failure =
            Failure::input(format!("{name}:{}:{}: {}", place.line, place.column, harmless(&self.what)));
        match self.hint {
            Some(hint) => failure.with_hint(harmless(&hint)),
            None => failure,
        }
    }
}

/// Nothing of it steers a terminal; what is to be written by hand stands there as it is to be written.
fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' | '\'' | '\\' => harmless.push(letter),
            other => harmless.extend(other.escape_debug()),
        }
    }
    harmless
}

/// Reads a file that people write: none of its lines is shown as a key or a certificate would be.
pub(crate) fn read(path: &Path) -> Result<Arc<Reading>, Failure> {
    Ok(Arc::new(Reading::of_other_text(input::source(path)?)))
}

/// The text of a file that people write, which is UTF-8.
pub(crate) fn text(reading: &Reading) -> Result<&str, Failure> {
    let source = reading.source();
    std::str::from_utf8(source.text())
        .map_err(|_| Failure::input(format!("`{}` is not UTF-8", source.name().escape_debug())))
}
