//! PEM as it is written: what readers of every kind take (RFC 7468 §3).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

/// Symbols of base64 on a line.
const LINE: usize = 64;

/// One block, its last line end included; wiped on drop, for it may be a private key.
#[must_use]
pub fn armor(label: &str, der: &[u8]) -> Zeroizing<Vec<u8>> {
    let symbols_len = der.len().div_ceil(3) * 4;
    let mut symbols = Zeroizing::new(vec![0; symbols_len]);
    let written = BASE64_STANDARD.encode_slice(der, &mut symbols).unwrap_or(0);
    let boundaries = 2 * ("-----BEGIN -----\n".len() + label.len());
    let mut text = Zeroizing::new(Vec::with_capacity(boundaries + symbols_len + symbols_len.div_ceil(LINE)));
    let boundary = |text: &mut Vec<u8>, word: &[u8]| {
        [b"-----", word, b" ", label.as_bytes(), b"-----\n"]
            .into_iter()
            .for_each(|part| text.extend_from_slice(part));
    };
    boundary(&mut text, b"BEGIN");
    for line in symbols[..written].chunks(LINE) {
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    boundary(&mut text, b"END");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reading, Source};

    #[test]
    fn what_is_written_reads_back_and_never_moves() {
        for length in [1, 47, 48, 49, 96, 1000] {
            let der: Vec<u8> = (0..=255).cycle().take(length).collect();
            let text = armor("X", &der);
            assert!(text.capacity() <= text.len() + 2, "{length}: {} for {}", text.capacity(), text.len());
            let reading = Reading::of(Source::from_bytes("test", text.to_vec()).unwrap());
            let block = reading.entries()[0].block();
            assert_eq!(block.der().unwrap(), der);
            assert!(block.is_found_by_go());
        }
    }
}
