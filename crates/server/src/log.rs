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
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Event {
    /// One line of JSON.
    pub(crate) fn to_json(self, at: Timestamp, message: &str) -> String {
        serde_json::to_string(&Happened { at: at.to_string(), event: self, message }).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_told_in_the_log_itself() {
        let line = lines_lost(Timestamp::from_unix_secs(1_793_491_200), 7);
        assert_eq!(
            line,
            r#"{"at":"2026-11-01T00:00:00Z","event":"lines-lost","message":"7 lines were not written: whoever takes them was too slow"}"#
        );
    }
}
