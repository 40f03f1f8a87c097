//! How encrypted keys say they are encrypted: PKCS #8 with PKCS #5 or PKCS #12 schemes, and PEM headers.

use super::{PrivateKeyState, Unreadable};
use crate::der::Walk;
use crate::encryption::naming;
use crate::key::algorithm;

/// The ciphers OpenSSL writes into `DEK-Info`.
const LEGACY_CIPHERS: [&str; 11] = [
    "AES-128-CBC",
    "AES-192-CBC",
    "AES-256-CBC",
    "ARIA-256-CBC",
    "BF-CBC",
    "CAMELLIA-128-CBC",
    "CAMELLIA-192-CBC",
    "CAMELLIA-256-CBC",
    "DES-CBC",
    "DES-EDE3-CBC",
    "RC2-CBC",
];

/// The encryption that PEM headers announce (RFC 1421 §4.6.1.1 and §4.6.1.3, as OpenSSL writes them), if they
/// do.
pub(super) fn legacy_scheme(headers: &[(&str, &str)]) -> Option<String> {
    let announced = value(headers, "Proc-Type")
        .is_some_and(|value| value.split(',').any(|word| word.trim().eq_ignore_ascii_case("ENCRYPTED")));
    match dek_info(headers) {
        Some(dek_info) => {
            let cipher = dek_info.split(',').next().unwrap_or_default().trim();
            // Only what is surely the name of a cipher is repeated: anything may stand in a header.
            let known = LEGACY_CIPHERS.iter().find(|known| known.eq_ignore_ascii_case(cipher));
            Some(known.map_or_else(
                || "legacy PEM encryption".to_owned(),
                |name| format!("legacy PEM encryption, {name}"),
            ))
        }
        None => announced.then(|| "legacy PEM encryption".to_owned()),
    }
}

/// The value of the header that names the cipher and its IV.
pub(super) fn dek_info<'a>(headers: &[(&'a str, &'a str)]) -> Option<&'a str> {
    value(headers, "DEK-Info")
}

fn value<'a>(headers: &[(&'a str, &'a str)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(header, _)| header.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// Reads an `EncryptedPrivateKeyInfo` (RFC 5208 §6, RFC 5958 §3), all of `bytes`.
pub(super) fn read(bytes: &[u8]) -> PrivateKeyState {
    let outer = || algorithm(&mut Walk::only_sequence(bytes)?);
    match outer() {
        Ok(algorithm) => PrivateKeyState::Encrypted { scheme: naming::in_words(algorithm), public: None },
        Err(defect) => Unreadable::from(defect).into(),
    }
}
