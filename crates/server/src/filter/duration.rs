//! How long something is, as a filter says it.

/// The seconds of one or more whole numbers, each with its unit: `d`, `h`, `m` or `s`.
pub(super) fn duration_secs(text: &str) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    text.split_inclusive(|letter: char| !letter.is_ascii_digit()).try_fold(0_i64, |sum, part| {
        let unit_secs = match part.chars().next_back()? {
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        let count: i64 = part.get(..part.len() - 1)?.parse().ok()?;
        sum.checked_add(count.checked_mul(unit_secs)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_numbers_with_units() {
        for (text, due) in
            [("24h", 86_400), ("7d", 604_800), ("90m", 5_400), ("0s", 0), ("1d12h30m5s", 131_405)]
        {
            assert_eq!(duration_secs(text), Some(due), "{text}");
        }
        let long = "9".repeat(30);
        for bad in [
            "",
            "d",
            "7",
            "7 d",
            "-7d",
            "+7d",
            "7w",
            "7ms",
            "1.5h",
            "7ä",
            "d7",
            &format!("{long}s"),
            "200000000000000d",
        ] {
            assert_eq!(duration_secs(bad), None, "{bad}");
        }
    }
}
