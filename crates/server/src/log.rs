//! What is logged: one line for each request, without a secret.

use std::sync::Arc;

use serde::Serialize;

/// Takes lines, from any thread.
pub type Log = Arc<dyn Fn(&Logged<'_>) + Send + Sync>;

/// A request that was answered. Queries, headers and bodies are not in it: keys and private keys come in these.
#[derive(Clone, Debug, Serialize)]
pub struct Logged<'a> {
    /// When it came, RFC 3339.
    pub at: &'a str,
    /// What the answer calls it.
    pub operation_id: &'a str,
    /// Its method.
    pub method: &'a str,
    /// Its path, without the query.
    pub path: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// The id of the API key, if there is one that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<&'a str>,
    /// The number of the code, of a refusal that has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<u16>,
    /// How long it took.
    pub micros: u64,
    /// What failed here, and is not told outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'a str>,
}

impl Logged<'_> {
    /// One line of JSON, without the line feed.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts and numbers alone are always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}
