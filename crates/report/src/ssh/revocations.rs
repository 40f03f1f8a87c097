//! Key revocation lists: what is in them, and whether they name a key or a certificate.

mod octets;
mod query;
mod rebuild;
mod text;
mod v1;

use std::io::{self, Write};

use certgate_sign::krl::RevocationList;

pub use octets::{KeyBlob, Octets};
pub use query::{Asked, Subject, queried_json, write_queried};
pub use rebuild::RebuildError;
pub use v1::{Extension, List, Section, Subsection};

use crate::json::pretty;

/// Everything in a list as [version 1](List), from which [`rebuild`] makes the same bytes again.
///
/// # Errors
/// None that is known; those of the JSON writer.
pub fn json(path: &str, list: &RevocationList) -> io::Result<String> {
    pretty(&List::of(path, list))
}

/// The list that a JSON of [version 1](List) says.
///
/// # Errors
/// [`RebuildError::Json`] for what is no such JSON, [`RebuildError::Value`] for a value that cannot be, or that differs
/// from what the others say, [`RebuildError::List`] for what is no list as a whole.
pub fn rebuild(json: &[u8]) -> Result<RevocationList, RebuildError> {
    let list: List = serde_json::from_slice(json).map_err(RebuildError::Json)?;
    rebuild::list(&list)
}

/// Writes what is in a list, section by section.
///
/// # Errors
/// What `out` answers.
pub fn write_text(out: &mut dyn Write, path: &str, list: &RevocationList) -> io::Result<()> {
    text::write(out, path, list)
}

#[cfg(test)]
mod tests;
