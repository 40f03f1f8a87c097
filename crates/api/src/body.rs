//! The body of a request: JSON that may hold a private key.

use std::io;

use serde::Serialize;
use zeroize::Zeroizing;

/// The body of a request, as JSON. It may hold a private key: it is wiped on drop, and no formatting shows it.
pub struct Body(Zeroizing<Vec<u8>>);

impl Body {
    /// The JSON of a value, in a buffer that is made in its size: one that grew would leave copies behind.
    pub(crate) fn of(value: &impl Serialize) -> Self {
        let mut length = Length(0);
        let counted = serde_json::to_writer(&mut length, value);
        let mut bytes = Zeroizing::new(Vec::with_capacity(length.0));
        let written = serde_json::to_writer(&mut *bytes, value);
        // Memory takes all that is written, and all keys are texts.
        debug_assert!(counted.is_ok() && written.is_ok() && bytes.capacity() == length.0);
        Self(bytes)
    }

    /// The JSON.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Counts what is written, and keeps nothing of it.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_never_outgrows_its_buffer() {
        for text in ["", "short", "\u{1}\n\"\\/é€😀", &"long ".repeat(10_000)] {
            let body = Body::of(&text);
            assert_eq!(body.bytes(), serde_json::to_vec(text).unwrap());
            assert_eq!(body.0.capacity(), body.bytes().len());
        }
    }
}
