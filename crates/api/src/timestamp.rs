//! Moments as they stand on the wire.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// A moment to the second, which RFC 3339 can write: years 0 to 9999. Written in UTC, with `Z` and without fractions;
/// read with any offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A text that is no date and time of RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATimestamp;

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// From seconds since 1970-01-01T00:00:00Z; `None` outside of the years 0 to 9999.
    #[must_use]
    pub fn from_unix_secs(secs: i64) -> Option<Self> {
        let moment = OffsetDateTime::from_unix_timestamp(secs).ok()?;
        (0..=9999).contains(&moment.year()).then_some(Self(secs))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_secs(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = OffsetDateTime::from_unix_timestamp(self.0).map_err(|_| fmt::Error)?;
        formatter.write_str(&moment.format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    /// Reads a `date-time` of RFC 3339 §5.6. Fractions of a second are dropped.
    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| NotATimestamp)?;
        let moment = moment.checked_to_offset(UtcOffset::UTC).ok_or(NotATimestamp)?;
        Self::from_unix_secs(moment.unix_timestamp()).ok_or(NotATimestamp)
    }
}

impl fmt::Display for NotATimestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a time: expected RFC 3339 such as 2026-11-01T00:00:00Z")
    }
}

impl std::error::Error for NotATimestamp {}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 0000-01-01T00:00:00Z.
    const SECS_MIN: i64 = -62_167_219_200;
    /// 9999-12-31T23:59:59Z.
    const SECS_MAX: i64 = 253_402_300_799;

    fn at(text: &str) -> Result<String, NotATimestamp> {
        text.parse::<Timestamp>().map(|at| at.to_string())
    }

    #[test]
    fn times_are_read_with_any_offset_and_written_in_utc() {
        assert_eq!(at("2025-01-21T18:19:52Z").unwrap(), "2025-01-21T18:19:52Z");
        assert_eq!(at("2025-01-21T13:19:52.75-05:00").unwrap(), "2025-01-21T18:19:52Z");
        assert_eq!(at("2024-02-29t23:30:00+05:30").unwrap(), "2024-02-29T18:00:00Z");
        assert_eq!("1970-01-01T00:00:00Z".parse::<Timestamp>().unwrap().unix_secs(), 0);
        assert_eq!("2025-01-21T18:19:52Z".parse::<Timestamp>().unwrap().unix_secs(), 1_737_483_592);
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        let texts = [
            "",
            "2025-01-21",
            "2025-01-21T18:19:52",
            "2025-01-21T18:19:52.Z",
            "2025-01-21T18:19:52+0500",
            "2025-01-21T18:19:52+24:00",
            "2025-02-29T00:00:00Z",
            "2025-13-01T00:00:00Z",
            "2025-00-01T00:00:00Z",
            "2025-01-21T24:00:00Z",
            "2025-01-21T23:59:60Z",
            "+025-01-21T18:19:52Z",
            "2025-01-21T18:19:52Zé",
            "0000-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
        ];
        for text in texts {
            assert_eq!(text.parse::<Timestamp>(), Err(NotATimestamp), "{text}");
        }
    }

    #[test]
    fn the_calendar_ends_with_the_year_9999() {
        let shown = |secs| Timestamp::from_unix_secs(secs).map(|at| at.to_string());
        assert_eq!(shown(SECS_MAX).unwrap(), "9999-12-31T23:59:59Z");
        assert_eq!(shown(SECS_MIN).unwrap(), "0000-01-01T00:00:00Z");
        assert_eq!((shown(SECS_MAX + 1), shown(SECS_MIN - 1)), (None, None));
    }

    proptest! {
        #[test]
        fn every_moment_is_read_as_it_is_written(secs in SECS_MIN..=SECS_MAX) {
            let written = Timestamp::from_unix_secs(secs).unwrap();
            prop_assert_eq!(written.to_string().parse::<Timestamp>().unwrap(), written);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,40}") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
