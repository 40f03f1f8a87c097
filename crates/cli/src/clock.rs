//! The clock.

use certgate_facts::Timestamp;

/// The time asked about, or now.
pub(crate) fn at(given: Option<Timestamp>) -> Timestamp {
    given.unwrap_or_else(now)
}

/// Now.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_secs(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
