//! Certificate serial numbers (RFC 5280 §4.1.2.2).

use std::fmt;

/// A serial number; shown as the API writes it: lower-case hexadecimal of the magnitude's bytes, two digits each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Serial {
    magnitude: Vec<u8>,
    negative: bool,
}

impl Serial {
    /// From the content of a DER INTEGER: big-endian two's complement.
    #[must_use]
    pub fn from_der_integer(content: &[u8]) -> Self {
        let negative = content.first().is_some_and(|byte| byte & 0x80 != 0);
        let mut magnitude = content.to_vec();
        if negative {
            negate(&mut magnitude);
        }
        let zeros = magnitude.iter().take_while(|byte| **byte == 0).count();
        magnitude.drain(..zeros);
        Self { magnitude, negative }
    }

    /// The absolute value, big-endian, without leading zero bytes; empty for zero.
    #[must_use]
    pub fn magnitude(&self) -> &[u8] {
        &self.magnitude
    }

    /// Whether the number is below zero, which RFC 5280 forbids.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.negative
    }
}

fn negate(twos_complement: &mut [u8]) {
    let mut carry = true;
    for byte in twos_complement.iter_mut().rev() {
        let (sum, overflow) = (!*byte).overflowing_add(u8::from(carry));
        *byte = sum;
        carry = overflow;
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.magnitude.is_empty() {
            return formatter.write_str("00");
        }
        self.magnitude.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(content: &[u8]) -> String {
        Serial::from_der_integer(content).to_string()
    }

    #[test]
    fn serials_keep_their_leading_zero_digit_and_lose_the_sign_byte() {
        assert_eq!(shown(&[0x05, 0x4b]), "054b");
        assert_eq!(shown(&[0x00, 0xff]), "ff");
        assert_eq!(shown(&[0x00]), "00");
        assert_eq!(shown(&[]), "00");
    }

    #[test]
    fn negative_serials_are_shown_by_magnitude() {
        assert_eq!(shown(&[0xff]), "01");
        assert_eq!(shown(&[0x80, 0x00]), "8000");
        assert!(Serial::from_der_integer(&[0xff]).is_negative());
    }
}
