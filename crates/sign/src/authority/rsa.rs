//! RSA private keys: eight numbers for the provider (RFC 8017 §A.1.2), six in OpenSSH's format (PROTOCOL.key).

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::signature::RsaKeyPair;
use zeroize::Zeroizing;

use super::der::{self, Elements, INTEGER, OCTET_STRING, SEQUENCE};
use super::import::damaged;
use crate::error::Error;

/// The six numbers of OpenSSH's format, big-endian.
pub(super) struct Numbers<'a> {
    pub(super) modulus: &'a [u8],
    pub(super) exponent: &'a [u8],
    pub(super) private_exponent: &'a [u8],
    /// The inverse of the second prime modulo the first.
    pub(super) coefficient: &'a [u8],
    pub(super) prime_1: &'a [u8],
    pub(super) prime_2: &'a [u8],
}

/// Modulus and exponent of an `RSAPublicKey` (RFC 8017 §A.1.1).
pub(super) fn public_numbers(public_key: &[u8]) -> Result<(&[u8], &[u8]), Error> {
    let read = || {
        let mut numbers = Elements::of(Elements::of(public_key).due(SEQUENCE)?);
        Some((numbers.due(INTEGER)?, numbers.due(INTEGER)?))
    };
    read().ok_or(Error::ProviderFailed { what: "to write the public key" })
}

/// The key pair of these numbers. The provider checks that they belong together.
pub(super) fn pair(numbers: &Numbers<'_>) -> Result<RsaKeyPair, Error> {
    let [modulus, private_exponent, prime_1, prime_2] =
        [numbers.modulus, numbers.private_exponent, numbers.prime_1, numbers.prime_2]
            .map(crate::wire::without_leading_zeros);
    // Bounds the work below: the primes are half as long as the modulus, the exponent no longer than it.
    if private_exponent.len() > modulus.len() || prime_1.len().max(prime_2.len()) > modulus.len() {
        return Err(damaged("its numbers are too long for its modulus"));
    }
    let exponent_1 = remainder(private_exponent, &less_one(prime_1)?);
    let exponent_2 = remainder(private_exponent, &less_one(prime_2)?);
    let mut content = Zeroizing::new(Vec::with_capacity(modulus.len() * 6));
    for number in [
        &[0][..],
        modulus,
        numbers.exponent,
        private_exponent,
        prime_1,
        prime_2,
        &exponent_1,
        &exponent_2,
        numbers.coefficient,
    ] {
        content.extend_from_slice(&der::write_unsigned(number));
    }
    RsaKeyPair::from_der(&der::write(SEQUENCE, &content))
        .map_err(|_| damaged("its numbers do not belong together"))
}

/// Gives a pair's numbers to `take`.
pub(super) fn with_numbers<T>(pair: &RsaKeyPair, take: impl FnOnce(&Numbers<'_>) -> T) -> Result<T, Error> {
    let failed = Error::ProviderFailed { what: "to give out the key" };
    let Ok(pkcs8) = pair.as_der() else { return Err(failed) };
    let read = || {
        let mut info = Elements::of(Elements::of(pkcs8.as_ref()).due(SEQUENCE)?);
        info.due(INTEGER)?;
        info.due(SEQUENCE)?;
        let mut key = Elements::of(Elements::of(info.due(OCTET_STRING)?).due(SEQUENCE)?);
        let mut number = || key.due(INTEGER);
        let (_version, modulus, exponent, private_exponent) = (number()?, number()?, number()?, number()?);
        let (prime_1, prime_2, _, _, coefficient) = (number()?, number()?, number()?, number()?, number()?);
        Some(Numbers { modulus, exponent, private_exponent, coefficient, prime_1, prime_2 })
    };
    match read() {
        Some(numbers) => Ok(take(&numbers)),
        None => Err(failed),
    }
}

/// One less than an odd number.
fn less_one(prime: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut number = Zeroizing::new(prime.to_vec());
    match number.last_mut() {
        Some(last) if *last & 1 == 1 && prime != [1] => *last -= 1,
        _ => return Err(damaged("one of its primes is none")),
    }
    Ok(number)
}

/// What is left of `number` after division by `divisor`, both big-endian; the divisor is not zero.
///
/// Bit by bit, with the same steps whatever the bits are: it is done once for each key that is read, and on secrets.
fn remainder(number: &[u8], divisor: &[u8]) -> Zeroizing<Vec<u8>> {
    let divisor = limbs(divisor);
    let mut rest = Zeroizing::new(vec![0_u32; divisor.len()]);
    let mut reduced = Zeroizing::new(vec![0_u32; divisor.len()]);
    for byte in number {
        for place in (0..8).rev() {
            let mut carry = u32::from(byte >> place & 1);
            for limb in rest.iter_mut() {
                let top = *limb >> 31;
                *limb = *limb << 1 | carry;
                carry = top;
            }
            let mut borrow = false;
            for ((to, from), less) in reduced.iter_mut().zip(rest.iter()).zip(divisor.iter()) {
                let (difference, under) = from.overflowing_sub(*less);
                let (difference, under_again) = difference.overflowing_sub(u32::from(borrow));
                (*to, borrow) = (difference, under | under_again);
            }
            // All ones if the difference is the remainder: it did not borrow.
            let keep = u32::from(borrow).wrapping_sub(1);
            for (to, from) in rest.iter_mut().zip(reduced.iter()) {
                *to = *to & !keep | *from & keep;
            }
        }
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(rest.len() * 4));
    rest.iter().rev().for_each(|limb| bytes.extend_from_slice(&limb.to_be_bytes()));
    bytes
}

/// A big-endian number in limbs of 32 bits, lowest first, with one above for what doubling carries.
fn limbs(number: &[u8]) -> Zeroizing<Vec<u32>> {
    let mut limbs = Zeroizing::new(Vec::with_capacity(number.len() / 4 + 2));
    for chunk in number.rchunks(4) {
        limbs.push(chunk.iter().fold(0, |limb, byte| limb << 8 | u32::from(*byte)));
    }
    limbs.push(0);
    limbs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remainders_are_those_of_division() {
        for (number, divisor) in [
            (0_u128, 7_u128),
            (6, 7),
            (7, 7),
            (u128::MAX, 3),
            (u128::MAX, u128::MAX - 1),
            (0xdead_beef_0123_4567_89ab_cdef, 0xffff_ffff),
            (0xdead_beef_0123_4567_89ab_cdef, 0x1_0000_0001),
            (12_345_678_901_234_567_890_123, 0x8000_0000_0000_0000),
        ] {
            let found = remainder(&number.to_be_bytes(), &divisor.to_be_bytes());
            let mut value = [0; 16];
            value.copy_from_slice(&found[found.len() - 16..]);
            assert_eq!(u128::from_be_bytes(value), number % divisor, "{number} mod {divisor}");
        }
    }

    #[test]
    fn what_is_not_a_prime_is_refused() {
        for prime in [&[][..], &[1], &[4], &[0x11, 0x10]] {
            assert!(less_one(prime).is_err(), "{prime:?}");
        }
        assert_eq!(*less_one(&[1, 1]).unwrap(), [1, 0]);
    }
}
