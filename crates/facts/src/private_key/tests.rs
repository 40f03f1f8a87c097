use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use proptest::prelude::*;

use super::*;
use crate::fixture::{key_block, names, ssh_line};
use crate::key::KeyType;
use crate::ssh_key::SshPublicKey;

fn read_fixture(name: &str) -> PrivateKey {
    let block = key_block(name);
    let headers: Vec<_> = block.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    read(&block.label, &headers, &block.body)
}

fn summary(key: &PrivateKey) -> String {
    let public = |public: &Option<PublicKey>| {
        public.as_ref().map_or_else(String::new, |public| format!(", public {}", public.key_type()))
    };
    let state = match key.state() {
        PrivateKeyState::Encrypted { scheme, public: half } => format!("encrypted: {scheme}{}", public(half)),
        PrivateKeyState::Unreadable { reason } => format!("unreadable: {reason}"),
        PrivateKeyState::Unsupported { algorithm, public: half } => {
            format!("unsupported: {algorithm}{}", public(half))
        }
        PrivateKeyState::Usable(public) => format!("usable: {}", public.key_type()),
    };
    format!("{}, {state}", key.format())
}

/// An unencrypted key in its outer SEQUENCE, one element changed.
fn with_element(bytes: &[u8], at: usize, element: &[u8]) -> Vec<u8> {
    let mut walk = Walk::only_sequence(bytes).unwrap();
    let mut elements = Vec::new();
    while walk.next_tag().is_some() {
        elements.push(walk.any().unwrap().whole());
    }
    elements[at] = element;
    der::write(der::SEQUENCE, &elements)
}

#[test]
fn every_format_is_told_by_its_content() {
    let seen: Vec<String> = [
        "dsa.key",
        "dsa.traditional.key",
        "ed25519-a.key",
        "ed25519-a.openssh.key",
        "ed25519-a.openssh-encrypted.key",
        "ed448.key",
        "p224.key",
        "p256-a.encrypted-pkcs8.key",
        "p256-a.encrypted-pkcs8-pbes1.key",
        "p256-a.encrypted-pkcs8-scrypt.key",
        "p256-a.key",
        "p256-a.legacy-encrypted.key",
        "p256-a.openssh.key",
        "p256-a.sec1.key",
        "p256-a.sec1-parameters.key",
        "p256-a.sec1-without-public.key",
        "p256-explicit-parameters.key",
        "p384-a.sec1.key",
        "p521-a.key",
        "rsa-1024.key",
        "rsa-2048-a.key",
        "rsa-2048-a.legacy-encrypted.key",
        "rsa-2048-a.openssh.key",
        "rsa-2048-a.pkcs1.key",
        "rsa-4096-a.key",
        "rsa-pss.key",
        "secp256k1.key",
        "x25519.key",
    ]
    .map(|name| format!("{name}: {}", summary(&read_fixture(name))))
    .into();
    insta::assert_snapshot!(seen.join("\n"), @"
    dsa.key: PKCS#8, unsupported: dsa 2048
    dsa.traditional.key: traditional DSA, unsupported: dsa 2048, public dsa 2048
    ed25519-a.key: PKCS#8, usable: ed25519
    ed25519-a.openssh.key: OpenSSH, unsupported: OpenSSH format, ssh-ed25519, public ed25519
    ed25519-a.openssh-encrypted.key: OpenSSH, encrypted: OpenSSH, aes256-ctr with bcrypt, public ed25519
    ed448.key: PKCS#8, unsupported: ed448
    p224.key: PKCS#8, usable: ecdsa p224
    p256-a.encrypted-pkcs8.key: PKCS#8, encrypted: PBES2, PBKDF2 with HMAC-SHA-256 (2048 iterations), AES-256-CBC
    p256-a.encrypted-pkcs8-pbes1.key: PKCS#8, encrypted: PKCS#12 PBE, SHA-1 with three-key DES-EDE3-CBC (2048 iterations)
    p256-a.encrypted-pkcs8-scrypt.key: PKCS#8, encrypted: PBES2, scrypt (N 16384, r 8, p 1), AES-256-CBC
    p256-a.key: PKCS#8, usable: ecdsa p256
    p256-a.legacy-encrypted.key: SEC 1, encrypted: legacy PEM encryption, AES-256-CBC
    p256-a.openssh.key: OpenSSH, unsupported: OpenSSH format, ecdsa-sha2-nistp256, public ecdsa p256
    p256-a.sec1.key: SEC 1, usable: ecdsa p256
    p256-a.sec1-parameters.key: SEC 1, usable: ecdsa p256
    p256-a.sec1-without-public.key: SEC 1, usable: ecdsa p256
    p256-explicit-parameters.key: PKCS#8, unsupported: ecdsa with explicit parameters, public ecdsa with explicit parameters
    p384-a.sec1.key: SEC 1, usable: ecdsa p384
    p521-a.key: PKCS#8, usable: ecdsa p521
    rsa-1024.key: PKCS#8, usable: rsa 1024
    rsa-2048-a.key: PKCS#8, usable: rsa 2048
    rsa-2048-a.legacy-encrypted.key: PKCS#1, encrypted: legacy PEM encryption, AES-256-CBC
    rsa-2048-a.openssh.key: OpenSSH, unsupported: OpenSSH format, ssh-rsa, public rsa 2048
    rsa-2048-a.pkcs1.key: PKCS#1, usable: rsa 2048
    rsa-4096-a.key: PKCS#8, usable: rsa 4096
    rsa-pss.key: PKCS#8, unsupported: rsa-pss 2048, public rsa-pss 2048
    secp256k1.key: PKCS#8, unsupported: ecdsa secp256k1, public ecdsa secp256k1
    x25519.key: PKCS#8, unsupported: x25519, public x25519
    ");
}

#[test]
fn labels_do_not_matter_to_readable_content() {
    for name in names("keys") {
        let block = key_block(&name);
        if !block.headers.is_empty() || name.contains("dsa") {
            continue;
        }
        let expected = read_fixture(&name);
        for label in
            ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "ANY PRIVATE KEY"]
        {
            assert_eq!(read(label, &[], &block.body), expected, "{name} as {label}");
        }
    }
}

