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
pub struct ApiKey(Zeroizing<String>);

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
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    /// The value of the header `Authorization`, marked as sensitive.
    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        let text = Zeroizing::new(format!("Bearer {}", self.0.as_str()));
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// The text with the key starred out, however it is written there: as it is, or any of its characters escaped as in
    /// JSON (`\\/`, `\\u0041`) or as in a URL (`%41`).
    #[must_use]
    pub fn masked(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.masked_bytes(text.as_bytes())).into_owned()
    }

    /// A body with the key starred out.
    pub(crate) fn masked_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let mut masked = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some((first, behind)) = rest.split_first() {
            match self.behind(rest) {
                Some(behind) => {
                    masked.extend_from_slice(MASK.as_bytes());
                    rest = behind;
                }
                None => {
                    masked.push(*first);
                    rest = behind;
                }
            }
        }
        masked
    }

    /// What follows the key, where a text begins with it.
    fn behind<'a>(&self, text: &'a [u8]) -> Option<&'a [u8]> {
        self.0.bytes().try_fold(text, |rest, byte| {
            let plain = rest.strip_prefix(&[byte]);
            plain.or_else(|| rest.strip_prefix(&[b'\\', byte])).or_else(|| behind_number(rest, byte))
        })
    }
}

/// What follows a byte that is written as its number: `%41` or `\u0041`.
fn behind_number(text: &[u8], byte: u8) -> Option<&[u8]> {
    let in_url = text.strip_prefix(b"%");
    let digits = in_url.or_else(|| text.strip_prefix(b"\\u00"))?;
    let (digits, rest) = digits.split_at_checked(2)?;
    let number = std::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok());
    (number == Some(byte)).then_some(rest)
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

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "2Test/Key<42>";

    #[test]
    fn only_one_visible_word_is_a_key() {
        let refusal = |text: &str| ApiKey::new(text).unwrap_err();
        assert_eq!(refusal(" \n"), ApiKeyError::Empty);
        assert_eq!(refusal("1234567"), ApiKeyError::Length);
        assert_eq!(refusal(&"k".repeat(API_KEY_CHARS_MAX + 1)), ApiKeyError::Length);
        assert_eq!(refusal("two words"), ApiKeyError::Character);
        assert_eq!(refusal("two\r\nlines"), ApiKeyError::Character);
        assert_eq!(refusal("schlüssel"), ApiKeyError::Character);
        let key = ApiKey::new(" 12345678\n").unwrap();
        assert_eq!(key.authorization().unwrap(), "Bearer 12345678");
        assert!(key.authorization().unwrap().is_sensitive());
        ApiKey::new(&"k".repeat(API_KEY_CHARS_MAX)).unwrap();
    }

    #[test]
    fn a_key_is_starred_out_however_it_is_written() {
        let key = ApiKey::new(KEY).unwrap();
        let escaped = |write: fn(u8) -> String| KEY.bytes().map(write).collect::<String>();
        let forms = [
            KEY.to_owned(),
            KEY.replace('/', "\\/"),
            KEY.replace('<', "\\u003c").replace('>', "\\u003E"),
            KEY.replace('/', "%2F").replace('<', "%3c").replace('>', "%3E"),
            escaped(|byte| format!("%{byte:02x}")),
            escaped(|byte| format!("\\u{byte:04X}")),
            escaped(
                |byte| if byte.is_ascii_digit() { format!("%{byte:02X}") } else { char::from(byte).into() },
            ),
        ];
        for form in forms {
            assert_eq!(key.masked(&format!("é{form}{form}, or {form}")), "é******, or ***", "{form}");
        }
    }

    #[test]
    fn what_is_not_the_key_stays() {
        let key = ApiKey::new(KEY).unwrap();
        for text in ["", "2Test", "2Test/Key<42", "2test/key<42>", "%32%", "\\u00", "2Test\\", "%zz2Test/Key"]
        {
            assert_eq!(key.masked(text), text);
        }
        assert_eq!(key.masked(&format!("2Test{KEY}")), "2Test***");
    }
}
