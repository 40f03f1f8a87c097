//! Moments as they stand on the wire.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const DAY_SECS: i64 = 86_400;
/// 0000-01-01T00:00:00Z.
const SECS_MIN: i64 = -62_167_219_200;
/// 9999-12-31T23:59:59Z.
const SECS_MAX: i64 = 253_402_300_799;

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
    pub const fn from_unix_secs(secs: i64) -> Option<Self> {
        if secs < SECS_MIN || secs > SECS_MAX { None } else { Some(Self(secs)) }
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_secs(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, secs) = (self.0.div_euclid(DAY_SECS), self.0.rem_euclid(DAY_SECS));
        let (year, month, day) = date_of(days);
        let (hour, minute, second) = (secs / 3600, secs / 60 % 60, secs % 60);
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    /// Reads a `date-time` of RFC 3339 §5.6. Fractions of a second are dropped; the second 60 is refused.
    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        read(text.as_bytes()).and_then(Self::from_unix_secs).ok_or(NotATimestamp)
    }
}

fn read(text: &[u8]) -> Option<i64> {
    let (date_and_time, rest) = text.split_at_checked(19)?;
    let shape = date_and_time.iter().zip(b"0000-00-00T00:00:00");
    let fits = |(byte, wanted): (&u8, &u8)| match wanted {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b't' | b' '),
        _ => byte == wanted,
    };
    if !{ shape }.all(fits) {
        return None;
    }
    let number = |from: usize, to: usize| number(&date_and_time[from..to]);
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let (hour, minute, second) = (number(11, 13), number(14, 16), number(17, 19));
    let is_moment = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let offset_secs = read_offset(after_fraction(rest)?)?;
    let secs = days_until(year, month, day) * DAY_SECS + hour * 3600 + minute * 60 + second;
    is_moment.then_some(secs - offset_secs)
}

/// What follows the fraction of a second, if there is one.
fn after_fraction(text: &[u8]) -> Option<&[u8]> {
    let Some(fraction) = text.strip_prefix(b".") else { return Some(text) };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0).then(|| &fraction[digits..])
}

/// How many seconds a clock at this offset is ahead of UTC.
fn read_offset(text: &[u8]) -> Option<i64> {
    match text {
        b"Z" | b"z" => Some(0),
        [sign @ (b'+' | b'-'), hours @ .., b':', tens, ones] if hours.len() == 2 => {
            let minutes = [*tens, *ones];
            let is_number = hours.iter().chain(&minutes).all(u8::is_ascii_digit);
            let (hours, minutes) = (number(hours), number(&minutes));
            let secs = hours * 3600 + minutes * 60;
            (is_number && hours < 24 && minutes < 60).then_some(if *sign == b'-' { -secs } else { secs })
        }
        _ => None,
    }
}

fn number(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit.wrapping_sub(b'0')))
}

fn days_in(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 until a date of the Gregorian calendar; years are taken to begin in March, so that the leap day
/// is their last.
fn days_until(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date, this many days after 1970-01-01: year, month, day.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
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