#[test]
fn all_formats_of_one_key_have_one_public_half() {
    for family in ["ed25519-a", "p256-a", "p384-a", "p521-a", "rsa-2048-a"] {
        let canonical = read_fixture(&format!("{family}.key"));
        let canonical = canonical.public_key().unwrap();
        for name in names("keys").iter().filter(|name| name.starts_with(family)) {
            if let Some(public) = read_fixture(name).public_key() {
                assert!(public.matches(canonical), "{name}");
                assert_eq!(public.spki(), canonical.spki(), "{name}");
            }
        }
    }
}

#[test]
fn public_halves_are_those_that_ssh_keygen_derives() {
    for (ssh, key) in [
        ("ca-ecdsa-p256.pub", "p256-c.key"),
        ("ca-ed25519.pub", "ed25519-c.key"),
        ("ca-rsa-2048.pub", "rsa-2048-c.key"),
        ("ecdsa-p256.pub", "p256-a.key"),
        ("ecdsa-p384.pub", "p384-a.key"),
        ("ecdsa-p521.pub", "p521-a.key"),
        ("ed25519.pub", "ed25519-a.key"),
        ("rsa-2048.pub", "rsa-2048-a.key"),
        ("rsa-4096.pub", "rsa-4096-a.key"),
    ] {
        let ssh = SshPublicKey::read(&ssh_line(ssh)).unwrap();
        assert_eq!(ssh.public_key(), read_fixture(key).public_key(), "{key}");
    }
}

