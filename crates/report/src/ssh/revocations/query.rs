//! Whether a list names keys and certificates.

use std::io::{self, Write};

use certgate_sign::krl::{Cause, Header, RevokedBy};
use serde::Serialize;

use crate::json::pretty;
use crate::printable::printable;

/// A key or certificate that was asked about.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The path it came from.
    pub path: String,
    /// The number of its line, from 1.
    pub line: usize,
    /// What it is.
    pub subject: Subject,
    /// Why it is revoked; nothing if it is not.
    pub cause: Option<Cause>,
}

/// What was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A certificate.
    Certificate,
    /// A plain key.
    Key,
}

/// The answers of a list.
#[derive(Clone, Debug, Serialize)]
struct Queried<'a> {
    /// The version of this format: 1.
    version: u8,
    /// The path of the list as given.
    list: &'a str,
    /// The version of the list.
    krl_version: String,
    /// What was asked about, in the order given.
    answers: Vec<Answer<'a>>,
}

/// The answer about one key or certificate.
#[derive(Clone, Debug, Serialize)]
struct Answer<'a> {
    path: &'a str,
    line: usize,
    subject: Subject,
    revoked: bool,
    /// The kind of section that revokes it: `key`, `key-id`, `serial`, `sha1` or `sha256`.
    by: Option<&'static str>,
    /// Whether the entry names the authority's key, and not the certificate or its own key.
    about_authority: bool,
    /// Why, in words.
    reason: Option<String>,
}

/// What a list answers, as JSON of version 1.
///
/// # Errors
/// None that is known; those of the JSON writer.
pub fn queried_json(list: &str, header: &Header, asked: &[Asked]) -> io::Result<String> {
    let answers = asked.iter().map(Answer::of).collect();
    pretty(&Queried { version: 1, list, krl_version: header.version().to_string(), answers })
}

/// Writes what a list answers, a line each.
///
/// # Errors
/// What `out` answers.
pub fn write_queried(out: &mut dyn Write, asked: &[Asked]) -> io::Result<()> {
    for Asked { path, line, cause, .. } in asked {
        let answer = match cause {
            Some(cause) => format!("revoked: {cause}"),
            None => "not revoked".to_owned(),
        };
        writeln!(out, "{}:{line}: {}", printable(path), printable(&answer))?;
    }
    Ok(())
}

impl<'a> Answer<'a> {
    fn of(asked: &'a Asked) -> Self {
        let by = |cause: &Cause| match cause.by() {
            RevokedBy::Key => "key",
            RevokedBy::KeyId { .. } => "key-id",
            RevokedBy::Serial { .. } => "serial",
            RevokedBy::Sha1 => "sha1",
            RevokedBy::Sha256 => "sha256",
            _ => "another",
        };
        Self {
            path: &asked.path,
            line: asked.line,
            subject: asked.subject,
            revoked: asked.cause.is_some(),
            by: asked.cause.as_ref().map(by),
            about_authority: asked.cause.as_ref().is_some_and(Cause::is_about_authority),
            reason: asked.cause.as_ref().map(ToString::to_string),
        }
    }
}
