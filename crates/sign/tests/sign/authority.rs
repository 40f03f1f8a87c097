//! Key files, with `ssh-keygen` on the other side.

use std::fs;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use certgate_sign::{Authority, AuthorityKeyType, Error, KEY_DERIVATION_ROUNDS_MAX, Signer as _};

use crate::harness::{
    authorities, ed25519, folder, keygen, line_of, public_line, rng, run_well, text, write_private,
};

#[test]
fn ssh_keygen_opens_what_we_write_and_we_do_too() {
    let folder = folder();
    for (key_type, authority) in authorities() {
        let path = folder.path().join(key_type.name());
        let encrypted = authority.to_openssh(b"open sesame", "host authority", &mut rng(4)).unwrap();
        write_private(&path, &encrypted);
        let printed = run_well("ssh-keygen", &["-y", "-P", "open sesame", "-f", text(&path)]);
        assert!(printed.starts_with(&line_of(authority.public_key())), "{key_type}: {printed}");
        assert!(printed.trim_end().ends_with(" host authority"), "{printed}");
        let reread = Authority::from_key_file(encrypted.as_bytes(), 0o600, Some(b"open sesame")).unwrap();
        assert_eq!(reread.public_key(), authority.public_key());
        let signature = reread.sign(b"message").unwrap();
        signature.verify(authority.public_key(), b"message").unwrap();

        let plain = authority.to_openssh_without_encryption("").unwrap();
        write_private(&path, &plain);
        let printed = run_well("ssh-keygen", &["-y", "-P", "", "-f", text(&path)]);
        assert_eq!(printed.trim_end(), line_of(authority.public_key()));
        assert!(Authority::from_key_file(plain.as_bytes(), 0o400, None).is_ok());
    }
}