#[test]
fn a_stated_public_half_that_disagrees_is_not_believed() {
    let a = key_block("p256-a.sec1.key").body;
    let b = read_fixture("p256-b.key");
    let mut walk = Walk::only_sequence(key_block("p256-b.key").body.leak()).unwrap();
    walk.any().unwrap();
    walk.any().unwrap();
    let mut inner = Walk::only_sequence(walk.any().unwrap().content()).unwrap();
    let public_of_b = [inner.any(), inner.any(), inner.any()].into_iter().next_back().unwrap().unwrap();
    assert_eq!(public_of_b.tag(), der::CONTEXT_1);
    let crossed = read("EC PRIVATE KEY", &[], &with_element(&a, 3, public_of_b.whole()));
    assert!(!crossed.public_key().unwrap().matches(b.public_key().unwrap()));
    assert_eq!(crossed.public_key(), read_fixture("p256-a.key").public_key());
}

#[test]
fn the_provider_derives_the_same_point() {
    let body = key_block("p256-a.key").body;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &body).unwrap();
    let public = read_fixture("p256-a.key");
    assert!(public.public_key().unwrap().spki().ends_with(pair.public_key().as_ref()));
}

#[test]
fn scalars_of_the_wrong_length_are_padded_and_cut() {
    let body = key_block("p256-a.sec1.key").body;
    let mut walk = Walk::only_sequence(&body).unwrap();
    walk.any().unwrap();
    let scalar = walk.any().unwrap().content();
    let with_scalar = |scalar: &[u8]| {
        read("EC PRIVATE KEY", &[], &with_element(&body, 1, &der::write(der::OCTET_STRING, &[scalar])))
    };
    assert_eq!(
        with_scalar(&[&[0, 0], scalar].concat()),
        read_fixture("p256-a.key").with_format(KeyFormat::Sec1)
    );
    assert!(matches!(with_scalar(&[1]).state(), PrivateKeyState::Usable(_)));
    assert!(matches!(with_scalar(&[0; 32]).state(), PrivateKeyState::Unreadable { .. }));
    assert!(matches!(with_scalar(&[0xff; 32]).state(), PrivateKeyState::Unreadable { .. }));
    assert!(matches!(with_scalar(&[1; 33]).state(), PrivateKeyState::Unreadable { .. }));
}

impl PrivateKey {
    fn with_format(self, format: KeyFormat) -> Self {
        Self { format, ..self }
    }
}

#[test]
fn p224_needs_its_public_half() {
    let body = key_block("p224.key").body;
    let mut walk = Walk::only_sequence(&body).unwrap();
    let (version, algorithm) = (walk.any().unwrap().whole(), walk.any().unwrap().whole());
    let mut inner = Walk::only_sequence(walk.any().unwrap().content()).unwrap();
    let bare = der::write(der::SEQUENCE, &[inner.any().unwrap().whole(), inner.any().unwrap().whole()]);
    let key = der::write(der::SEQUENCE, &[version, algorithm, &der::write(der::OCTET_STRING, &[&bare])]);
    assert_eq!(
        summary(&read("PRIVATE KEY", &[], &key)),
        "PKCS#8, unsupported: ecdsa p224 without its public half"
    );
}

#[test]
fn rsa_numbers_that_do_not_belong_together_are_told() {
    let body = key_block("rsa-2048-a.pkcs1.key").body;
    let other = key_block("rsa-2048-b.key").body;
    let reason = |at: usize, number: &[u8]| match read(
        "RSA PRIVATE KEY",
        &[],
        &with_element(&body, at, &der::write_unsigned(number)),
    )
    .state
    {
        PrivateKeyState::Unreadable { reason } => reason,
        _ => "usable".to_owned(),
    };
    let other_d = {
        let mut walk = Walk::only_sequence(&other).unwrap();
        let _ = (walk.any(), walk.any());
        let mut inner = Walk::only_sequence(walk.any().unwrap().content()).unwrap();
        let _ = (inner.any(), inner.any(), inner.any());
        inner.any().unwrap().magnitude().unwrap()
    };
    assert_eq!(reason(0, &[2]), "the version of the RSA key is neither 0 nor 1");
    assert_eq!(reason(1, &[0x81; 256]), "the RSA modulus is not the product of the primes");
    assert_eq!(reason(2, &[4]), "the RSA public exponent is even or one");
    assert_eq!(reason(2, &[]), "the modulus or the exponent is zero");
    let unfit = "the RSA private exponent or a CRT value does not fit the modulus and the public exponent";
    assert_eq!(reason(2, &[3]), unfit);
    assert_eq!(reason(3, other_d), unfit);
    assert_eq!(reason(8, &[7]), unfit);
    assert_eq!(reason(5, &[1]), "the RSA modulus is not the product of the primes");
}

