//! Square roots of large numbers, and which numbers can have one.

use num_bigint::BigUint;

use super::residues::digit;

/// The largest number whose square is not larger, by Zimmermann's recursion: the root of the upper half of the bits, and one
/// division for the lower half.
pub(super) fn floor(number: &BigUint) -> BigUint {
    // Some zero bits more make the length fit: the root has half as many of them too many.
    let length = number.bits().next_multiple_of(4);
    let shift = length - number.bits();
    let even = shift - shift % 2;
    root_and_rest(&(number << even)).0 >> (even / 2)
}

/// The root of a number whose two highest bits, counted to a multiple of four, are not both zero; and what is left.
fn root_and_rest(number: &BigUint) -> (BigUint, BigUint) {
    if let Ok(small) = u128::try_from(number) {
        let root = small.isqrt();
        return (root.into(), (small - root * root).into());
    }
    let quarter = number.bits().div_ceil(4);
    let mask = (BigUint::from(1_u32) << quarter) - 1_u32;
    let (upper_root, upper_rest) = root_and_rest(&(number >> (2 * quarter)));
    let middle = (number >> quarter) & &mask;
    let numerator = (upper_rest << quarter) + middle;
    let divisor = &upper_root << 1_u32;
    let (quotient, rest) = (&numerator / &divisor, &numerator % &divisor);
    let mut root = (upper_root << quarter) + &quotient;
    let mut rest = (rest << quarter) + (number & mask);
    let square = &quotient * &quotient;
    while rest < square {
        // One too many: (r − 1)² is r² less 2r − 1.
        rest += (&root << 1_u32) - 1_u32;
        root -= 1_u32;
    }
    (root, rest - square)
}

/// A modulus by which few numbers are squares, and which they are, one bit for each.
const fn sieve(modulus: u64) -> (u64, u128) {
    let (mut root, mut squares) = (0, 0_u128);
    while root < modulus {
        squares |= 1 << (root * root % modulus);
        root += 1;
    }
    (modulus, squares)
}

/// Their product is a digit.
const SIEVES: [(u64, u128); 9] =
    [sieve(64), sieve(63), sieve(65), sieve(11), sieve(17), sieve(19), sieve(23), sieve(29), sieve(31)];

/// Which rounds of Fermat's method can be the last, without large numbers: one in some thousands.
pub(super) struct Sieve {
    first: u64,
    modulus: u64,
}

impl Sieve {
    /// For the number that the first round tries, and the modulus.
    pub(super) fn of(first: &BigUint, modulus: &BigUint) -> Self {
        let product = SIEVES.iter().map(|(sieve, _)| sieve).product();
        Self { first: digit(first, product), modulus: digit(modulus, product) }
    }

    pub(super) fn lets_pass(&self, round: u64) -> bool {
        SIEVES.iter().all(|(sieve, squares)| {
            let a = (self.first % sieve + round) % sieve;
            squares >> ((a * a + sieve - self.modulus % sieve) % sieve) & 1 == 1
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_root_is_the_largest_number_whose_square_is_not_larger(bytes: Vec<u8>, zeros in 0_usize..40) {
            let number = BigUint::from_bytes_be(&[bytes, vec![0; zeros]].concat());
            let root = floor(&number);
            prop_assert!(&root * &root <= number);
            let next = root + 1_u32;
            prop_assert!(&next * &next > number);
        }

        #[test]
        fn a_square_has_its_root_and_passes_every_sieve(bytes: Vec<u8>, a: u64, round in 0_u64..100) {
            let root = BigUint::from_bytes_be(&bytes);
            prop_assert_eq!(floor(&(&root * &root)), root);
            // a² − n is a square where n is a² − b².
            let b = BigUint::from(a / 2);
            let last = BigUint::from(a) + round;
            let modulus = &last * &last - &b * &b;
            prop_assert!(Sieve::of(&BigUint::from(a), &modulus).lets_pass(round));
        }
    }
}
