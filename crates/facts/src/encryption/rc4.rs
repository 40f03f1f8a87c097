//! RC4, which PKCS #12 had once (RFC 7292 §C): for reading what is old, and nothing else.

use zeroize::Zeroizing;

/// Decrypts `data` under a key that is not empty.
pub(super) fn decrypt(key: &[u8], data: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut state = Zeroizing::new((0..=u8::MAX).collect::<Vec<u8>>());
    let at = usize::from;
    let mut other = 0_u8;
    for (index, key) in (0..=u8::MAX).zip(key.iter().cycle()) {
        other = other.wrapping_add(state[at(index)]).wrapping_add(*key);
        state.swap(at(index), at(other));
    }
    let (mut index, mut other) = (0_u8, 0_u8);
    let mut out = Zeroizing::new(Vec::with_capacity(data.len()));
    for byte in data {
        index = index.wrapping_add(1);
        other = other.wrapping_add(state[at(index)]);
        state.swap(at(index), at(other));
        out.push(byte ^ state[at(state[at(index)].wrapping_add(state[at(other)]))]);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_key_stream_is_that_of_rfc_6229() {
        assert_eq!(crate::hex(&super::decrypt(&[1, 2, 3, 4, 5], &[0; 8])), "b2396305f03dc027");
        let key: Vec<u8> = (1..=16).collect();
        assert_eq!(crate::hex(&super::decrypt(&key, &[0; 8])), "9ac7cc9a609d1ef7");
    }
}
