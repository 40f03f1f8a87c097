//! Verdicts for programs, as JSON (RFC 8259).
//!
//! The format has a version number of its own. Within a version, fields are added but neither change their meaning nor
//! go away; [`SCHEMA_V1`] says exactly what a reader may meet.

mod schema;
pub mod v1;

use std::io::{self, Write};

use certgate_facts::Timestamp;
use certgate_rules::{TlsUpload, Verdict};
use serde::Serialize;

pub use schema::SCHEMA_V1;

/// Writes verdicts given at the instant `at`, as [version 1](v1::Report).
///
/// # Errors
/// What `out` answers.
pub fn write(out: &mut dyn Write, verdicts: &[Verdict<TlsUpload>], at: Timestamp) -> io::Result<()> {
    out.write_all(pretty(&v1::Report::of(verdicts, at))?.as_bytes())
}

/// Indented by two spaces, with a line feed at the end.
pub(crate) fn pretty(value: &impl Serialize) -> io::Result<String> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}
