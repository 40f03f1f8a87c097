//! Identifiers that sort by the second they were made in: 27 letters and digits for 20 bytes.

use std::fmt;

use crate::id::IdError;
use crate::timestamp::Timestamp;

/// Seconds since 1970-01-01T00:00:00Z at which the time of a KSUID begins: 2014-05-13T16:53:20Z.
const EPOCH_SECS: i64 = 1_400_000_000;
/// How many letters and digits a KSUID has.
pub const KSUID_LETTERS: usize = 27;
const BYTES: usize = 20;
/// How many digits are worked out at once: as many as four bytes hold.
const ROUND_DIGITS: usize = 5;
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
        let digits: Vec<u8> = text.chars().map(digit).collect::<Option<_>>().ok_or(IdError::Alphabet)?;
        if digits.len() != KSUID_LETTERS {
            return Err(IdError::Length { letters: digits.len() });
        }
        let mut words = [0; BYTES / 4];
        for round in digits.rchunks(ROUND_DIGITS).rev() {
            let (value, power) = round
                .iter()
                .fold((0, 1), |(value, power), digit| (value * 62 + u64::from(*digit), power * 62));
            // What was read so far, times that power, plus the round.
            let carry = words.iter_mut().rev().fold(value, |carry, word: &mut u32| {
                let (high, low) = halves(u64::from(*word) * power + carry);
                *word = low;
                u64::from(high)
            });
            if carry != 0 {
                return Err(IdError::Overflow);
            }
        }
        let mut bytes = [0; BYTES];
        for (four, word) in bytes.chunks_mut(4).zip(words) {
            four.copy_from_slice(&word.to_be_bytes());
        }
        Ok(Self(bytes))
    }
}

/// What a letter or digit stands for.
fn digit(letter: char) -> Option<u8> {
    let byte = u8::try_from(letter).ok()?;
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'Z' => Some(byte - b'A' + 10),
        b'a'..=b'z' => Some(byte - b'a' + 36),
        _ => None,
    }
}

/// The upper four bytes, and the lower ones.
fn halves(value: u64) -> (u32, u32) {
    let [a, b, c, d, low @ ..] = value.to_be_bytes();
    (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes(low))
}

impl fmt::Display for Ksuid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ROUND: u64 = 62_u64.pow(5);
        let mut words = [0_u32; BYTES / 4];
        for (word, four) in words.iter_mut().zip(self.0.chunks(4)) {
            *word = four.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
        }
        let mut text = [b'0'; KSUID_LETTERS];
        for letters in text.rchunks_mut(ROUND_DIGITS) {
            let mut rest = words.iter_mut().fold(0, |rest, word| {
                let value = rest << 32 | u64::from(*word);
                *word = halves(value / ROUND).1;
                value % ROUND
            });
            for letter in letters.iter_mut().rev() {
                *letter = usize::try_from(rest % 62).map_or(b'0', |digit| ALPHABET[digit]);
                rest /= 62;
            }
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
