//! The time axis that all bars of the page share, and the bars.

use std::fmt;

use certgate_facts::Timestamp;
use maud::{Markup, Render, html};

use super::date::date;
use super::urgency::{DAY_SECS, MONTH_DAYS, Urgency, Validity, words};

/// Most days that the axis goes on after now: a year and a month. What ends later runs off it.
const DAYS_MAX: i64 = 395;
/// Days between two marks, the first that makes few enough of them.
const STEPS_DAYS: [i64; 6] = [7, 14, 30, 60, 90, 180];
/// Most marks after now.
const MARKS_MAX: i64 = 5;

/// A stretch of time with now in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    from: i64,
    now: i64,
    to: i64,
}

/// Hundredths of a percent of the axis' width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place(i64);

impl Place {
    const END: Self = Self(10_000);
    /// The narrowest bar.
    const BAR_MIN: i64 = 60;
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{:02}%", self.0 / 100, self.0 % 100)
    }
}

impl Render for Place {
    fn render_to(&self, buffer: &mut String) {
        buffer.push_str(&self.to_string());
    }
}

impl Axis {
    /// One on which the ends of all these are, as far as they are within [`DAYS_MAX`]; a fifth of it, or more, is past.
    pub(super) fn over(validities: impl Iterator<Item = Validity> + Clone, now: Timestamp) -> Self {
        let now = now.unix_secs();
        let ends = validities.map(|validity| validity.last.unix_secs());
        let (earliest, latest) = (ends.clone().min().unwrap_or(now), ends.max().unwrap_or(now));
        let after = latest.saturating_sub(now).clamp(MONTH_DAYS * DAY_SECS, DAYS_MAX * DAY_SECS);
        let before = now.saturating_sub(earliest).saturating_add(DAY_SECS);
        let before = before.clamp(after / 4, DAYS_MAX * DAY_SECS);
        // A little room behind the last end.
        Self { from: now.saturating_sub(before), now, to: now.saturating_add(after + after / 40) }
    }

    fn place(&self, secs: i64) -> Place {
        let secs = secs.clamp(self.from, self.to);
        Place((secs - self.from) * Place::END.0 / (self.to - self.from))
    }

    /// Marks after now: how many days, and where.
    fn marks(&self) -> impl Iterator<Item = (i64, Place)> {
        let days = (self.to - self.now) / DAY_SECS;
        let step = STEPS_DAYS.into_iter().find(|step| days / step <= MARKS_MAX).unwrap_or(DAYS_MAX);
        (1..=days / step).map(move |count| (count * step, self.place(self.now + count * step * DAY_SECS)))
    }

    /// The words above the bars.
    pub(super) fn scale(&self) -> Markup {
        html! {
            svg.scale width="100%" height="20" aria-hidden="true" {
                text.now x=(self.place(self.now)) y="14" { "now" }
                // A word at the very end would be cut.
                @for (days, place) in self.marks().filter(|(_, place)| place.0 < 9_700) {
                    text x=(place) y="14" { "+" (days) " d" }
                }
            }
        }
    }

    /// The bar of one validity.
    pub(super) fn bar(&self, validity: Validity) -> Markup {
        let now = Timestamp::from_unix_secs(self.now);
        let (first, last) = (self.place(validity.first.unix_secs()), self.place(validity.last.unix_secs()));
        let width = Place((last.0 - first.0).max(Place::BAR_MIN));
        let left = Place(first.0.min(Place::END.0 - Place::BAR_MIN));
        html! {
            svg.bar width="100%" height="40" role="img" {
                title { "valid from " (date(validity.first)) ", " (words(validity, now)) }
                @for (_, place) in self.marks() {
                    line.mark x1=(place) x2=(place) y1="0" y2="100%" {}
                }
                rect class=(Urgency::of(validity, now).name()) x=(left) y="14" width=(width) height="13" rx="3" {}
                line.now x1=(self.place(self.now)) x2=(self.place(self.now)) y1="0" y2="100%" {}
            }
        }
    }
}

/// What the bars of the expired are filled with.
pub(super) fn patterns() -> Markup {
    html! {
        svg.patterns width="0" height="0" aria-hidden="true" {
            defs {
                pattern #hatch width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect.ground width="6" height="6" {}
                    rect.stripe width="3" height="6" {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 1_793_491_200;

    fn validity(first_days: i64, last_days: i64) -> Validity {
        let [first, last] =
            [first_days, last_days].map(|days| Timestamp::from_unix_secs(NOW + days * DAY_SECS));
        Validity { first, last }
    }

    fn axis(validities: &[Validity]) -> Axis {
        Axis::over(validities.iter().copied(), Timestamp::from_unix_secs(NOW))
    }

    fn days(axis: Axis) -> (i64, i64) {
        ((NOW - axis.from) / DAY_SECS, (axis.to - NOW) / DAY_SECS)
    }

    #[test]
    fn an_axis_holds_the_ends_of_all_that_end_within_a_year() {
        assert_eq!(days(axis(&[])), (7, 30));
        assert_eq!(days(axis(&[validity(-80, 10)])), (7, 30));
        assert_eq!(days(axis(&[validity(-20, 80), validity(-90, -5)])), (20, 82));
        assert_eq!(days(axis(&[validity(-90, -25), validity(-2, 3)])), (26, 30));
        assert_eq!(days(axis(&[validity(-10, 3650)])), (98, 404));
    }

    #[test]
    fn there_are_few_marks() {
        for last in 0..4000 {
            let axis = axis(&[validity(-1, last)]);
            assert!((1..=MARKS_MAX).contains(&i64::try_from(axis.marks().count()).unwrap()), "{last}");
        }
    }

    #[test]
    fn a_bar_tells_its_validity_in_words_too() {
        let of = validity(-10, 20);
        let bar = axis(&[of]).bar(of).into_string();
        for due in [
            r#"<title>valid from 2026-10-22, expires in 20 days</title>"#,
            r#"<rect class="month" x="0.00%" y="14" width="71.89%""#,
            r#"<line class="now" x1="19.60%""#,
        ] {
            assert!(bar.contains(due), "{due}: {bar}");
        }
    }

    proptest! {
        #[test]
        fn whatever_the_validity_a_bar_is_on_the_axis(first: i64, last: i64, other: i64, now: i64) {
            let [first, last, other, now] = [first, last, other, now].map(Timestamp::from_unix_secs);
            let one = Validity { first, last };
            let axis = Axis::over([one, Validity { first, last: other }].into_iter(), now);
            prop_assert!(axis.bar(one).into_string().contains("<rect"));
            for secs in [first, last, other] {
                let place = axis.place(secs.unix_secs());
                prop_assert!((Place(0)..=Place::END).contains(&place));
            }
        }
    }
}
