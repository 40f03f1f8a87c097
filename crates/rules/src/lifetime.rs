//! How long certificates are valid: what is left of it, and what public authorities may let it be.

use certgate_facts::{Certificate, Timestamp};

use crate::fraction::Fraction;

const DAY_SECS: i64 = 86_400;

/// From when on, and at most how many days (CA/Browser Forum Baseline Requirements §6.3.2, and ballot SC-081v3 for the last
/// three); the latest first.
const LIMITS: [LifetimeLimit; 5] = [
    // 2029-03-15, 2027-03-15, 2026-03-15, 2020-09-01, 2018-03-02
    LifetimeLimit { since: 1_868_227_200, days: 47 },
    LifetimeLimit { since: 1_805_068_800, days: 100 },
    LifetimeLimit { since: 1_773_532_800, days: 200 },
    LifetimeLimit { since: 1_598_918_400, days: 398 },
    LifetimeLimit { since: 1_519_948_800, days: 825 },
];

/// What browsers hold public authorities to, whatever the forum says since.
const DAYS_OF_BROWSERS: i64 = 398;

/// A limit for what is issued from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LifetimeLimit {
    since: i64,
    days: i64,
}

impl LifetimeLimit {
    /// The limit of the day on which the certificate was issued.
    pub(crate) fn of(certificate: &Certificate) -> Option<Self> {
        Self::on(certificate.not_before())
    }

    fn on(day: Timestamp) -> Option<Self> {
        LIMITS.into_iter().find(|limit| limit.since <= day.unix_secs())
    }

    /// The first day on which it holds.
    pub(crate) fn since(self) -> Timestamp {
        Timestamp::from_unix_secs(self.since)
    }

    /// At most so many days.
    pub(crate) fn days(self) -> i64 {
        self.days
    }

    /// Whether so many seconds are more than the limit.
    pub(crate) fn is_passed_by(self, secs: i64) -> bool {
        secs > self.days * DAY_SECS
    }

    /// Whether browsers refuse so many seconds, too.
    pub(crate) fn is_refused_at(self, secs: i64) -> bool {
        secs > self.days.max(DAYS_OF_BROWSERS) * DAY_SECS
    }
}

/// Seconds of validity, the first and the last of them counted.
pub(crate) fn lifetime_secs(certificate: &Certificate) -> i64 {
    let (begin, end) = (certificate.not_before().unix_secs(), certificate.not_after().unix_secs());
    end.saturating_sub(begin).saturating_add(1)
}

/// Seconds that are left of the validity, the last of them counted, where no more than the fraction is left; `None` of what
/// begins later, is over, or has more left.
pub(crate) fn last_secs(certificate: &Certificate, at: Timestamp, left: Fraction) -> Option<i64> {
    if at < certificate.not_before() || certificate.not_after() < at {
        return None;
    }
    let secs = certificate.not_after().unix_secs().saturating_sub(at.unix_secs()).saturating_add(1);
    let part = left.of_secs(u64::try_from(lifetime_secs(certificate)).ok()?);
    (u64::try_from(secs).ok()? <= part).then_some(secs)
}

/// Seconds in the largest unit of which there are two, rounded down.
pub(crate) fn roughly(secs: i64) -> String {
    const UNITS: [(i64, &str); 3] = [(DAY_SECS, "days"), (3_600, "hours"), (60, "minutes")];
    match UNITS.into_iter().find(|(unit, _)| secs >= 2 * unit) {
        Some((unit, name)) => format!("{} {name}", secs / unit),
        None if secs == 1 => "1 second".to_owned(),
        None => format!("{secs} seconds"),
    }
}

/// Seconds in days and what is left over, as people count them.
pub(crate) fn in_days(secs: i64) -> String {
    let (days, rest) = (secs / DAY_SECS, secs % DAY_SECS);
    let days = match days {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    };
    match rest {
        0 => days,
        1 => format!("{days} and 1 second"),
        rest if rest < 60 => format!("{days} and {rest} seconds"),
        rest if rest < 3_600 => format!("{days} and {} minutes", rest / 60),
        rest => format!("{days} and {} hours", rest / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_begins_with_its_day() {
        for (day, before, from) in [
            ("2018-03-02", None, Some(825)),
            ("2020-09-01", Some(825), Some(398)),
            ("2026-03-15", Some(398), Some(200)),
            ("2027-03-15", Some(200), Some(100)),
            ("2029-03-15", Some(100), Some(47)),
        ] {
            let midnight: Timestamp = day.parse().unwrap();
            let days = |at| LifetimeLimit::on(at).map(LifetimeLimit::days);
            assert_eq!(days(midnight), from, "{day}");
            assert_eq!(days(Timestamp::from_unix_secs(midnight.unix_secs() - 1)), before, "before {day}");
            assert_eq!(LifetimeLimit::on(midnight).unwrap().since(), midnight);
        }
    }

    #[test]
    fn the_last_second_of_the_last_day_is_within_every_limit_and_the_next_is_not() {
        for limit in LIMITS {
            assert!(!limit.is_passed_by(limit.days * DAY_SECS));
            assert!(limit.is_passed_by(limit.days * DAY_SECS + 1));
            assert!(!limit.is_refused_at(limit.days * DAY_SECS));
        }
        let limit = LIMITS[0];
        assert!(!limit.is_refused_at(DAYS_OF_BROWSERS * DAY_SECS));
        assert!(limit.is_refused_at(DAYS_OF_BROWSERS * DAY_SECS + 1));
        assert!(LIMITS[4].is_refused_at(825 * DAY_SECS + 1));
    }

    #[test]
    fn what_is_left_is_told_in_one_unit() {
        for (secs, expected) in [
            (1, "1 second"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (2 * 3_600, "2 hours"),
            (2 * DAY_SECS - 1, "47 hours"),
            (90 * DAY_SECS + 1, "90 days"),
        ] {
            assert_eq!(roughly(secs), expected);
        }
    }

    #[test]
    fn lifetimes_are_told_in_days_and_the_largest_unit_of_the_rest() {
        for (secs, expected) in [
            (200 * DAY_SECS, "200 days"),
            (200 * DAY_SECS + 1, "200 days and 1 second"),
            (DAY_SECS + 59, "1 day and 59 seconds"),
            (DAY_SECS + 120, "1 day and 2 minutes"),
            (DAY_SECS + 7_200, "1 day and 2 hours"),
        ] {
            assert_eq!(in_days(secs), expected);
        }
    }
}
