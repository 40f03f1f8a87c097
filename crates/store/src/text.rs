//! Texts that people give, before they are kept.

use crate::error::Error;

/// Whether a text is short enough, and one line.
pub(crate) fn check_line(field: &'static str, text: &str, bytes_max: usize) -> Result<(), Error> {
    let reason = match text {
        _ if text.len() > bytes_max => "it is too long",
        _ if text.chars().any(char::is_control) => "it has control characters",
        _ => return Ok(()),
    };
    Err(Error::TextUnfit { field, reason })
}
