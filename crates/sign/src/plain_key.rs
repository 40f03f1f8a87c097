//! Public keys in the one encoding that OpenSSH would give them.

use std::borrow::Cow;

use aws_lc_rs::digest;
use certgate_facts::{SshKeyKind, SshPublicKey};

use crate::wire::{Reader, write_mpint, write_string};

/// The wire form of `key` as OpenSSH writes it again after reading (RFC 4251 §5).
///
/// Only numbers have more than one encoding that OpenSSH reads: those with leading zeros. Without this a revoked key
/// could come back in other bytes.
pub(crate) fn canonical(key: &SshPublicKey) -> Cow<'_, [u8]> {
    let numbers = matches!(key.kind(), SshKeyKind::Rsa { .. } | SshKeyKind::Dss { .. });
    match numbers.then(|| with_short_numbers(key.blob())).flatten() {
        Some(blob) => Cow::Owned(blob),
        None => Cow::Borrowed(key.blob()),
    }
}

/// Whether two keys are the same key.
pub(crate) fn same(left: &SshPublicKey, right: &SshPublicKey) -> bool {
    canonical(left) == canonical(right)
}

/// The SHA-1 of the wire form, as revocation lists name keys (PROTOCOL.krl §5).
pub(crate) fn sha1(key: &SshPublicKey) -> [u8; 20] {
    sum(&digest::SHA1_FOR_LEGACY_USE_ONLY, key)
}

/// The SHA-256 of the wire form.
pub(crate) fn sha256(key: &SshPublicKey) -> [u8; 32] {
    sum(&digest::SHA256, key)
}

fn sum<const BYTES: usize>(algorithm: &'static digest::Algorithm, key: &SshPublicKey) -> [u8; BYTES] {
    let mut out = [0; BYTES];
    for (to, from) in out.iter_mut().zip(digest::digest(algorithm, &canonical(key)).as_ref()) {
        *to = *from;
    }
    out
}

/// The blob again with every number after the type name as short as it can be.
fn with_short_numbers(blob: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader::over(blob);
    let mut out = Vec::with_capacity(blob.len());
    write_string(&mut out, reader.string().ok()?);
    while !reader.is_empty() {
        write_mpint(&mut out, reader.string().ok()?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zeros_make_no_other_key() {
        let mut plain = Vec::new();
        write_string(&mut plain, b"ssh-rsa");
        let mut padded = plain.clone();
        for (blob, zeros) in [(&mut plain, 1), (&mut padded, 3)] {
            write_string(blob, &[1, 0, 1]);
            write_string(blob, &[vec![0; zeros], vec![0xc1; 256]].concat());
        }
        let (plain, padded) =
            (SshPublicKey::from_blob(&plain).unwrap(), SshPublicKey::from_blob(&padded).unwrap());
        assert_ne!(plain.blob(), padded.blob());
        assert!(same(&plain, &padded));
        assert_eq!(sha256(&plain), sha256(&padded));
        assert_eq!(canonical(&padded), plain.blob());
    }
}
