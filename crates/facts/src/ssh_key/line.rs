//! The parts of a line that holds an SSH public key or certificate.

use base64::DecodeError;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::{KNOWN_TYPES, SSH_LINE_BYTES_MAX, SshDefect};
use crate::ssh_wire::{WireReader, printable};

/// A line in its parts, the key decoded. The type outside is the type inside.
pub(crate) struct Line<'a> {
    pub(crate) name: &'a str,
    pub(crate) blob: Vec<u8>,
    /// Where the base64 starts, in bytes from 1.
    pub(crate) blob_column: usize,
    pub(crate) comment: &'a str,
}

const BLANK: [char; 4] = [' ', '\t', '\r', '\n'];

impl<'a> Line<'a> {
    /// Splits a line and decodes its base64.
    pub(crate) fn split(line: &'a str) -> Result<Self, SshDefect> {
        if line.len() > SSH_LINE_BYTES_MAX {
            return Err(SshDefect::LineTooLong { bytes: line.len() });
        }
        let trimmed = line.trim_start_matches(BLANK);
        let name_column = line.len() - trimmed.len() + 1;
        let (name, rest) = trimmed.split_once(BLANK).unwrap_or((trimmed, ""));
        if name.is_empty() {
            return Err(SshDefect::Empty);
        }
        if !is_known_type(name) && rest.split(BLANK).any(is_known_type) && !follows(name, rest) {
            return Err(SshDefect::OptionsBeforeKey { column: name_column });
        }
        let after = rest.trim_start_matches(BLANK);
        let blob_column = line.len() - after.len() + 1;
        let (encoded, comment) = after.split_once(BLANK).unwrap_or((after, ""));
        if encoded.is_empty() {
            return Err(SshDefect::KeyMissing { column: blob_column });
        }
        let blob = BASE64_STANDARD.decode(encoded).map_err(|error| {
            let (DecodeError::InvalidByte(at, _)
            | DecodeError::InvalidLength(at)
            | DecodeError::InvalidLastSymbol { offset: at, .. }) = error
            else {
                return SshDefect::Base64 { column: blob_column };
            };
            SshDefect::Base64 { column: blob_column + at.min(encoded.len()) }
        })?;
        let inside = WireReader::over(&blob)
            .string()
            .map_err(|defect| SshDefect::from(defect).in_base64_at(blob_column))?;
        if inside != name.as_bytes() {
            return Err(SshDefect::TypeDiffers {
                inside: printable(inside),
                outside: printable(name.as_bytes()),
            });
        }
        Ok(Self { name, blob, blob_column, comment: comment.trim_matches(BLANK) })
    }
}

/// A line in its parts, put together.
pub(crate) fn written(name: &str, blob: &[u8], comment: &str) -> String {
    let gap = if comment.is_empty() { "" } else { " " };
    format!("{name} {}{gap}{comment}", BASE64_STANDARD.encode(blob))
}

/// Whether what follows a word is a key of the type that the word names.
fn follows(name: &str, rest: &str) -> bool {
    let encoded = rest.trim_start_matches(BLANK).split(BLANK).next().unwrap_or_default();
    let inside = |blob: Vec<u8>| WireReader::over(&blob).string() == Ok(name.as_bytes());
    BASE64_STANDARD.decode(encoded).is_ok_and(inside)
}

fn is_known_type(word: &str) -> bool {
    KNOWN_TYPES.contains(&word) || is_certificate_type(word)
}

/// Whether a type name is that of a certificate: OpenSSH's `…-cert-v01@openssh.com`, or `…-cert` of
/// draft-ietf-sshm-cert.
pub(crate) fn is_certificate_type(name: &str) -> bool {
    let bare = name.split('@').next().unwrap_or_default();
    bare.ends_with("-cert") || bare.contains("-cert-v")
}