#[test]
fn we_open_what_ssh_keygen_writes() {
    let folder = folder();
    for (key_type, bits) in
        [("ed25519", "0"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("rsa", "3072")]
    {
        for passphrase in ["", "open sesame"] {
            let path = keygen(folder.path(), key_type, bits, passphrase);
            let bytes = fs::read(&path).unwrap();
            let open = |passphrase| Authority::from_key_file(&bytes, 0o100_600, passphrase);
            let authority = open(Some(passphrase.as_bytes())).unwrap();
            let line = public_line(&path);
            assert!(line.starts_with(&line_of(authority.public_key())), "{key_type} {bits}: {line}");
            authority.sign(b"message").unwrap().verify(authority.public_key(), b"message").unwrap();
            if !passphrase.is_empty() {
                assert!(matches!(open(None), Err(Error::AuthorityKeyEncrypted)));
                assert!(matches!(open(Some(b"open barley")), Err(Error::AuthorityPassphraseWrong)));
                assert!(matches!(open(Some(b"")), Err(Error::AuthorityPassphraseWrong)));
            }
        }
    }
}

#[test]
fn the_other_ciphers_of_openssh_open_too() {
    let folder = folder();
    for cipher in ["aes128-ctr", "aes256-cbc", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com"] {
        let path = folder.path().join(cipher);
        run_well(
            "ssh-keygen",
            &["-q", "-t", "ed25519", "-N", "open sesame", "-Z", cipher, "-f", text(&path)],
        );
        let bytes = fs::read(&path).unwrap();
        let opened = Authority::from_key_file(&bytes, 0o600, Some(b"open sesame"));
        assert!(opened.is_ok(), "{cipher}: {}", opened.err().unwrap());
        let wrong = Authority::from_key_file(&bytes, 0o600, Some(b"open barley"));
        assert!(matches!(wrong, Err(Error::AuthorityPassphraseWrong)), "{cipher}");
    }
}

#[test]
fn keys_in_pkcs8_pkcs1_and_sec1_are_adopted() {
    let folder = folder();
    for (key_type, bits) in
        [("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("rsa", "2048"), ("rsa", "3072")]
    {
        for format in ["PKCS8", "PEM"] {
            let path = keygen(folder.path(), key_type, bits, format);
            run_well("ssh-keygen", &["-q", "-p", "-P", format, "-N", "", "-m", format, "-f", text(&path)]);
            let bytes = fs::read(&path).unwrap();
            let authority = Authority::from_key_file(&bytes, 0o600, None)
                .unwrap_or_else(|error| panic!("{key_type} {bits} {format}: {error}"));
            assert!(public_line(&path).starts_with(&line_of(authority.public_key())));
            fs::remove_file(&path).unwrap();
        }
    }
}

#[test]
fn an_ed25519_key_in_pkcs8_is_adopted() {
    // RFC 8410 §10.3.
    let pem = "-----BEGIN PRIVATE KEY-----\n\
               MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
               -----END PRIVATE KEY-----\n";
    let authority = Authority::from_key_file(pem.as_bytes(), 0o600, None).unwrap();
    assert_eq!(authority.public_key().name(), "ssh-ed25519");
    let public = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
    assert!(certgate_facts::hex(authority.public_key().blob()).ends_with(public));
}

#[test]
fn what_cannot_be_an_authority_is_refused_with_its_reason() {
    let folder = folder();
    let small = keygen(folder.path(), "rsa", "1024", "");
    let open = |bytes: &[u8]| Authority::from_key_file(bytes, 0o600, Some(b"x")).err().unwrap();
    let bytes = fs::read(&small).unwrap();
    assert!(matches!(open(&bytes), Error::AuthorityKeyTooSmall { bits: 1024 }));
    run_well("ssh-keygen", &["-q", "-p", "-P", "", "-N", "", "-m", "PEM", "-f", text(&small)]);
    assert!(matches!(open(&fs::read(&small).unwrap()), Error::AuthorityKeyTooSmall { bits: 1024 }));

    run_well("ssh-keygen", &["-q", "-p", "-P", "", "-N", "12345", "-m", "PKCS8", "-f", text(&small)]);
    let error = open(&fs::read(&small).unwrap());
    assert!(matches!(error, Error::AuthorityKeyUnsupported { .. }), "{error}");
    assert!(error.to_string().contains("ssh-keygen -p"), "{error}");

    assert!(matches!(open(b""), Error::AuthorityKeyMissing));
    assert!(matches!(open(line_of(ed25519(1).public_key()).as_bytes()), Error::AuthorityKeyMissing));
    let one = ed25519(1).to_openssh_without_encryption("").unwrap();
    assert!(matches!(
        open([one.as_str(), one.as_str()].concat().as_bytes()),
        Error::AuthorityKeyDamaged { .. }
    ));
    assert!(matches!(
        open(one[..120].as_bytes()),
        Error::AuthorityKeyDamaged { .. } | Error::AuthorityKeyMissing
    ));
}

#[test]
fn the_mode_is_looked_at_before_the_key_is() {
    let error = Authority::from_key_file(b"anything", 0o100_644, None).err().unwrap();
    assert!(matches!(error, Error::AuthorityKeyModeTooOpen { mode: 0o644 }), "{error}");
}

#[test]
fn a_public_half_of_another_key_is_noticed() {
    for (key_type, authority) in
        authorities().iter().filter(|(key_type, _)| *key_type != AuthorityKeyType::Rsa4096)
    {
        let plain = authority.to_openssh_without_encryption("").unwrap();
        let other = Authority::create(*key_type, &mut rng(77)).unwrap();
        let (own, others) = (authority.public_key().blob(), other.public_key().blob());
        let swapped = swap_public_half(&plain, own, others);
        let error = Authority::from_key_file(swapped.as_bytes(), 0o600, None).err().unwrap();
        assert!(matches!(error, Error::AuthorityKeyDamaged { .. }), "{key_type}: {error}");
    }
}

/// The armored file with the public half before the private section replaced, first occurrence only.
fn swap_public_half(armored: &str, own: &[u8], others: &[u8]) -> String {
    let mut bytes = dearmored(armored);
    let at = bytes.windows(own.len()).position(|window| window == own).unwrap();
    assert_eq!(own.len(), others.len());
    bytes[at..at + own.len()].copy_from_slice(others);
    armored_again(&bytes)
}

fn dearmored(armored: &str) -> Vec<u8> {
    let body: String = armored.lines().filter(|line| !line.starts_with("-----")).collect();
    BASE64_STANDARD.decode(body).unwrap()
}

fn armored_again(bytes: &[u8]) -> String {
    let body = BASE64_STANDARD.encode(bytes);
    format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{body}\n-----END OPENSSH PRIVATE KEY-----\n")
}

#[test]
fn a_file_cannot_ask_for_work_without_end() {
    let encrypted = ed25519(1).to_openssh(b"x", "", &mut rng(1)).unwrap();
    let mut bytes = dearmored(&encrypted);
    // Magic, cipher, name of the derivation, length of its options, length of the salt, salt, rounds.
    let at = 15 + 14 + 10 + 4 + 4 + 16;
    assert_eq!(bytes[at..at + 4], 24_u32.to_be_bytes());
    bytes[at..at + 4].copy_from_slice(&(KEY_DERIVATION_ROUNDS_MAX + 1).to_be_bytes());
    let armored = armored_again(&bytes);
    let error = Authority::from_key_file(armored.as_bytes(), 0o600, Some(b"x")).err().unwrap();
    assert!(matches!(error, Error::KeyDerivationTooCostly { rounds: 4097 }), "{error}");
}

#[test]
fn an_empty_passphrase_does_not_encrypt() {
    let error = ed25519(1).to_openssh(b"", "", &mut rng(1)).err().unwrap();
    assert!(matches!(error, Error::PassphraseEmpty), "{error}");
}

#[test]
fn ed25519_and_ecdsa_keys_are_made_of_the_randomness_given() {
    for key_type in AuthorityKeyType::ALL {
        assert_eq!(AuthorityKeyType::from_name(key_type.name()), Some(key_type));
        if key_type == AuthorityKeyType::Rsa4096 {
            continue; // Takes its time, and says no more than the smaller one.
        }
        let make = |seed| Authority::create(key_type, &mut rng(seed)).unwrap().public_key().fingerprint();
        let is_ours = !key_type.name().starts_with("rsa");
        assert_eq!(make(1) == make(1), is_ours, "{key_type}");
        assert_ne!(make(1), make(2), "{key_type}");
    }
}

#[test]
fn what_is_written_differs_with_the_salt_and_holds_no_key_in_the_clear() {
    let authority = ed25519(1);
    let write = |seed| authority.to_openssh(b"open sesame", "", &mut rng(seed)).unwrap();
    assert_eq!(*write(1), *write(1));
    assert_ne!(*write(1), *write(2));
}
