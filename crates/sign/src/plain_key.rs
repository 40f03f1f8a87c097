//! Public keys, compared and summed as OpenSSH does: whatever the encoding they came in.

use aws_lc_rs::digest;
use certgate_facts::SshPublicKey;

/// Whether two keys are the same key.
pub(crate) fn same(left: &SshPublicKey, right: &SshPublicKey) -> bool {
    left.canonical_blob() == right.canonical_blob()
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
    for (to, from) in out.iter_mut().zip(digest::digest(algorithm, &key.canonical_blob()).as_ref()) {
        *to = *from;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::write_string;

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
    }
}
