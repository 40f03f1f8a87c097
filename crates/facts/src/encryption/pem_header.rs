//! The encryption that `Proc-Type` and `DEK-Info` announce (RFC 1421 §4.6), as OpenSSL does it.

use zeroize::Zeroizing;

use super::{Cipher, Digest};
use crate::container::ContainerFault;
use crate::passphrase::Form;

/// Decrypts `data` with the first of `forms` that makes sense of it. `dek_info` is the value of the header.
pub(crate) fn decrypt_with_headers(
    dek_info: &str,
    data: &[u8],
    forms: &[&Form],
    is_right: impl Fn(&[u8]) -> bool,
) -> Result<Zeroizing<Vec<u8>>, ContainerFault> {
    let (name, iv) = dek_info.split_once(',').unwrap_or((dek_info, ""));
    let cipher = Cipher::of_header(name.trim())
        .ok_or_else(|| ContainerFault::unsupported("a cipher of its DEK-Info header that is not known"))?;
    let iv = unhex(iv.trim()).filter(|iv| iv.len() == cipher.iv_len());
    let iv = iv.ok_or_else(|| {
        ContainerFault::malformed("the IV in its DEK-Info header is not that of the cipher")
    })?;
    for form in forms {
        let key = key(&form.bytes, &iv[..8], cipher.key_len());
        if let Some(decrypted) = cipher.decrypt(&key, &iv, data).filter(|decrypted| is_right(decrypted)) {
            return Ok(decrypted);
        }
    }
    Err(ContainerFault::PassphraseWrong)
}

/// One step of MD5 for every sixteen bytes: the derivation that all these files have.
fn key(passphrase: &[u8], salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(length + 16));
    let mut last = Zeroizing::new(Vec::new());
    while key.len() < length {
        last = Digest::Md5.of(&[&last, passphrase, salt]);
        key.extend_from_slice(&last);
    }
    key.truncate(length);
    key
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    if rest.is_empty() { bytes.collect() } else { None }
}
