//! The key that opens the API, and where it must not be seen.

use std::fmt::{self, Write};

use http::HeaderValue;
use zeroize::Zeroizing;

/// The fewest characters of an API key: what is shorter is none, and could not be told from other words when it is
/// starred out.
pub const API_KEY_CHARS_MIN: usize = 8;
/// The most characters of an API key.
pub const API_KEY_CHARS_MAX: usize = 1024;

/// What stands in the place of the key.
const MASK: &str = "***";

/// A key of the API. No formatting shows it, and it is wiped on drop.
pub struct ApiKey {
    text: Zeroizing<String>,
    /// The text as others may write it: in JSON, in a URL.
    forms: Zeroizing<Vec<String>>,
}

/// Why a text is no API key. It does not hold the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiKeyError {
    /// There is nothing but white space.
    Empty,
    /// It has fewer than [`API_KEY_CHARS_MIN`] or more than [`API_KEY_CHARS_MAX`] characters.
    Length,
    /// It holds something else than visible ASCII: a space, a line break, a letter with an accent.
    Character,
}

impl ApiKey {
    /// A key; white space around it, such as the line feed of a file, is dropped.
    ///
    /// # Errors
    /// [`ApiKeyError`] for a text that can be no key.
    pub fn new(text: &str) -> Result<Self, ApiKeyError> {
        let text = text.trim();
        match text.len() {
            0 => return Err(ApiKeyError::Empty),
            API_KEY_CHARS_MIN..=API_KEY_CHARS_MAX => {}
            _ => return Err(ApiKeyError::Length),
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ApiKeyError::Character);
        }
        let escaped = |special: fn(u8) -> bool, write: fn(u8) -> String| -> String {
            text.bytes()
                .map(|byte| if special(byte) { write(byte) } else { char::from(byte).to_string() })
                .collect()
        };
        let in_json = |byte: u8| matches!(byte, b'"' | b'\\');
        let in_html_safe_json = |byte: u8| matches!(byte, b'<' | b'>' | b'&');
        let in_url = |byte: u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'.' | b'_' | b'~');
        let mut forms = Zeroizing::new(vec![
            text.to_owned(),
            escaped(in_json, |byte| format!("\\{}", char::from(byte))),
            escaped(in_html_safe_json, |byte| format!("\\u{byte:04x}")),
            escaped(in_url, |byte| format!("%{byte:02X}")),
            escaped(in_url, |byte| format!("%{byte:02x}")),
            escaped(|_| true, |byte| format!("%{byte:02X}")),
            escaped(|_| true, |byte| format!("%{byte:02x}")),
            escaped(|_| true, |byte| format!("\\u{byte:04X}")),
            escaped(|_| true, |byte| format!("\\u{byte:04x}")),
        ]);
        forms.dedup();
        Ok(Self { text: Zeroizing::new(text.to_owned()), forms })
    }

    /// The value of the header `Authorization`, marked as sensitive.
    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        let text = Zeroizing::new(format!("Bearer {}", self.text.as_str()));
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// The text with the key starred out, in whatever form it stands there.
    #[must_use]
    pub fn masked(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for form in self.forms.iter().filter(|form| !form.is_empty()) {
            if text.contains(form.as_str()) {
                text = text.replace(form.as_str(), MASK);
            }
        }
        text
    }

    /// A body with the key starred out.
    pub(crate) fn masked_bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        let holds = |form: &String| bytes.windows(form.len()).any(|window| window == form.as_bytes());
        match self.forms.iter().any(holds) {
            true => self.masked(&String::from_utf8_lossy(&bytes)).into_bytes(),
            false => bytes,
        }
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey(")?;
        formatter.write_str(MASK)?;
        formatter.write_char(')')
    }
}

impl fmt::Display for ApiKeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("the API key is empty"),
            Self::Length => {
                write!(formatter, "an API key has {API_KEY_CHARS_MIN} to {API_KEY_CHARS_MAX} characters")
            }
            Self::Character => formatter
                .write_str("an API key is one word of letters, digits and signs: no space, no line break"),
        }
    }
}

impl std::error::Error for ApiKeyError {}
