//! Parts of a lifetime.

use std::str::FromStr;
use std::{error, fmt};

/// Parts of a whole.
const WHOLE: u32 = 1_000_000;
/// Most digits after the point of a fraction.
const DIGITS_MAX: usize = 6;

/// A part of a lifetime: more than none of it and less than all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    millionths: u32,
}

/// A text that is not a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAFraction;

impl fmt::Display for NotAFraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not a fraction: expected one between 0 and 1, such as 0.33, with {DIGITS_MAX} digits at most"
        )
    }
}

impl error::Error for NotAFraction {}

/// Reads `0.33` or `.5`.
impl FromStr for Fraction {
    type Err = NotAFraction;

    fn from_str(text: &str) -> Result<Self, NotAFraction> {
        let digits = match text.split_once('.') {
            Some(("" | "0", digits)) if digits.len() <= DIGITS_MAX => digits,
            _ => return Err(NotAFraction),
        };
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotAFraction);
        }
        match format!("{digits:0<DIGITS_MAX$}").parse() {
            Ok(millionths) if millionths > 0 => Ok(Self { millionths }),
            _ => Err(NotAFraction),
        }
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:0DIGITS_MAX$}", self.millionths);
        write!(f, "0.{}", digits.trim_end_matches('0'))
    }
}

impl Fraction {
    /// A third, as near as it comes.
    pub const THIRD: Self = Self { millionths: WHOLE / 3 };

    /// This part of a number of seconds, rounded down.
    #[must_use]
    pub fn of_secs(self, secs: u64) -> u64 {
        let part = u128::from(secs) * u128::from(self.millionths) / u128::from(WHOLE);
        u64::try_from(part).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_read_exactly_and_none_and_all_are_none() {
        for (text, shown) in [("0.33", "0.33"), (".5", "0.5"), ("0.000001", "0.000001"), ("0.500000", "0.5")]
        {
            assert_eq!(text.parse::<Fraction>().map(|fraction| fraction.to_string()), Ok(shown.to_owned()));
        }
        for text in
            ["0", "1", "1.0", "0.0", "0.", ".", "", "-0.5", "0.+5", "33%", "0.0000001", "0.5e1", "1/3"]
        {
            assert_eq!(text.parse::<Fraction>(), Err(NotAFraction), "{text}");
        }
    }
}
