//! A length of time, as it is typed.

use std::fmt;
use std::str::FromStr;

/// Whole seconds, more than none; typed and shown as `30d`, `12h`, `1d12h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lifetime {
    secs: u64,
}

/// A text that is no length of time.
#[derive(Clone, Debug)]
pub(crate) struct NotALifetime;

const UNITS: [(char, u64); 5] = [('w', 604_800), ('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

impl Lifetime {
    pub(crate) const fn secs(self) -> u64 {
        self.secs
    }

    pub(crate) const fn of_secs(secs: u64) -> Self {
        Self { secs }
    }
}

impl FromStr for Lifetime {
    type Err = NotALifetime;

    /// Numbers, each with its unit: `w`, `d`, `h`, `m` or `s`.
    fn from_str(text: &str) -> Result<Self, NotALifetime> {
        let mut secs = 0_u64;
        let mut rest = text;
        while !rest.is_empty() {
            let digits = rest.find(|letter: char| !letter.is_ascii_digit()).ok_or(NotALifetime)?;
            let (number, after) = rest.split_at(digits);
            let mut letters = after.chars();
            let unit = letters.next().ok_or(NotALifetime)?;
            let (_, of_unit) = UNITS.into_iter().find(|(letter, _)| *letter == unit).ok_or(NotALifetime)?;
            let number: u64 = number.parse().map_err(|_| NotALifetime)?;
            secs = number.checked_mul(of_unit).and_then(|more| secs.checked_add(more)).ok_or(NotALifetime)?;
            rest = letters.as_str();
        }
        if secs == 0 { Err(NotALifetime) } else { Ok(Self { secs }) }
    }
}

impl fmt::Display for Lifetime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = self.secs;
        for (letter, of_unit) in UNITS.into_iter().skip(1) {
            if left >= of_unit {
                write!(formatter, "{}{letter}", left / of_unit)?;
                left %= of_unit;
            }
        }
        Ok(())
    }
}

impl fmt::Display for NotALifetime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "not a length of time: expected numbers with units, such as 30d, 12h or 1d12h (w d h m s)",
        )
    }
}

impl std::error::Error for NotALifetime {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_shown() {
        for (text, secs, shown) in [
            ("30d", 2_592_000, "30d"),
            ("1d12h", 129_600, "1d12h"),
            ("2w", 1_209_600, "14d"),
            ("90s", 90, "1m30s"),
        ] {
            let lifetime: Lifetime = text.parse().unwrap();
            assert_eq!((lifetime.secs(), lifetime.to_string()), (secs, shown.to_owned()));
        }
        for bad in
            ["", "30", "d", "30 d", "-1d", "0d", "1y", "99999999999999999999d", "18446744073709551615w"]
        {
            assert!(bad.parse::<Lifetime>().is_err(), "{bad}");
        }
    }
}
