//! How soon a validity ends, in words.

use certgate_facts::Timestamp;

pub(super) const DAY_SECS: i64 = 86_400;
/// Days before an end from which it is soon.
pub(super) const WEEK_DAYS: i64 = 7;
/// Days before an end from which it is in sight.
pub(super) const MONTH_DAYS: i64 = 30;

/// From the first to the last second in which something is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) first: Timestamp,
    pub(super) last: Timestamp,
}

/// How soon a validity ends. Each has a name of its own, a sign of its own and words: colours are for those who see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    Expired,
    /// Within [`WEEK_DAYS`].
    Week,
    /// Within [`MONTH_DAYS`].
    Month,
    Later,
    /// It is not valid yet.
    Future,
}

impl Urgency {
    pub(super) fn of(validity: Validity, now: Timestamp) -> Self {
        let left = validity.last.unix_secs().saturating_sub(now.unix_secs());
        match left {
            ..0 => Self::Expired,
            _ if now < validity.first => Self::Future,
            _ if left < WEEK_DAYS * DAY_SECS => Self::Week,
            _ if left < MONTH_DAYS * DAY_SECS => Self::Month,
            _ => Self::Later,
        }
    }

    /// What the style sheet calls it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Week => "week",
            Self::Month => "month",
            Self::Later => "later",
            Self::Future => "future",
        }
    }

    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Expired => "✕",
            Self::Week => "▲",
            Self::Month => "●",
            Self::Later => "○",
            Self::Future => "…",
        }
    }
}

/// When a validity ends, or begins if it has not: `in 3 days`, `expired 2 hours ago`.
pub(super) fn words(validity: Validity, now: Timestamp) -> String {
    let (left, until) = (validity.last.unix_secs(), validity.first.unix_secs());
    let now_secs = now.unix_secs();
    match Urgency::of(validity, now) {
        Urgency::Expired => format!("expired {} ago", length(now_secs.saturating_sub(left))),
        Urgency::Future => format!("begins in {}", length(until.saturating_sub(now_secs))),
        _ => format!("expires in {}", length(left.saturating_sub(now_secs))),
    }
}

/// How long ago something was.
pub(super) fn ago(at: Timestamp, now: Timestamp) -> String {
    match now.unix_secs().saturating_sub(at.unix_secs()) {
        ..60 => "just now".to_owned(),
        secs => format!("{} ago", length(secs)),
    }
}

/// A length of time in its greatest fitting unit, rounded down.
fn length(secs: i64) -> String {
    let (count, unit) = match secs {
        ..60 => return "less than a minute".to_owned(),
        60..7200 => (secs / 60, "minute"),
        7200..172_800 => (secs / 3600, "hour"),
        172_800..63_072_000 => (secs / DAY_SECS, "day"),
        _ => (secs / (365 * DAY_SECS), "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_793_491_200;

    fn told(first: i64, last: i64) -> (Urgency, String) {
        let [first, last] = [first, last].map(|secs| Timestamp::from_unix_secs(NOW.saturating_add(secs)));
        let (validity, now) = (Validity { first, last }, Timestamp::from_unix_secs(NOW));
        (Urgency::of(validity, now), words(validity, now))
    }

    #[test]
    fn an_end_is_told_in_words_of_its_distance() {
        let day = DAY_SECS;
        for (first, last, urgency, words) in [
            (-9 * day, -1, Urgency::Expired, "expired less than a minute ago"),
            (-9 * day, -3 * day, Urgency::Expired, "expired 3 days ago"),
            (-9 * day, 0, Urgency::Week, "expires in less than a minute"),
            (-9 * day, 60, Urgency::Week, "expires in 1 minute"),
            (-9 * day, 7 * day - 1, Urgency::Week, "expires in 6 days"),
            (-9 * day, 7 * day, Urgency::Month, "expires in 7 days"),
            (-9 * day, 30 * day, Urgency::Later, "expires in 30 days"),
            (-9 * day, 40 * 3600, Urgency::Week, "expires in 40 hours"),
            (-9 * day, i64::MAX, Urgency::Later, "expires in 292471208620 years"),
            (3 * day, 5 * day, Urgency::Future, "begins in 3 days"),
            (3 * day, -5 * day, Urgency::Expired, "expired 5 days ago"),
        ] {
            assert_eq!(told(first, last), (urgency, words.to_owned()), "{first} {last}");
        }
    }

    #[test]
    fn what_is_past_is_told_in_words() {
        let at = |secs| ago(Timestamp::from_unix_secs(NOW - secs), Timestamp::from_unix_secs(NOW));
        assert_eq!((at(0).as_str(), at(-5).as_str()), ("just now", "just now"));
        assert_eq!((at(90).as_str(), at(3 * DAY_SECS).as_str()), ("1 minute ago", "3 days ago"));
    }
}
