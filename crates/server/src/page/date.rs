//! Moments, as people read them.

use certgate_facts::Timestamp;
use maud::{Markup, html};

/// A moment to the minute: `2026-11-01 09:30 UTC`; its exact time is there for programs.
pub(super) fn moment(at: Timestamp) -> Markup {
    let exact = at.to_string();
    match parts(&exact) {
        Some((day, minute)) => html! { time datetime=(exact) { (day) " " (minute) " UTC" } },
        None => html! { (exact) },
    }
}

/// The day of a moment: `2026-11-01`.
pub(super) fn date(at: Timestamp) -> String {
    let exact = at.to_string();
    parts(&exact).map_or_else(|| exact.clone(), |(day, _)| day.to_owned())
}

/// Day and minute of RFC 3339; nothing for a moment that is beyond its calendar.
fn parts(exact: &str) -> Option<(&str, &str)> {
    let (day, time) = exact.split_once('T')?;
    let minute = time.get(..5).filter(|_| day.len() == "2026-11-01".len())?;
    Some((day, minute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_to_the_minute_and_the_day() {
        let at: Timestamp = "2026-11-01T09:30:59Z".parse().unwrap();
        let due = r#"<time datetime="2026-11-01T09:30:59Z">2026-11-01 09:30 UTC</time>"#;
        assert_eq!((moment(at).into_string(), date(at)), (due.to_owned(), "2026-11-01".to_owned()));
        let beyond = Timestamp::from_unix_secs(i64::MAX);
        assert_eq!((moment(beyond).into_string(), date(beyond)), (beyond.to_string(), beyond.to_string()));
    }
}
