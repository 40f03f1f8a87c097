//! A moment, to the second, in UTC.

use std::fmt;
use std::str::FromStr;

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};

/// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted; shown as RFC 3339 with `Z` and whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A text that is neither RFC 3339 nor a date `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATimestamp;

impl Timestamp {
    /// From seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_unix_secs(secs: i64) -> Self {
        Self(secs)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_secs(self) -> i64 {
        self.0
    }

    /// Whole days from `earlier` until now, rounded towards zero.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        const DAY_SECS: i64 = 86_400;
        self.0.saturating_sub(earlier.0) / DAY_SECS
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text =
            OffsetDateTime::from_unix_timestamp(self.0).ok().and_then(|moment| moment.format(&Rfc3339).ok());
        match text {
            Some(text) => formatter.write_str(&text),
            // Years below 0 or above 9999 have no RFC 3339 form.
            None => write!(formatter, "{} s since 1970-01-01T00:00:00Z", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    /// Reads RFC 3339 with any offset (fractions of a second are dropped), or a date, taken as its midnight in UTC.
    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        if let Ok(moment) = OffsetDateTime::parse(text, &Rfc3339) {
            // The last hours of 9999 west of Greenwich are no year of the calendar in UTC.
            let moment = moment.checked_to_offset(UtcOffset::UTC).ok_or(NotATimestamp)?;
            return Ok(Self(moment.unix_timestamp()));
        }
        let date =
            Date::parse(text, format_description!("[year]-[month]-[day]")).map_err(|_| NotATimestamp)?;
        Ok(Self(date.midnight().assume_utc().unix_timestamp()))
    }
}

impl fmt::Display for NotATimestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "not a time: expected RFC 3339 such as 2026-11-01T00:00:00Z, or a date such as 2026-11-01",
        )
    }
}

impl std::error::Error for NotATimestamp {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_any_offset_and_shown_in_utc() {
        let moment: Timestamp = "2025-01-21T13:19:52.7-05:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2025-01-21T18:19:52Z");
        assert_eq!("2026-11-01".parse::<Timestamp>().unwrap().to_string(), "2026-11-01T00:00:00Z");
        assert_eq!("yesterday".parse::<Timestamp>(), Err(NotATimestamp));
    }

    #[test]
    fn what_is_no_moment_of_the_calendar_in_utc_is_none() {
        let last: Timestamp = "9999-12-31T23:59:59Z".parse().unwrap();
        assert_eq!(last.unix_secs(), 253_402_300_799);
        assert_eq!("9999-12-31T23:59:59-00:01".parse::<Timestamp>(), Err(NotATimestamp));
        assert_eq!("9999-12-31T23:59:59-23:59".parse::<Timestamp>(), Err(NotATimestamp));
        let first: Timestamp = "0000-01-01T00:00:00+23:59".parse().unwrap();
        assert_eq!(first.unix_secs(), -62_167_219_200 - 86_340);
    }

    #[test]
    fn moments_beyond_the_calendar_are_shown_as_seconds() {
        assert_eq!(
            Timestamp::from_unix_secs(i64::MAX).to_string(),
            "9223372036854775807 s since 1970-01-01T00:00:00Z"
        );
    }
}
