//! Whose a resource is.

use std::fmt;

use serde_json::Value;

/// The key of the metadata, a JSON object, under which the marker stands.
pub const MARKER_KEY: &str = "certgate";
/// The longest project, and the longest name, in bytes.
pub const WORD_BYTES_MAX: usize = 64;

/// Says that a resource belongs to a project, and under which name it is declared there: `shop/www`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marker {
    project: String,
    name: String,
}

/// A word that is not fit for a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAMarker;

impl Marker {
    /// The marker of a project and a name in it: letters, digits, `.`, `_` and `-`, beginning with a letter or a digit,
    /// and [`WORD_BYTES_MAX`] at most.
    ///
    /// # Errors
    /// [`NotAMarker`] where one of the two is something else.
    pub fn new(project: &str, name: &str) -> Result<Self, NotAMarker> {
        if !(is_word(project) && is_word(name)) {
            return Err(NotAMarker);
        }
        Ok(Self { project: project.to_owned(), name: name.to_owned() })
    }

    /// The marker in a resource's metadata; `None` where there is none, which is most often so.
    #[must_use]
    pub fn of_metadata(metadata: &str) -> Option<Self> {
        // Metadata of others may be anything; what does not name the key needs no parsing.
        if !metadata.contains(MARKER_KEY) {
            return None;
        }
        let object: Value = serde_json::from_str(metadata).ok()?;
        let (project, name) = object.get(MARKER_KEY)?.as_str()?.split_once('/')?;
        Self::new(project, name).ok()
    }

    /// The project.
    #[must_use]
    pub fn project(&self) -> &str {
        &self.project
    }

    /// The name in the project.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

fn is_word(text: &str) -> bool {
    text.len() <= WORD_BYTES_MAX
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

impl fmt::Display for Marker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.project, self.name)
    }
}

impl fmt::Display for NotAMarker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "expected letters, digits, `.`, `_` and `-`, a letter or a digit first, {WORD_BYTES_MAX} at most"
        )
    }
}

impl std::error::Error for NotAMarker {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_found_in_metadata_and_nowhere_else() {
        let found = |metadata: &str| Marker::of_metadata(metadata).map(|marker| marker.to_string());
        assert_eq!(found(r#"{"certgate":"shop/www","team":"web"}"#).as_deref(), Some("shop/www"));
        for metadata in [
            "",
            "certgate: shop/www",
            "\"certgate\"",
            r#"["certgate","shop/www"]"#,
            r#"{"certgate":"shop"}"#,
            r#"{"certgate":7}"#,
            r#"{"certgate":"shop/a/b"}"#,
            r#"{"certgate":"/www"}"#,
            r#"{"team":"certgate"}"#,
            r#"{"certgate":"shop/www""#,
        ] {
            assert_eq!(found(metadata), None, "{metadata}");
        }
    }

    #[test]
    fn words_are_short_and_plain() {
        let longest = "x".repeat(WORD_BYTES_MAX);
        for good in ["a", "0", "www.example.com", "a_b-c", &longest] {
            assert!(Marker::new(good, good).is_ok(), "{good}");
        }
        let too_long = "x".repeat(WORD_BYTES_MAX + 1);
        for bad in ["", ".a", "-a", "a b", "a/b", "straße", "a\n", &too_long] {
            assert_eq!(Marker::new(bad, "a"), Err(NotAMarker), "{bad}");
            assert_eq!(Marker::new("a", bad), Err(NotAMarker), "{bad}");
        }
    }
}
