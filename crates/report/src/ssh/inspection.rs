//! What OpenSSH's files say: public keys, certificates, known hosts, revocation lists.

mod v1;

use std::io::{self, Write};

use certgate_facts::Reading;
use certgate_sign::krl::RevocationList;

pub use v1::{ApiFields, LineFacts, Lines};

use super::revocations;
use crate::json::pretty;
use crate::show;

/// What a file holds.
pub enum File {
    /// Lines with public keys, certificates, known hosts.
    Lines(Reading),
    /// A key revocation list.
    RevocationList(RevocationList),
}

/// What the file at `path` says, as JSON of version 1: [`Lines`] or [`revocations::List`].
///
/// # Errors
/// None that is known; those of the JSON writer.
pub fn json(path: &str, file: &File) -> io::Result<String> {
    match file {
        File::Lines(reading) => pretty(&Lines::of(reading)),
        File::RevocationList(list) => revocations::json(path, list),
    }
}

/// Writes what the file at `path` says, a block for each line or section.
///
/// # Errors
/// What `out` answers.
pub fn write_text(out: &mut dyn Write, path: &str, file: &File) -> io::Result<()> {
    match file {
        File::Lines(reading) => show::write_reading(out, reading),
        File::RevocationList(list) => revocations::write_text(out, path, list),
    }
}
