//! scrypt (RFC 7914), with what the provider has of it: the digest and PBKDF2.

use zeroize::Zeroizing;

use super::{Budget, Digest, pbkdf2};
use crate::container::ContainerFault;

/// The most memory that one derivation may take, in bytes: twice what OpenSSL allows itself.
pub(crate) const SCRYPT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The costs: N, a power of two; r, the block size; p, how often.
#[derive(Clone, Copy)]
pub(crate) struct Costs {
    pub(crate) n: u64,
    pub(crate) r: u64,
    pub(crate) p: u64,
}

pub(super) fn scrypt(
    passphrase: &[u8],
    salt: &[u8],
    Costs { n, r, p }: Costs,
    length: usize,
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, ContainerFault> {
    let bytes = n.checked_mul(r).and_then(|product| product.checked_mul(128));
    let lanes = r.checked_mul(p).and_then(|product| product.checked_mul(128));
    let too_much = |bytes: Option<u64>| bytes.is_none_or(|bytes| bytes > SCRYPT_BYTES_MAX);
    if too_much(bytes) || too_much(lanes) {
        let reason = format!("scrypt would take more than {SCRYPT_BYTES_MAX} bytes of memory");
        return Err(ContainerFault::OverLimit { reason });
    }
    if !n.is_power_of_two() || n < 2 || r == 0 || p == 0 {
        return Err(ContainerFault::malformed("the costs of scrypt are zero, or N is no power of two"));
    }
    budget.spend(n.saturating_mul(r).saturating_mul(p).saturating_mul(2))?;
    let limit = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let (n, lane_bytes) = (limit(n), limit(r) * 128);
    let mut lanes = pbkdf2(Digest::Sha256, passphrase, salt, 1, lane_bytes * limit(p), budget)?;
    for lane in lanes.chunks_mut(lane_bytes) {
        mix(lane, n);
    }
    pbkdf2(Digest::Sha256, passphrase, &lanes, 1, length, budget)
}

/// scryptROMix (RFC 7914 §5).
fn mix(lane: &mut [u8], n: usize) {
    let to_words = |(word, bytes): (&mut u32, &[u8; 4])| *word = u32::from_le_bytes(*bytes);
    let mut x = Zeroizing::new(vec![0_u32; lane.len() / 4]);
    x.iter_mut().zip(lane.as_chunks::<4>().0).for_each(to_words);
    let width = x.len();
    let mut memory = Zeroizing::new(vec![0_u32; width * n]);
    let mut scratch = Zeroizing::new(vec![0_u32; width]);
    for row in memory.chunks_mut(width) {
        row.copy_from_slice(&x);
        block_mix(&mut x, &mut scratch);
    }
    for _ in 0..n {
        // N is a power of two: the low bits of the first word of the last block tell the row.
        let low = usize::try_from(x[width - 16]).unwrap_or(0) & (n - 1);
        x.iter_mut().zip(&memory[low * width..]).for_each(|(word, other)| *word ^= other);
        block_mix(&mut x, &mut scratch);
    }
    let to_bytes = |(bytes, word): (&mut [u8; 4], &u32)| *bytes = word.to_le_bytes();
    lane.as_chunks_mut::<4>().0.iter_mut().zip(x.iter()).for_each(to_bytes);
}

/// scryptBlockMix (RFC 7914 §4).
fn block_mix(x: &mut [u32], scratch: &mut [u32]) {
    let mut last = [0_u32; 16];
    last.copy_from_slice(&x[x.len() - 16..]);
    let half = x.len() / 2;
    for (index, block) in x.chunks(16).enumerate() {
        last.iter_mut().zip(block).for_each(|(word, other)| *word ^= other);
        salsa20_8(&mut last);
        let at = index / 2 * 16 + if index % 2 == 0 { 0 } else { half };
        scratch[at..at + 16].copy_from_slice(&last);
    }
    x.copy_from_slice(scratch);
}

/// Salsa20/8 (RFC 7914 §3).
fn salsa20_8(block: &mut [u32; 16]) {
    const COLUMNS: [[usize; 4]; 4] = [[0, 4, 8, 12], [5, 9, 13, 1], [10, 14, 2, 6], [15, 3, 7, 11]];
    const ROWS: [[usize; 4]; 4] = [[0, 1, 2, 3], [5, 6, 7, 4], [10, 11, 8, 9], [15, 12, 13, 14]];
    let mut x = *block;
    for _ in 0..4 {
        for [a, b, c, d] in COLUMNS.into_iter().chain(ROWS) {
            x[b] ^= x[a].wrapping_add(x[d]).rotate_left(7);
            x[c] ^= x[b].wrapping_add(x[a]).rotate_left(9);
            x[d] ^= x[c].wrapping_add(x[b]).rotate_left(13);
            x[a] ^= x[d].wrapping_add(x[c]).rotate_left(18);
        }
    }
    block.iter_mut().zip(x).for_each(|(word, mixed)| *word = word.wrapping_add(mixed));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_rfc_7914() {
        let key = |passphrase: &[u8], salt: &[u8], n, r, p| {
            crate::hex(&scrypt(passphrase, salt, Costs { n, r, p }, 16, &mut Budget::new()).unwrap())
        };
        assert_eq!(key(b"", b"", 16, 1, 1), "77d6576238657b203b19ca42c18a0497");
        assert_eq!(key(b"password", b"NaCl", 1024, 8, 16), "fdbabe1c9d3472007856e7190d01e9fe");
    }

    #[test]
    fn costs_are_bounded_before_they_are_paid() {
        let fault = |n, r, p| scrypt(b"", b"", Costs { n, r, p }, 16, &mut Budget::new()).unwrap_err();
        for (n, r, p) in [(1 << 20, 8, 1), (u64::MAX, u64::MAX, 1), (2, 1, 1 << 40), (1 << 16, 8, 1024)] {
            assert!(matches!(fault(n, r, p), ContainerFault::OverLimit { .. }), "{n} {r} {p}");
        }
        for (n, r, p) in [(3, 1, 1), (0, 1, 1), (1, 1, 1), (2, 0, 1), (2, 1, 0)] {
            assert!(matches!(fault(n, r, p), ContainerFault::Malformed { .. }), "{n} {r} {p}");
        }
    }
}