#[test]
fn rsa_keys_without_their_optional_part_are_not_taken_for_dsa() {
    let body = key_block("rsa-2048-a.pkcs1.key").body;
    let mut walk = Walk::only_sequence(&body).unwrap();
    let six: Vec<&[u8]> = (0..6).map(|_| walk.any().unwrap().whole()).collect();
    let key = der::write(der::SEQUENCE, &six);
    assert_eq!(read("RSA PRIVATE KEY", &[], &key), read_fixture("rsa-2048-a.pkcs1.key"));
}

#[test]
fn multi_prime_rsa_keys_are_read() {
    // 3 · 5 · 7 = 105; d is not checked at this size.
    let number = |value: u8| der::write_unsigned(&[value]);
    let third = der::write(der::SEQUENCE, &[&number(7), &number(5), &number(1)]);
    let others = der::write(der::SEQUENCE, &[&third]);
    let numbers = [1, 105, 5, 29, 3, 5, 1, 1, 2].map(number).concat();
    let key = read("RSA PRIVATE KEY", &[], &der::write(der::SEQUENCE, &[&numbers, &others]));
    assert_eq!(summary(&key), "PKCS#1, usable: rsa 7");
    let two = read("RSA PRIVATE KEY", &[], &der::write(der::SEQUENCE, &[&numbers]));
    assert_eq!(summary(&two), "PKCS#1, unreadable: the RSA modulus is not the product of the primes");
}

#[test]
fn bytes_after_the_key_are_refused() {
    for name in ["rsa-2048-a.key", "rsa-2048-a.pkcs1.key", "p256-a.key", "p256-a.sec1.key", "ed25519-a.key"] {
        let mut body = key_block(name).body;
        body.extend_from_slice(&[0, 0]);
        let PrivateKeyState::Unreadable { reason } = read("PRIVATE KEY", &[], &body).state else {
            panic!("{name} is readable");
        };
        assert_eq!(reason, "2 bytes follow the end of the key", "{name}");
    }
}

#[test]
fn version_two_of_pkcs8_is_read_with_attributes_and_public_half() {
    let body = key_block("ed25519-a.key").body;
    let mut walk = Walk::only_sequence(&body).unwrap();
    let (_, algorithm, key) = (walk.any().unwrap(), walk.any().unwrap(), walk.any().unwrap());
    let attributes = der::write(der::CONTEXT_0, &[]);
    let public = der::write(der::CONTEXT_1_PRIMITIVE, &[&[0; 33]]);
    let two = der::write(der::SEQUENCE, &[&[2, 1, 1], algorithm.whole(), key.whole(), &attributes, &public]);
    assert_eq!(read("PRIVATE KEY", &[], &two), read_fixture("ed25519-a.key"));
}

