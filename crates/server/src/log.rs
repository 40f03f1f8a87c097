//! What is logged: one line for each request, and for what happens beside them, without a secret.

use std::sync::Arc;

use certgate_facts::Timestamp;
use serde::Serialize;

/// Takes lines of JSON without the line feed, from any thread. Whoever answers requests waits for it.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// A request that was answered. Queries, headers and bodies are not in it: keys and private keys come in these.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Logged<'a> {
    /// When it came, RFC 3339.
    pub(crate) at: &'a str,
    /// What the answer calls it.
    pub(crate) operation_id: &'a str,
    /// Its method.
    pub(crate) method: &'a str,
    /// Its path, without the query.
    pub(crate) path: &'a str,
    /// The status of the answer.
    pub(crate) status: u16,
    /// The id of the API key, if there is one that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) api_key: Option<&'a str>,
    /// The number of the code, of a refusal that has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_code: Option<u16>,
    /// How long it took.
    pub(crate) micros: u64,
    /// What failed here, and is not told outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fault: Option<&'a str>,
}

/// What happens beside requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Event {
    /// A connection was not accepted.
    NotAccepted,
    /// What came over a connection does not read as a request; hyper has answered it.
    RequestUnreadable,
    /// Clients did not come to an encrypted connection.
    HandshakeFailed,
    /// A new certificate is shown from now on.
    TlsRenewed,
    /// A new certificate is not shown, and the one before it still is.
    TlsRefused,
    /// The store cannot be used.
    NotReady,
    /// Lines of this log.
    LinesLost,
}

/// Something that happened beside requests.
#[derive(Serialize)]
struct Happened<'a> {
    at: String,
    event: Event,
    message: &'a str,
}

/// The line for lines that a log had no room for.
#[must_use]
pub fn lines_lost(at: Timestamp, count: u64) -> String {
    let message = format!("{count} lines were not written: whoever takes them was too slow");
    Event::LinesLost.to_json(at, &message)
}

impl Logged<'_> {
    /// One line of JSON.
    pub(crate) fn to_json(&self) -> String {
        // Texts and numbers alone are always JSON.
        visible(serde_json::to_string(self).unwrap_or_default())
    }
}

impl Event {
    /// One line of JSON.
    pub(crate) fn to_json(self, at: Timestamp, message: &str) -> String {
        let happened = Happened { at: at.to_string(), event: self, message };
        visible(serde_json::to_string(&happened).unwrap_or_default())
    }
}

/// JSON in which what a terminal would obey is escaped, too: controls, and marks that turn the direction of text or end a line.
/// Outside of texts JSON has none of these.
fn visible(json: String) -> String {
    // Nearly all lines have nothing else.
    if json.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return json;
    }
    let obeyed = |character: char| {
        let is_mark = matches!(
            character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        );
        character.is_control() || is_mark
    };
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        match obeyed(character) {
            true => text.push_str(&format!("\\u{:04x}", u32::from(character))),
            false => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_line_is_obeyed_by_a_terminal() {
        let message = "a\u{9b}31m\u{7f}\u{202e}\u{2066}\u{2028}\n\u{1b}ä\"";
        let line = Event::HandshakeFailed.to_json(Timestamp::from_unix_secs(0), message);
        assert!(line.ends_with(r#""message":"a\u009b31m\u007f\u202e\u2066\u2028\n\u001bä\""}"#), "{line}");
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["message"], message);
    }

    #[test]
    fn what_is_lost_is_told_in_the_log_itself() {
        let line = lines_lost(Timestamp::from_unix_secs(1_793_491_200), 7);
        assert_eq!(
            line,
            r#"{"at":"2026-11-01T00:00:00Z","event":"lines-lost","message":"7 lines were not written: whoever takes them was too slow"}"#
        );
    }
}
