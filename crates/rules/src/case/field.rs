//! A text of a request, and where it was given.

use std::sync::Arc;

use certgate_facts::{Reading, SOURCE_BYTES_MAX, Source, SourceError, Span};

use crate::finding::Label;

/// A text that was given for one field, such as a principal; findings point into it.
#[derive(Clone)]
pub struct Field {
    text: String,
    place: Place,
}

#[derive(Clone)]
enum Place {
    /// An argument or the like, known by this name.
    Alone(String),
    /// Part of a file.
    Within(Arc<Reading>, Span),
}

impl Field {
    /// A text that stands alone; `name` is what the user knows it by, such as `--principal`.
    ///
    /// # Errors
    /// [`SourceError::TooLarge`] for a text longer than any source may be.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Result<Self, SourceError> {
        let text = text.into();
        if text.len() > SOURCE_BYTES_MAX {
            return Err(SourceError::TooLarge);
        }
        Ok(Self { text, place: Place::Alone(name.into()) })
    }

    /// A text that was read from a file, such as an inventory: where it stands there. What stands there may be written
    /// otherwise, quoted or escaped.
    #[must_use]
    pub fn within(reading: Arc<Reading>, span: Span, text: impl Into<String>) -> Self {
        Self { text: text.into(), place: Place::Within(reading, span) }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A label on the whole text.
    pub(crate) fn label(&self, words: impl Into<String>) -> Label {
        match &self.place {
            Place::Within(reading, span) => Label::new(reading, *span, words),
            Place::Alone(name) => {
                let source = Source::of_argument(name.clone(), &self.text)
                    .unwrap_or_else(|_| Source::empty(name.clone()));
                let reading = Arc::new(Reading::of_other_text(source));
                let span = Span::new(0, reading.source().text().len());
                Label::new(&reading, span, words)
            }
        }
    }
}
