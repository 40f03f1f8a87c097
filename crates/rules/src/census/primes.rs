//! Which of many RSA moduli have a prime in common.

use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigUint;

/// Moduli that are compared; those behind are not, which the page of the rule says.
const MODULI_MAX: usize = 512;
/// Pairs of moduli that are looked into once something showed: enough for some dozens of weak keys among the others.
const PAIRS_MAX: usize = 4096;
/// Bytes of a modulus that is compared: what clients take.
pub(super) const MODULUS_BYTES_MAX: usize = 1024;

/// A key's digest, what it stands in, and its modulus.
pub(super) type Key<'a> = ([u8; 32], &'a str, &'a [u8]);

/// For each key that shares a prime with another: what the first such one stands in.
///
/// Each modulus is compared with the product of all before it, and with each of these only where that shows something.
pub(super) fn relatives(keys: &[Key<'_>]) -> BTreeMap<[u8; 32], Box<str>> {
    let mut relatives = BTreeMap::new();
    let mut product = BigUint::from(1_u32);
    let mut before: Vec<(&Key<'_>, BigUint)> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut pairs = 0;
    for key in keys.iter().take(MODULI_MAX).filter(|key| seen.insert(key.2)) {
        let modulus = BigUint::from_bytes_be(key.2);
        if pairs < PAIRS_MAX && shares_a_factor(&modulus, &product) {
            pairs += before.len();
            for (other, _) in before.iter().filter(|(_, other)| shares_a_factor(&modulus, other)) {
                relatives.entry(key.0).or_insert_with(|| other.1.into());
                relatives.entry(other.0).or_insert_with(|| key.1.into());
            }
        }
        product *= &modulus;
        before.push((key, modulus));
    }
    relatives
}

/// Euclid's algorithm; not where one of them is zero or the two are equal, which is one modulus under two exponents.
fn shares_a_factor(modulus: &BigUint, other: &BigUint) -> bool {
    if modulus == other || modulus.bits() == 0 || other.bits() == 0 {
        return false;
    }
    let (mut larger, mut smaller) = (modulus.clone(), other % modulus);
    while smaller.bits() > 0 {
        (larger, smaller) = (smaller.clone(), larger % smaller);
    }
    larger.bits() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(moduli: &[u32]) -> Vec<(u8, String)> {
        let bytes: Vec<_> = moduli.iter().map(|modulus| modulus.to_be_bytes()).collect();
        let names: Vec<_> = (0..moduli.len()).map(|number| number.to_string()).collect();
        let keys: Vec<Key<'_>> = (0_u8..)
            .zip(bytes.iter().zip(&names))
            .map(|(number, (bytes, name))| ([number; 32], &**name, &bytes[..]))
            .collect();
        relatives(&keys).into_iter().map(|(key, other)| (key[0], other.into())).collect()
    }

    #[test]
    fn each_of_those_that_share_a_prime_names_the_first_other() {
        let named = |pairs: &[(u8, &str)]| {
            pairs.iter().map(|(key, other)| (*key, (*other).to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(of(&[101 * 103, 107 * 109, 113 * 127]), named(&[]));
        assert_eq!(of(&[101 * 103, 107 * 109, 103 * 127]), named(&[(0, "2"), (2, "0")]));
        let three = [101 * 103, 103 * 127, 101 * 127];
        assert_eq!(of(&three), named(&[(0, "1"), (1, "0"), (2, "0")]));
        assert_eq!(of(&[101 * 103, 101 * 103, 0, 1]), named(&[]));
    }

    #[test]
    fn pairs_are_looked_into_up_to_a_limit() {
        let moduli: Vec<[u8; 4]> =
            (0..200_u32).map(|number| (3 * (2 * number + 101)).to_be_bytes()).collect();
        let keys: Vec<Key<'_>> =
            (0_u8..).zip(&moduli).map(|(number, bytes)| ([number; 32], "", &bytes[..])).collect();
        let found = relatives(&keys).len();
        // The pairs of 91 keys are 4095, and one more key is looked at.
        assert_eq!(found, 92, "{PAIRS_MAX}");
    }

    #[test]
    fn moduli_behind_the_limit_are_not_compared() {
        let many = |count: usize| -> bool {
            let bytes = 15_u32.to_be_bytes();
            let last = 21_u32.to_be_bytes();
            let keys: Vec<Key<'_>> = vec![([0; 32], "first", &bytes[..]); count - 1];
            relatives(&[&keys[..], &[([1; 32], "last", &last[..])]].concat()).contains_key(&[1; 32])
        };
        assert!(many(MODULI_MAX));
        assert!(!many(MODULI_MAX + 1));
    }
}
