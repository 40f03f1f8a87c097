//! RSA private keys of PKCS #1 (RFC 8017 §A.1.2).
//!
//! What is checked. Of every key: the public exponent is odd and above one, and the modulus is the product of
//! the primes. Of two-prime keys of 2048 to 8192 bits with their CRT values, which is the range the provider
//! takes, also: e below 2^33, d·e = 1 modulo p-1 and q-1, and the three CRT values. Not checked: that the
//! primes are prime; and the private exponent and CRT values of keys of other sizes, of multi-prime keys and
//! of keys without CRT values.

use aws_lc_rs::rsa::{KeyPair, KeyPairComponents, PublicKeyComponents};
use zeroize::Zeroizing;

use super::{PrivateKeyState, Unreadable};
use crate::der::{self, DerDefect, Tlv, Walk};
use crate::key::{PublicKey, bits};

/// Largest modulus whose factors are multiplied, and so the largest that is usable. OpenSSL draws the same
/// line.
const MODULUS_BITS_MAX: u32 = 16_384;
/// Most primes that a key may have.
const PRIMES_MAX: usize = 16;
/// Sizes of modulus, in bits, that the provider checks in full.
const PROVIDER_BITS: std::ops::RangeInclusive<u32> = 2048..=8192;

/// The numbers of an `RSAPrivateKey`, big-endian without leading zeros.
struct Numbers<'a> {
    modulus: &'a [u8],
    exponent: &'a [u8],
    private_exponent: &'a [u8],
    primes: Vec<&'a [u8]>,
    /// `d mod (p-1)`, `d mod (q-1)`, `q⁻¹ mod p`.
    crt: Option<[&'a [u8]; 3]>,
}

/// Reads an `RSAPrivateKey`, all of `bytes`.
pub(super) fn read(bytes: &[u8]) -> PrivateKeyState {
    match usable_public(bytes) {
        Ok(public) if bits(public.rsa_modulus().unwrap_or_default()) > MODULUS_BITS_MAX => {
            super::unsupported("rsa", Some(public))
        }
        Ok(public) => PrivateKeyState::Usable(public),
        Err(unreadable) => unreadable.into(),
    }
}

/// The public half of an `RSAPrivateKey`, once the private half is found to fit it.
pub(super) fn usable_public(bytes: &[u8]) -> Result<PublicKey, Unreadable> {
    let numbers = numbers(bytes)?;
    let public = PublicKey::from_rsa(numbers.modulus, numbers.exponent).map_err(Unreadable::because)?;
    match fault(&numbers) {
        None => Ok(public),
        Some(reason) => Err(Unreadable::because(reason)),
    }
}

fn numbers(bytes: &[u8]) -> Result<Numbers<'_>, Unreadable> {
    let mut walk = Walk::only_sequence(bytes)?;
    if walk.due(der::INTEGER)?.small()? > 1 {
        return Err(Unreadable::because("the version of the RSA key is neither 0 nor 1"));
    }
    let modulus = walk.due(der::INTEGER)?.magnitude()?;
    let exponent = walk.due(der::INTEGER)?.magnitude()?;
    let private_exponent = walk.due(der::INTEGER)?.magnitude()?;
    let mut primes = vec![walk.due(der::INTEGER)?.magnitude()?, walk.due(der::INTEGER)?.magnitude()?];
    let crt = if walk.next_tag() == Some(der::INTEGER) { Some(crt(&mut walk)?) } else { None };
    if let Some(others) = walk.optional(der::SEQUENCE)? {
        let mut others = others.walk();
        while others.next_tag().is_some() {
            if primes.len() == PRIMES_MAX {
                return Err(Unreadable::because(format!("the RSA key has more than {PRIMES_MAX} primes")));
            }
            primes.push(others.due(der::SEQUENCE)?.walk().due(der::INTEGER)?.magnitude()?);
        }
    }
    Ok(Numbers { modulus, exponent, private_exponent, primes, crt })
}

