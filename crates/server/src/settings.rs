//! How the server answers.

use certgate_store::Serials;

use crate::origin::Origin;

/// Requests that each API key may make in [`RATE_WINDOW_SECS`](certgate_store::RATE_WINDOW_SECS), where nothing else is said.
pub const RATE_LIMIT_DEFAULT: u32 = 120;
/// Most bytes of a request's body.
pub(crate) const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Most bytes of a form's body.
pub(crate) const FORM_BYTES_MAX: usize = 1024;
/// Most seconds that a request's headers may take to come.
pub(crate) const HEADER_SECS_MAX: u64 = 10;
/// Most seconds that a request's body may take to come.
pub(crate) const BODY_SECS_MAX: u64 = 30;
/// Most seconds that an answer may take, the body's time not counted.
pub(crate) const ANSWER_SECS_MAX: u64 = 60;
/// Most bytes of a request's headers.
pub(crate) const HEADER_BYTES_MAX: usize = 32 * 1024;
/// Most seconds that a client may take to come to an encrypted connection.
pub(crate) const HANDSHAKE_SECS_MAX: u64 = 10;
/// Most seconds that a client may take to read an answer.
pub(crate) const SEND_SECS_MAX: u64 = 60;
/// Connections at the same time, where nothing else is said; more wait.
pub const CONNECTIONS_DEFAULT: usize = 1024;
/// Connections at the same time from one address, where nothing else is said; more are closed.
pub const CONNECTIONS_PER_ADDRESS_DEFAULT: usize = 512;
/// Most connections at the same time of who watches.
pub(crate) const METRICS_CONNECTIONS_MAX: usize = 64;
/// Seconds for which counts that the store makes are told again.
pub(crate) const COUNTS_KEPT_SECS: u64 = 5;
/// Seconds after which files are looked at again for another certificate.
pub(crate) const TLS_LOOK_SECS: u64 = 1;
/// Seconds that open requests have once the server is to end.
pub const GRACE_SECS: u64 = 10;

/// How the server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whether `description` and `metadata` are written when they are empty: some clients cannot read answers without them.
    pub emit_empty: bool,
    /// Requests that each API key may make in [`RATE_WINDOW_SECS`](certgate_store::RATE_WINDOW_SECS); nothing for any number.
    pub rate_limit: Option<u32>,
    /// What serials SSH certificates get.
    pub serials: Serials,
    /// What URIs in answers begin with.
    pub origin: Origin,
}
