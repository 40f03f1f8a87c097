//! SEED (RFC 4269), which openssl still offers and no crate that is kept up has: for reading what is old, and nothing else.

use zeroize::{Zeroize, ZeroizeOnDrop};

/// The golden ratio, from which each round's constant is turned by a bit (RFC 4269 §2.2).
const FIRST_CONSTANT: u32 = 0x9e37_79b9;

/// A key, ready for use.
pub(super) struct Seed {
    /// Of the first round first.
    keys: [[u32; 2]; 16],
    boxes: [[u8; 256]; 2],
}

impl Drop for Seed {
    fn drop(&mut self) {
        self.keys.zeroize();
    }
}

impl ZeroizeOnDrop for Seed {}

impl Seed {
    pub(super) fn new(key: [u8; 16]) -> Self {
        // Columns of the matrices by which powers of a field are mixed (RFC 4269 §2.1).
        let first = substitution(247, [0x2c, 0xd0, 0x69, 0xc2, 0x41, 0x44, 0x58, 0xe2], 169);
        let second = substitution(251, [0xd0, 0x2a, 0xe1, 0x2c, 0x21, 0x30, 0xa2, 0x6c], 56);
        let mut seed = Self { keys: [[0; 2]; 16], boxes: [first, second] };
        let (mut left, mut right) = halves(key);
        for round in 0..16_u32 {
            let constant = FIRST_CONSTANT.rotate_left(round);
            let ([a, b], [c, d]) = (words(left), words(right));
            let pair = [a.wrapping_add(c).wrapping_sub(constant), b.wrapping_sub(d).wrapping_add(constant)];
            if let Some(key) = usize::try_from(round).ok().and_then(|round| seed.keys.get_mut(round)) {
                *key = pair.map(|word| mix(&seed.boxes, word));
            }
            if round % 2 == 0 {
                left = left.rotate_right(8);
            } else {
                right = right.rotate_left(8);
            }
        }
        seed
    }

    pub(super) fn decrypt(&self, block: [u8; 16]) -> [u8; 16] {
        self.rounds(block, self.keys.iter().rev())
    }

    fn rounds<'k>(&self, block: [u8; 16], keys: impl Iterator<Item = &'k [u32; 2]>) -> [u8; 16] {
        let (mut left, mut right) = halves(block);
        for key in keys {
            let mixed = left ^ self.of_round(right, key);
            (left, right) = (right, mixed);
        }
        // The last round does not swap.
        ((u128::from(right) << 64) | u128::from(left)).to_be_bytes()
    }

    /// F (RFC 4269 §2.1).
    fn of_round(&self, half: u64, key: &[u32; 2]) -> u64 {
        let [c, d] = words(half);
        let (c, d) = (c ^ key[0], d ^ key[1]);
        let g = |word| mix(&self.boxes, word);
        let both = g(c ^ d);
        let first = g(both.wrapping_add(c));
        let second = g(first.wrapping_add(both));
        (u64::from(first.wrapping_add(second)) << 32) | u64::from(second)
    }
}

fn halves(block: [u8; 16]) -> (u64, u64) {
    let whole = u128::from_be_bytes(block);
    let low = |number: u128| u64::try_from(number & u128::from(u64::MAX)).unwrap_or_default();
    (low(whole >> 64), low(whole))
}

fn words(half: u64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = half.to_be_bytes();
    [u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])]
}

/// G (RFC 4269 §2.1): bytes from the lowest go through the first box, the second, the first and the second.
fn mix(boxes: &[[u8; 256]; 2], word: u32) -> u32 {
    const MASKS: [u8; 4] = [0xfc, 0xf3, 0xcf, 0x3f];
    let bytes = word.to_le_bytes();
    let mut out = [0; 4];
    for (from, byte) in bytes.into_iter().enumerate() {
        let substitute = boxes[from % 2][usize::from(byte)];
        for (to, out) in out.iter_mut().enumerate() {
            *out ^= substitute & MASKS[(from + to) % 4];
        }
    }
    u32::from_le_bytes(out)
}

/// A box: a power in the field of 256 elements, whose bits choose columns, and an addend.
fn substitution(power: u32, columns: [u8; 8], addend: u8) -> [u8; 256] {
    let mut substitutes = [0; 256];
    for (substitute, byte) in substitutes.iter_mut().zip(0..=u8::MAX) {
        let powered = (0..power).fold(1, |product, _| times(product, byte));
        let chosen = columns.iter().enumerate().filter(|(bit, _)| (powered >> bit) & 1 == 1);
        *substitute = chosen.fold(addend, |sum, (_, column)| sum ^ column);
    }
    substitutes
}

/// A product modulo x⁸ + x⁶ + x⁵ + x + 1.
fn times(mut one: u8, other: u8) -> u8 {
    let mut product = 0;
    for bit in 0..8 {
        if (other >> bit) & 1 == 1 {
            product ^= one;
        }
        one = (one << 1) ^ if one & 0x80 == 0 { 0 } else { 0x63 };
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4269 §B.
    #[test]
    fn blocks_are_those_of_rfc_4269() {
        for (key, plain, encrypted) in [
            ([0; 16], counted(0), 0x5eba_c6e0_054e_1668_19af_f1cc_6d34_6cdb_u128),
            (counted(0), [0; 16], 0xc11f_22f2_0140_5050_8448_3597_e437_0f43),
        ] {
            assert_eq!(Seed::new(key).decrypt(encrypted.to_be_bytes()), plain);
        }
    }

    fn counted(first: u8) -> [u8; 16] {
        std::array::from_fn(|index| first + u8::try_from(index).unwrap())
    }
}
