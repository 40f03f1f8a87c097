//! Identifiers that sort by the second they were made in: 27 letters and digits for 20 bytes.

use std::fmt;

use crate::id::IdError;
use crate::timestamp::Timestamp;

/// Seconds since 1970-01-01T00:00:00Z at which the time of a KSUID begins: 2014-05-13T16:53:20Z.
const EPOCH_SECS: i64 = 1_400_000_000;
/// How many letters and digits a KSUID has.
pub const KSUID_LETTERS: usize = 27;
const BYTES: usize = 20;
/// In the order of ASCII: texts sort as the bytes do.
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A KSUID: four bytes of time, sixteen of chance. Orders by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ksuid([u8; BYTES]);

impl Ksuid {
    /// Of a moment and sixteen bytes, which should be random; `None` for a moment before 2014-05-13T16:53:20Z or after
    /// the 136 years that four bytes can count.
    #[must_use]
    pub fn new(made_at: Timestamp, random: [u8; 16]) -> Option<Self> {
        let secs = u32::try_from(made_at.unix_secs() - EPOCH_SECS).ok()?;
        let mut bytes = [0; BYTES];
        bytes[..4].copy_from_slice(&secs.to_be_bytes());
        bytes[4..].copy_from_slice(&random);
        Some(Self(bytes))
    }

    /// When it was made, to the second.
    #[must_use]
    pub fn made_at(self) -> Timestamp {
        let [a, b, c, d, ..] = self.0;
        let secs = i64::from(u32::from_be_bytes([a, b, c, d])) + EPOCH_SECS;
        // Four bytes of seconds end in the year 2150.
        Timestamp::from_unix_secs(secs).unwrap_or(Timestamp::EPOCH)
    }

    /// Reads 27 letters and digits.
    pub(crate) fn read(text: &str) -> Result<Self, IdError> {
        let digits: Vec<u8> = text
            .chars()
            .map(|letter| ALPHABET.iter().position(|known| char::from(*known) == letter))
            .map(|position| position.and_then(|value| u8::try_from(value).ok()))
            .collect::<Option<_>>()
            .ok_or(IdError::Alphabet)?;
        if digits.len() != KSUID_LETTERS {
            return Err(IdError::Length { letters: digits.len() });
        }
        let mut bytes = [0; BYTES];
        for digit in digits {
            // What was read so far, times 62, plus the digit.
            let carry = bytes.iter_mut().rev().fold(u16::from(digit), |carry, byte| {
                let [high, low] = (u16::from(*byte) * 62 + carry).to_be_bytes();
                *byte = low;
                u16::from(high)
            });
            if carry != 0 {
                return Err(IdError::Overflow);
            }
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Ksuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.0;
        let mut text = [b'0'; KSUID_LETTERS];
        for letter in text.iter_mut().rev() {
            let remainder = bytes.iter_mut().fold(0_u16, |remainder, byte| {
                let value = remainder * 256 + u16::from(*byte);
                *byte = u8::try_from(value / 62).unwrap_or_default();
                value % 62
            });
            *letter = ALPHABET[usize::from(remainder)];
        }
        formatter.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Ksuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_time_in_an_id_is_that_of_its_creation() {
        // Those of the API's published examples.
        let made_at = |text| Ksuid::read(text).unwrap().made_at().to_string();
        assert_eq!(made_at("2rwwl6y1UCOM1WjSQhSj2VPegVh"), "2025-01-21T18:19:52Z");
        assert_eq!(made_at("2rwwiJpwl6XDu1WKzHVQuLm5oPo"), "2025-01-21T18:19:30Z");
        assert_eq!(made_at("2rwwl4Y81Rw2C9CbleWWfl7v3Js"), "2025-01-21T18:19:52Z");
        assert_eq!(made_at("2rwwl5w69mehWeDVlbshgAxOzQS"), "2025-01-21T18:19:52Z");
    }

    #[test]
    fn the_largest_is_the_last() {
        let largest = "aWgEPTl1tmebfsQzFP4bxwgy80V";
        assert_eq!(Ksuid::read(largest).unwrap(), Ksuid([255; BYTES]));
        assert_eq!(Ksuid::read("aWgEPTl1tmebfsQzFP4bxwgy80W"), Err(IdError::Overflow));
        assert_eq!(Ksuid::read(&"z".repeat(KSUID_LETTERS)), Err(IdError::Overflow));
        assert_eq!(Ksuid::read(&"0".repeat(KSUID_LETTERS)).unwrap(), Ksuid([0; BYTES]));
        assert_eq!(Ksuid([255; BYTES]).made_at().to_string(), "2150-06-19T23:21:35Z");
    }

    #[test]
    fn only_moments_that_four_bytes_can_count_make_one() {
        let made =
            |text: &str| Ksuid::new(text.parse().unwrap(), [7; 16]).map(|ksuid| ksuid.made_at().to_string());
        assert_eq!(made("2014-05-13T16:53:20Z").unwrap(), "2014-05-13T16:53:20Z");
        assert_eq!(made("2014-05-13T16:53:19Z"), None);
        assert_eq!(made("2150-06-19T23:21:35Z").unwrap(), "2150-06-19T23:21:35Z");
        assert_eq!(made("2150-06-19T23:21:36Z"), None);
    }

    proptest! {
        #[test]
        fn every_one_is_read_as_it_is_written_and_texts_sort_as_they_do(one: [u8; BYTES], other: [u8; BYTES]) {
            let (one, other) = (Ksuid(one), Ksuid(other));
            prop_assert_eq!(Ksuid::read(&one.to_string()).unwrap(), one);
            prop_assert_eq!(one.cmp(&other), one.to_string().cmp(&other.to_string()));
        }
    }
}
