//! Private keys in DER, and under a passphrase.

use certgate_facts::Entry;

use super::openssl::{OpenSsl, outline, unpacked};

#[test]
fn keys_in_der_of_every_format_read() {
    let openssl = OpenSsl::new();
    for (key, command, what) in [
        ("p256-a", "pkey -outform der", "[ecdsa p256]"),
        ("p256-a", "ec -outform der", "[ecdsa p256]"),
        ("rsa-2048-a", "rsa -traditional -outform der", "[rsa 2048]"),
        ("ed25519-a", "pkcs8 -topk8 -nocrypt -outform der", "[ed25519]"),
    ] {
        let (name, rest) = command.split_once(' ').unwrap();
        openssl.run(&format!("{name} -in @keys/{key}.key {rest} -out key.der"));
        assert_eq!(outline(&unpacked(openssl.read("key.der"), &[])), what, "{command}");
    }
    openssl.write("pass", b"secret");
    openssl.run("pkcs8 -topk8 -in @keys/p256-a.key -outform der -passout file:pass -out key.der");
    assert_eq!(outline(&unpacked(openssl.read("key.der"), &["secret"])), "[ecdsa p256]");
    assert_eq!(outline(&unpacked(openssl.read("key.der"), &[])), "[encrypted]");
}

#[test]
fn encrypted_keys_show_their_public_half_to_who_has_the_passphrase() {
    let openssl = OpenSsl::new();
    openssl.write("pass", b"secret");
    let schemes = [
        "pkcs8 -topk8 -v2 aes-256-cbc",
        "pkcs8 -topk8 -v2 aes-128-cbc -v2prf hmacWithSHA512",
        "pkcs8 -topk8 -v2 des3 -v2prf hmacWithSHA1",
        "pkcs8 -topk8 -v2 aes256 -v2prf hmacWithSHA224",
        "pkcs8 -topk8 -v2 aes256 -v2prf hmacWithSHA384",
        "pkcs8 -topk8 -v2 aes256 -v2prf hmacWithSHA512-224",
        "pkcs8 -topk8 -v2 aes256 -v2prf hmacWithSHA512-256",
        "pkcs8 -topk8 -v2 aes256 -v2prf hmacWithMD5",
        "pkcs8 -topk8 -v1 PBE-SHA1-3DES",
        "pkcs8 -topk8 -scrypt",
        "ec -aes256",
        "ec -aes128",
        "ec -des3",
        "ec -camellia192",
        "ec -aria256",
        "ec -provider legacy -provider default -des",
        "ec -provider legacy -provider default -rc2",
        "ec -provider legacy -provider default -bf",
    ];
    for scheme in schemes {
        let (name, rest) = scheme.split_once(' ').unwrap();
        openssl.run(&format!("{name} -in @keys/p256-a.key {rest} -passout file:pass -out key.pem"));
        let public = |passphrase: &str| {
            let readings = unpacked(openssl.read("key.pem"), &[passphrase]);
            let key = readings[0].entries().iter().find_map(Entry::private_key).unwrap();
            assert_eq!(key.public_key().is_some(), key.fault().is_none(), "{scheme}");
            key.public_key().map(|key| key.key_type().to_string())
        };
        assert_eq!(public("secret").as_deref(), Some("ecdsa p256"), "{scheme}");
        assert_eq!(public("wrong"), None, "{scheme}");
    }
}
