//! Lines that are written.

use std::{error, fmt};

use certgate_facts::SshPublicKey;

use super::host_patterns::HostPatterns;

/// A comment that would not stay on its line, or that a terminal would act upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommentError {
    character: char,
}

impl CommentError {
    /// The first character at fault.
    #[must_use]
    pub const fn character(self) -> char {
        self.character
    }
}

impl fmt::Display for CommentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the comment has {:?}, which cannot stand in a line", self.character)
    }
}

impl error::Error for CommentError {}

/// The line, without its end, that makes the holder of `key` an authority for the hosts.
///
/// # Errors
///
/// [`CommentError`] for a control character in the comment.
pub fn authority_line(
    hosts: &HostPatterns,
    key: &SshPublicKey,
    comment: &str,
) -> Result<String, CommentError> {
    line("@cert-authority", hosts, key, comment)
}

/// The line, without its end, that forbids `key` for the hosts, as a host's key or as an authority's.
///
/// # Errors
///
/// [`CommentError`] for a control character in the comment.
pub fn revoked_line(hosts: &HostPatterns, key: &SshPublicKey, comment: &str) -> Result<String, CommentError> {
    line("@revoked", hosts, key, comment)
}

fn line(
    marker: &str,
    hosts: &HostPatterns,
    key: &SshPublicKey,
    comment: &str,
) -> Result<String, CommentError> {
    if let Some(character) = comment.chars().find(|character| character.is_control()) {
        return Err(CommentError { character });
    }
    Ok(format!("{marker} {hosts} {}", key.to_line(comment.trim())))
}
