//! What is left of a modulus by small primes.

use std::sync::LazyLock;

use num_bigint::BigUint;

/// Primes below this may not divide a modulus (Baseline Requirements §6.1.6).
const SMALL_FACTOR_LIMIT: u64 = 752;
/// The last prime of the fingerprint of CVE-2017-15361.
const ROCA_PRIME_MAX: u64 = 167;

/// Small primes whose product is a digit: the modulus is divided once for all of them.
struct Group {
    product: u64,
    primes: Vec<u64>,
}

impl Group {
    /// The groups of primes up to a limit.
    fn all_up_to(limit: u64) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for prime in primes_up_to(limit) {
            match groups.last_mut().and_then(|last| Some((last.product.checked_mul(prime)?, last))) {
                Some((product, last)) => {
                    last.product = product;
                    last.primes.push(prime);
                }
                None => groups.push(Self { product: prime, primes: vec![prime] }),
            }
        }
        groups
    }

    /// What is left of `number` by each prime.
    fn residues<'a>(&'a self, number: &BigUint) -> impl Iterator<Item = (u64, u64)> + 'a {
        let rest = digit(number, self.product);
        self.primes.iter().map(move |prime| (*prime, rest % prime))
    }
}

/// What is left of `number` by `divisor`, as a digit.
pub(super) fn digit(number: &BigUint, divisor: u64) -> u64 {
    u64::try_from(number % divisor).unwrap_or_default()
}

fn primes_up_to(limit: u64) -> impl Iterator<Item = u64> {
    (2..=limit).filter(|number| (2..*number).take_while(|d| d * d <= *number).all(|d| number % d != 0))
}

/// All primes below [`SMALL_FACTOR_LIMIT`], and the product of them all.
static SMALL: LazyLock<(BigUint, Vec<Group>)> = LazyLock::new(|| {
    let groups = Group::all_up_to(SMALL_FACTOR_LIMIT - 1);
    (groups.iter().map(|group| group.product).product(), groups)
});

pub(super) fn small_factor(modulus: &BigUint) -> Option<u64> {
    let (product, groups) = &*SMALL;
    let rest = modulus % product;
    let divides = |group: &Group| group.residues(&rest).find(|(_, residue)| *residue == 0);
    groups.iter().find_map(divides).map(|(prime, _)| prime)
}

/// For each odd prime up to [`ROCA_PRIME_MAX`], which residues are powers of 65537.
static ROCA: LazyLock<Vec<(Group, Vec<Vec<bool>>)>> = LazyLock::new(|| {
    let odd = Group::all_up_to(ROCA_PRIME_MAX).into_iter();
    odd.map(|group| {
        let powers = group.primes.iter().map(|prime| powers_of_65537(*prime)).collect();
        (group, powers)
    })
    .collect()
});

fn powers_of_65537(prime: u64) -> Vec<bool> {
    let mut power = 1 % prime;
    let mut powers = vec![false; usize::try_from(prime).unwrap_or_default()];
    while let Some(is_power) = usize::try_from(power).ok().and_then(|at| powers.get_mut(at))
        && !*is_power
    {
        *is_power = true;
        power = power * 65_537 % prime;
    }
    powers
}

pub(super) fn has_roca_form(modulus: &BigUint) -> bool {
    ROCA.iter().all(|(group, powers)| {
        group.residues(modulus).zip(powers).all(|((_, residue), powers)| {
            usize::try_from(residue).ok().and_then(|at| powers.get(at)).copied().unwrap_or(false)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primes_are_all_there_and_stand_in_groups_of_one_digit() {
        let groups = Group::all_up_to(SMALL_FACTOR_LIMIT - 1);
        let primes: Vec<u64> = groups.iter().flat_map(|group| group.primes.clone()).collect();
        assert_eq!((primes.len(), primes[0], primes[132]), (133, 2, 751));
        assert!(groups.iter().all(|group| group.primes.iter().product::<u64>() == group.product));
    }

    #[test]
    fn powers_of_65537_are_all_residues_where_it_generates_them_and_else_a_part() {
        assert_eq!(powers_of_65537(3), [false, true, true]);
        // 65537 is 2 by 11, and 2 generates all; by 17 it is 2 too, which generates half.
        assert_eq!(powers_of_65537(17).iter().filter(|is_power| **is_power).count(), 8);
    }
}
