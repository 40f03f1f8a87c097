//! Keys out of passphrases, and how much work may go into them.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2 as provider;
use zeroize::Zeroizing;

use super::Digest;
use crate::container::ContainerFault;

/// The most steps that key derivations of one input may take together: some seconds, and three hundred times what is written
/// today.
pub(crate) const DERIVATION_STEPS_MAX: u64 = 30_000_000;

/// What is left of [`DERIVATION_STEPS_MAX`].
pub(crate) struct Budget {
    left: u64,
}

impl Budget {
    pub(crate) fn new() -> Self {
        Self { left: DERIVATION_STEPS_MAX }
    }

    /// Takes steps out, before they are taken.
    pub(crate) fn spend(&mut self, steps: u64) -> Result<(), ContainerFault> {
        self.left = self.left.checked_sub(steps).ok_or_else(|| ContainerFault::OverLimit {
            reason: format!("its passphrase takes more than {DERIVATION_STEPS_MAX} steps of key derivation"),
        })?;
        Ok(())
    }
}

/// What a key of [`pkcs12_derivation`] is for (RFC 7292 §B.3).
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Key,
    Iv,
    Mac,
}

/// PBKDF2 (RFC 8018 §5.2).
pub(crate) fn pbkdf2(
    prf: Digest,
    passphrase: &[u8],
    salt: &[u8],
    iterations: u64,
    length: usize,
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, ContainerFault> {
    let mut key = Zeroizing::new(vec![0; length]);
    let blocks = u64::try_from(length).unwrap_or(u64::MAX).div_ceil(16);
    budget.spend(iterations.saturating_mul(blocks.max(1)))?;
    let count = u32::try_from(iterations).ok().and_then(NonZeroU32::new);
    let count = count.ok_or_else(|| ContainerFault::malformed("the key derivation takes no steps"))?;
    let algorithm = match prf {
        Digest::Sha1 => provider::PBKDF2_HMAC_SHA1,
        Digest::Sha256 => provider::PBKDF2_HMAC_SHA256,
        Digest::Sha384 => provider::PBKDF2_HMAC_SHA384,
        Digest::Sha512 => provider::PBKDF2_HMAC_SHA512,
        _ => {
            by_hand(prf, passphrase, salt, iterations, &mut key);
            return Ok(key);
        }
    };
    provider::derive(algorithm, count, salt, passphrase, &mut key);
    Ok(key)
}

/// The same for hash functions with which the provider has it not.
fn by_hand(prf: Digest, passphrase: &[u8], salt: &[u8], iterations: u64, key: &mut [u8]) {
    let width = prf.of(&[]).len();
    for (number, block) in (1_u32..).zip(key.chunks_mut(width)) {
        let mut last = prf.hmac(passphrase, &[salt, &number.to_be_bytes()].concat());
        let mut sum = last.clone();
        for _ in 1..iterations {
            last = prf.hmac(passphrase, &last);
            sum.iter_mut().zip(last.iter()).for_each(|(sum, byte)| *sum ^= byte);
        }
        block.copy_from_slice(&sum[..block.len()]);
    }
}

/// The derivation of PKCS #12 (RFC 7292 §B.2). The passphrase is a [`bmp`](crate::passphrase::Form::bmp).
pub(crate) fn pkcs12_derivation(
    digest: Digest,
    passphrase: &[u8],
    salt: &[u8],
    iterations: u64,
    purpose: Purpose,
    length: usize,
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, ContainerFault> {
    if iterations == 0 {
        return Err(ContainerFault::malformed("the key derivation takes no steps"));
    }
    let width = digest.block_len();
    let purpose = match purpose {
        Purpose::Key => 1,
        Purpose::Iv => 2,
        Purpose::Mac => 3,
    };
    let diversifier = vec![purpose; width];
    let stretched = |bytes: &[u8]| bytes.len().div_ceil(width) * width;
    let mut input = Zeroizing::new(Vec::with_capacity(stretched(salt) + stretched(passphrase)));
    for part in [salt, passphrase] {
        input.extend(part.iter().cycle().take(stretched(part)));
    }
    let mut key = Zeroizing::new(Vec::with_capacity(length));
    while key.len() < length {
        budget.spend(iterations)?;
        let mut hash = digest.of(&[&diversifier, &input]);
        for _ in 1..iterations {
            hash = digest.of(&[&hash]);
        }
        let missing = length - key.len();
        key.extend(hash.iter().take(missing));
        let addend = Zeroizing::new(hash.iter().copied().cycle().take(width).collect::<Vec<u8>>());
        input.chunks_mut(width).for_each(|block| add_one_more(block, &addend));
    }
    Ok(key)
}

/// `block + addend + 1`, all of one length, big-endian, what overflows dropped.
fn add_one_more(block: &mut [u8], addend: &[u8]) {
    let mut carry = 1_u16;
    for (byte, addend) in block.iter_mut().rev().zip(addend.iter().rev()) {
        let [high, low] = (u16::from(*byte) + u16::from(*addend) + carry).to_be_bytes();
        *byte = low;
        carry = u16::from(high);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_pbkdf2_are_one() {
        for (prf, length) in [(Digest::Sha1, 50), (Digest::Sha256, 32), (Digest::Sha512, 24)] {
            let theirs = pbkdf2(prf, b"pass", b"salt and more", 3, length, &mut Budget::new()).unwrap();
            let mut ours = vec![0; length];
            by_hand(prf, b"pass", b"salt and more", 3, &mut ours);
            assert_eq!(*theirs, ours);
        }
    }

    #[test]
    fn work_is_bounded_over_all_attempts() {
        let mut budget = Budget::new();
        let steps = DERIVATION_STEPS_MAX / 4;
        assert!(pbkdf2(Digest::Sha256, b"", b"", 0, 16, &mut budget).is_err());
        budget.spend(3 * steps).unwrap();
        assert!(matches!(
            pbkdf2(Digest::Sha256, b"", b"", steps + 1, 16, &mut budget),
            Err(ContainerFault::OverLimit { .. })
        ));
        assert!(matches!(
            pkcs12_derivation(Digest::Sha1, b"", b"", u64::MAX, Purpose::Key, 8, &mut budget),
            Err(ContainerFault::OverLimit { .. })
        ));
    }
}
