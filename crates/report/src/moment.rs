//! Times as OpenSSH counts them.

use certgate_facts::Timestamp;

/// Seconds since 1970-01-01T00:00:00Z as RFC 3339 in UTC; what lies beyond the year 9999, in seconds.
pub(crate) fn moment(unix_secs: u64) -> String {
    Timestamp::from_unix_secs(i64::try_from(unix_secs).unwrap_or(i64::MAX)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_shown_in_utc_as_far_as_there_are_years() {
        assert_eq!(moment(1_737_483_592), "2025-01-21T18:19:52Z");
        assert_eq!(moment(u64::MAX), "9223372036854775807 s since 1970-01-01T00:00:00Z");
    }
}