fn crt<'a>(walk: &mut Walk<'a>) -> Result<[&'a [u8]; 3], DerDefect> {
    Ok([
        walk.due(der::INTEGER)?.magnitude()?,
        walk.due(der::INTEGER)?.magnitude()?,
        walk.due(der::INTEGER)?.magnitude()?,
    ])
}

/// What is wrong with the numbers of a key, as half a sentence.
fn fault(numbers: &Numbers<'_>) -> Option<&'static str> {
    if numbers.exponent == [1] || numbers.exponent.last().is_none_or(|last| last & 1 == 0) {
        return Some("the RSA public exponent is even or one");
    }
    if numbers.private_exponent.is_empty() {
        return Some("the RSA private exponent is zero");
    }
    let size = bits(numbers.modulus);
    if size > MODULUS_BITS_MAX {
        return None;
    }
    if !product_is(numbers.modulus, &numbers.primes) {
        return Some("the RSA modulus is not the product of the primes");
    }
    let (Some([d_p, d_q, q_inverse]), [p, q]) = (numbers.crt, numbers.primes.as_slice()) else {
        return None;
    };
    if !PROVIDER_BITS.contains(&size) {
        return None;
    }
    let components = KeyPairComponents {
        public_key: PublicKeyComponents { n: numbers.modulus, e: numbers.exponent },
        d: numbers.private_exponent,
        p,
        q,
        dP: d_p,
        dQ: d_q,
        qInv: q_inverse,
    };
    match KeyPair::from_components(&components) {
        Ok(_) => None,
        Err(_) => {
            Some("the RSA private exponent or a CRT value does not fit the modulus and the public exponent")
        }
    }
}

/// Whether six integers are version, n, e, d, p, q with n = p·q: an RSA key without CRT values, which RFC
/// 8017 does not allow and Go reads.
pub(super) fn is_product([_, n, _, _, p, q]: &[Tlv<'_>; 6]) -> bool {
    match (n.magnitude(), p.magnitude(), q.magnitude()) {
        (Ok(n), Ok(p), Ok(q)) => bits(n) <= MODULUS_BITS_MAX && product_is(n, &[p, q]),
        _ => false,
    }
}

/// Whether `modulus` is the product of `primes`, none of which is one or zero. Numbers are big-endian without
/// leading zeros.
fn product_is(modulus: &[u8], primes: &[&[u8]]) -> bool {
    let mut product = Zeroizing::new(vec![1_u8]);
    for prime in primes {
        let so_far = der::trimmed(&product);
        if prime.is_empty() || **prime == [1] || so_far.len() + prime.len() > modulus.len() + 1 {
            return false;
        }
        product = multiply(so_far, prime);
    }
    der::trimmed(&product) == modulus
}

/// The product of two big-endian numbers, as long as both together.
fn multiply(a: &[u8], b: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut product = Zeroizing::new(vec![0_u8; a.len() + b.len()]);
    // Least significant first: row i of the product starts i places from the end.
    for (i, x) in a.iter().rev().enumerate() {
        let mut carry = 0_u32;
        let factors = b.iter().rev().chain(std::iter::repeat(&0));
        for (place, y) in product.iter_mut().rev().skip(i).zip(factors) {
            let sum = u32::from(*place) + u32::from(*x) * u32::from(*y) + carry;
            let [_, _, high, low] = sum.to_be_bytes();
            *place = low;
            carry = u32::from(high);
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn products_are_those_of_the_machine(a: u64, b: u64) {
            let product = multiply(&a.to_be_bytes(), &b.to_be_bytes());
            prop_assert_eq!(&product[..], &(u128::from(a) * u128::from(b)).to_be_bytes()[..]);
        }
    }

    #[test]
    fn a_product_has_no_trivial_factor() {
        assert!(product_is(&[15], &[&[3], &[5]]));
        assert!(product_is(&[105], &[&[3], &[5], &[7]]));
        assert!(!product_is(&[15], &[&[15], &[1]]));
        assert!(!product_is(&[], &[&[3], &[]]));
        assert!(!product_is(&[16], &[&[3], &[5]]));
        assert!(!product_is(&[15], &[&[3, 0, 0], &[5]]));
    }
}
