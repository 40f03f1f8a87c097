//! Moduli of RSA keys: what gives their factors away.
//!
//! The work of each question is bounded by [`MODULUS_BITS_MAX`] and [`FERMAT_ROUNDS`].

mod residues;
mod root;

use num_bigint::BigUint;

/// Longer moduli are not looked into: no client takes them.
pub(crate) const MODULUS_BITS_MAX: u64 = 16_384;
/// Rounds of Fermat's method, as the Baseline Requirements §6.1.1.3 ask for.
pub(crate) const FERMAT_ROUNDS: u64 = 100;

/// The product of two primes, as is hoped.
pub(crate) struct Modulus(BigUint);

impl Modulus {
    /// From big-endian bytes; `None` where it is longer than [`MODULUS_BITS_MAX`].
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let number = BigUint::from_bytes_be(bytes);
        (number.bits() <= MODULUS_BITS_MAX).then_some(Self(number))
    }

    /// The smallest prime below 752 that divides it, the bound of the Baseline Requirements §6.1.6.
    pub(crate) fn small_factor(&self) -> Option<u64> {
        residues::small_factor(&self.0)
    }

    /// Whether both primes are of the form that a library of Infineon gave them until 2017 (CVE-2017-15361): the modulus is a
    /// power of 65537 by each of the first odd primes. Of other moduli one in 2^27 is so too.
    pub(crate) fn has_roca_form(&self) -> bool {
        residues::has_roca_form(&self.0)
    }

    /// How many rounds of Fermat's method find its factors, where [`FERMAT_ROUNDS`] are enough.
    ///
    /// The primes p and q are a − b and a + b, where a is not far above the square root of the modulus and a² less the
    /// modulus is a square, b².
    pub(crate) fn fermat_round(&self) -> Option<u64> {
        let floor = root::floor(&self.0);
        let is_square = &floor * &floor == self.0;
        let first = if is_square { floor } else { floor + 1_u32 };
        let sieve = root::Sieve::of(&first, &self.0);
        let holds = |round: &u64| {
            let a = &first + *round;
            let rest = &a * &a - &self.0;
            let b = root::floor(&rest);
            &b * &b == rest
        };
        (0..FERMAT_ROUNDS).filter(|round| sieve.lets_pass(*round)).find(holds).map(|round| round + 1)
    }
}

#[cfg(test)]
mod tests;
