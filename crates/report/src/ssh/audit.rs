//! Records of a ledger's audit chain.

use std::io::{self, Write};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use certgate_facts::Timestamp;
use serde::Serialize;

/// A record.
pub struct Record<'a> {
    /// Its number, from 1.
    pub number: u64,
    /// When it was written.
    pub at: Timestamp,
    /// What happened, in a word.
    pub kind: &'a str,
    /// What it says, as it was hashed.
    pub body: &'a [u8],
    /// The hash of the record before, in hexadecimal.
    pub previous: String,
    /// Its hash.
    pub hash: String,
}

#[derive(Serialize)]
struct Json<'a> {
    number: u64,
    at: String,
    kind: &'a str,
    body: String,
    previous: &'a str,
    hash: &'a str,
}

/// Writes a record as one line of JSON, the body in base64: enough to recompute the chain.
///
/// # Errors
/// What `out` answers.
pub fn write_line(out: &mut dyn Write, record: &Record<'_>) -> io::Result<()> {
    let json = Json {
        number: record.number,
        at: record.at.to_string(),
        kind: record.kind,
        body: BASE64_STANDARD.encode(record.body),
        previous: &record.previous,
        hash: &record.hash,
    };
    serde_json::to_writer(&mut *out, &json)?;
    writeln!(out)
}