#[test]
fn nonsense_says_why() {
    let reason = |bytes: &[u8]| summary(&read("PRIVATE KEY", &[], bytes));
    insta::assert_snapshot!(reason(b""), @"unknown, unreadable: the data is cut off inside a value");
    insta::assert_snapshot!(reason(b"hello"), @"unknown, unreadable: the data is cut off inside a value");
    insta::assert_snapshot!(reason(&[0x30, 0x80, 0, 0]), @"unknown, unreadable: a length is indefinite, which DER forbids");
    insta::assert_snapshot!(reason(&[0x30, 3, 2, 1, 0]), @"unknown, unreadable: the data is cut off inside a value");
    insta::assert_snapshot!(summary(&read("OPENSSH PRIVATE KEY", &[], b"")), @"OpenSSH, unreadable: the content does not start as an OpenSSH private key does");
    insta::assert_snapshot!(summary(&read("OPENSSH PRIVATE KEY", &[], b"openssh-key-v1\0\0\0\0\x04no")), @"OpenSSH, unreadable: the OpenSSH private key is cut off");
    insta::assert_snapshot!(summary(&read("ENCRYPTED PRIVATE KEY", &[], b"")), @"PKCS#8, encrypted: an unreadable scheme");
}

#[test]
fn encryption_headers_decide_for_any_label() {
    let state = |headers: &[(&str, &str)]| summary(&read("RSA PRIVATE KEY", headers, b"noise"));
    let cipher = ("DEK-Info", "AES-256-CBC,0011");
    let expected = "PKCS#1, encrypted: legacy PEM encryption, AES-256-CBC";
    assert_eq!(state(&[("Proc-Type", "4,ENCRYPTED"), cipher]), expected);
    assert_eq!(state(&[cipher]), expected);
    assert_eq!(state(&[("proc-type", " 4, encrypted ")]), "PKCS#1, encrypted: legacy PEM encryption");
    assert!(!state(&[("Proc-Type", "4,MIC-ONLY")]).contains("encrypted"));
}

#[test]
fn labels_announce_private_keys_or_not() {
    for label in
        ["PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY", "X PRIVATE KEY"]
    {
        assert!(is_private_key_label(label), "{label}");
    }
    for label in
        ["EC PARAMETERS", "DSA PARAMETERS", "PUBLIC KEY", "NOPRIVATE KEY", "PRIVATE KEYS", "", "private key"]
    {
        assert!(!is_private_key_label(label), "{label}");
    }
}

#[test]
fn debug_text_holds_no_key_bytes() {
    for name in names("keys") {
        let block = key_block(&name);
        let key = read_fixture(&name);
        let public = key.public_key().map_or_else(Vec::new, |public| public.spki().to_vec());
        let text = format!("{key:?} {}", summary(&key));
        let compact: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        for window in block.body.windows(8) {
            // What the public half repeats is no secret.
            if public.windows(8).any(|known| known == window) {
                continue;
            }
            let decimal = window.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
            let hexadecimal: String = window.iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(!compact.contains(&format!(",{decimal},")) && !compact.contains(&hexadecimal), "{name}");
        }
    }
}

#[test]
fn keys_too_large_are_unsupported() {
    let big = [0x81; 3000];
    let numbers =
        [&[0][..], &big, &[3], &[5], &[7], &[11], &[1], &[1], &[1]].map(der::write_unsigned).concat();
    let key = read("RSA PRIVATE KEY", &[], &der::write(der::SEQUENCE, &[&numbers]));
    assert_eq!(summary(&key), "PKCS#1, unsupported: rsa 24000, public rsa 24000");
    assert_eq!(key.public_key().unwrap().key_type(), &KeyType::Rsa { bits: 24_000 });
}

fn any_label() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "PRIVATE KEY",
        "RSA PRIVATE KEY",
        "DSA PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6_000))]

    #[test]
    fn arbitrary_bytes_do_not_panic(label in any_label(), bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(label, &[], &bytes);
    }

    #[test]
    fn mutated_keys_do_not_panic(
        label in any_label(),
        name in prop::sample::select(names("keys")),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut body = key_block(&name).body;
        for (at, value) in edits {
            // Half of the edits near the start, where the structure is.
            let range = if value % 2 == 0 { body.len() } else { body.len().min(64) };
            body[at.index(range)] = value;
        }
        if let Some(cut) = cut {
            body.truncate(cut.index(body.len()));
        }
        let _ = read(label, &[], &body);
    }
}
