//! Seconds, as SSH certificates count time, in words.

use std::fmt;

use certgate_facts::Timestamp;

use crate::policy::Policy;

/// A second since 1970-01-01T00:00:00Z, shown as RFC 3339 where that can write it.
pub(crate) struct At(pub(crate) u64);

/// So many seconds, shown in days, hours, minutes and seconds.
pub(crate) struct For(pub(crate) u64);

/// The moment of the judgement; what lies before 1970 counts as its first second.
pub(crate) fn judged_at(policy: &Policy) -> u64 {
    u64::try_from(policy.at().unix_secs()).unwrap_or(0)
}

impl fmt::Display for At {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match i64::try_from(self.0) {
            Ok(secs) => Timestamp::from_unix_secs(secs).fmt(formatter),
            Err(_) if self.0 == u64::MAX => formatter.write_str("forever"),
            Err(_) => write!(formatter, "{} s since 1970-01-01T00:00:00Z", self.0),
        }
    }
}

impl fmt::Display for For {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 4] = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
        let (mut rest, mut space) = (self.0, "");
        for (secs, name) in UNITS {
            let (count, left) = (rest / secs, rest % secs);
            rest = left;
            if count > 0 || (self.0 == 0 && secs == 1) {
                write!(formatter, "{space}{count} {name}{}", if count == 1 { "" } else { "s" })?;
                space = " ";
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_shown_as_far_as_the_calendar_goes() {
        assert_eq!(At(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(At(253_402_300_799).to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(At(253_402_300_800).to_string(), "253402300800 s since 1970-01-01T00:00:00Z");
        assert_eq!(At(u64::MAX - 1).to_string(), "18446744073709551614 s since 1970-01-01T00:00:00Z");
        assert_eq!(At(u64::MAX).to_string(), "forever");
    }

    #[test]
    fn durations_are_shown_to_the_second() {
        assert_eq!(For(0).to_string(), "0 seconds");
        assert_eq!(For(1).to_string(), "1 second");
        assert_eq!(For(30 * 86_400).to_string(), "30 days");
        assert_eq!(For(86_400 + 7_200 + 60 + 59).to_string(), "1 day 2 hours 1 minute 59 seconds");
    }
}
