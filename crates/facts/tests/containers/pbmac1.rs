//! PBMAC1 (RFC 9579), as openssl 4.0 wrote it into `made/` under the passphrase `secret`: what Debian has cannot write it yet.
//!
//! ```console
//! $ openssl pkcs12 -export -in fixtures/chain/p256-depth-3.pem -inkey fixtures/chain/p256-depth-3.key \
//!       -pbmac1_pbkdf2 -macalg sha256 -pbmac1_pbkdf2_md sha512 -out pbmac1-sha256-sha512.p12
//! ```

use super::openssl::{outline, unpacked};

const WHOLE: &str = "gate.example.com, Test intermediate p256-b, Test root p256-c, [ecdsa p256]";

const MADE: [(&str, &[u8]); 3] = [
    ("sha256", include_bytes!("made/pbmac1-sha256-sha256.p12")),
    ("sha512", include_bytes!("made/pbmac1-sha512-sha512.p12")),
    ("one of each", include_bytes!("made/pbmac1-sha256-sha512.p12")),
];

/// `id-PBMAC1` (RFC 8018 §A.5).
const PBMAC1: [u8; 11] = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0e];

#[test]
fn it_opens_under_the_right_passphrase_alone() {
    for (name, bytes) in MADE {
        assert!(bytes.windows(PBMAC1.len()).any(|window| window == PBMAC1), "{name}");
        assert_eq!(outline(&unpacked(bytes.to_vec(), &["wrong", "secret"])), WHOLE, "{name}");
        let wrong = outline(&unpacked(bytes.to_vec(), &["Secret"]));
        assert_eq!(wrong, "(this is PKCS#12, and it is not opened by the passphrase given)", "{name}");
    }
}

/// The MAC is over what is inside: one bit there, and no passphrase is right.
#[test]
fn it_covers_what_is_inside() {
    for (name, bytes) in MADE {
        let mut changed = bytes.to_vec();
        changed[300] ^= 1;
        let said = outline(&unpacked(changed, &["secret"]));
        assert_eq!(said, "(this is PKCS#12, and it is not opened by the passphrase given)", "{name}");
    }
}

/// RFC 9579 §5: the length of the key is to be said, since implementations differed about what holds where it is not.
#[test]
fn without_the_length_of_its_key_it_is_malformed() {
    let (_, bytes) = MADE[0];
    let at = bytes.windows(PBMAC1.len()).position(|window| window == PBMAC1).unwrap_or_default();
    // INTEGER 32, behind the salt and the count of steps.
    let length = at + bytes[at..].windows(3).position(|window| window == [2, 1, 32]).unwrap_or_default();
    let mut zero = bytes.to_vec();
    zero[length + 2] = 0;
    let said = outline(&unpacked(zero, &["secret"]));
    assert!(said.contains("is malformed: PBMAC1 says no length of its key"), "{said}");
}
