//! The search for parts of a secret.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::harness::{armors, base64_bytes, files_below, fixtures, hex};

/// Characters of base64 or hexadecimal that must not be seen together.
const SYMBOLS: usize = 12;
/// Decoded bytes that must not be seen together.
const BYTES: usize = 6;

/// Everything of a private key that must not be printed.
pub(super) struct Secret {
    base64: HashSet<Vec<u8>>,
    hex: HashSet<Vec<u8>>,
    bytes: HashSet<Vec<u8>>,
}

impl Secret {
    /// Of base64 bodies: what also stands in certificates or is the start of every key is no secret.
    pub(super) fn of(bodies: &[String]) -> Self {
        let mut secret = Self { base64: HashSet::new(), hex: HashSet::new(), bytes: HashSet::new() };
        for body in bodies {
            let decoded = base64_bytes(body);
            secret.base64.extend(windows(body.as_bytes(), SYMBOLS));
            secret.hex.extend(windows(hex(&decoded).as_bytes(), SYMBOLS));
            secret.bytes.extend(windows(&decoded, BYTES));
        }
        let public = public();
        secret.base64.retain(|window| !public.base64.contains(window));
        secret.hex.retain(|window| !public.hex.contains(window));
        secret.bytes.retain(|window| !public.bytes.contains(window) && !is_word(window));
        secret
    }

    /// A part of the secret that stands in what was printed, as base64, hexadecimal, bytes, or numbers in a list.
    pub(super) fn found_in(&self, printed: &[u8]) -> Option<String> {
        let lower: Vec<u8> = printed.iter().map(u8::to_ascii_lowercase).collect();
        let without_colons: Vec<u8> =
            lower.iter().copied().filter(|byte| !matches!(byte, b':' | b' ')).collect();
        let as_base64 = printed.windows(SYMBOLS).find(|window| self.base64.contains(*window));
        let as_hex = [&lower, &without_colons]
            .into_iter()
            .find_map(|text| text.windows(SYMBOLS).find(|window| self.hex.contains(*window)));
        let as_bytes = printed.windows(BYTES).find(|window| self.bytes.contains(*window));
        let numbers = numbers(printed);
        let as_numbers = numbers.windows(BYTES).find(|window| self.bytes.contains(*window));
        let found =
            as_base64.or(as_hex).or(as_bytes).map(|window| String::from_utf8_lossy(window).into_owned());
        found.or_else(|| as_numbers.map(|window| format!("{window:?}")))
    }
}

/// Words that stand in keys in plain text.
const WORDS: [&str; 7] = [
    "aes256-ctr",
    "bcrypt",
    "ecdsa-sha2-nistp256",
    "openssh-key-v1",
    "ssh-ed25519",
    "ssh-rsa",
    "this is text, not the encoding of a private key",
];

fn is_word(window: &[u8]) -> bool {
    WORDS.iter().any(|word| word.as_bytes().windows(window.len()).any(|part| part == window))
}

/// Numbers up to 255 that are parted by a comma and a space or line end: a list of bytes as `Debug` writes it.
fn numbers(printed: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(printed);
    text.split(',').filter_map(|word| word.trim().trim_start_matches('[').trim().parse().ok()).collect()
}

fn windows(text: &[u8], length: usize) -> impl Iterator<Item = Vec<u8>> + '_ {
    text.windows(length).map(<[u8]>::to_vec)
}

/// What stands in the certificates and public keys of the fixtures, and so may be printed.
fn public() -> &'static Secret {
    static PUBLIC: OnceLock<Secret> = OnceLock::new();
    PUBLIC.get_or_init(|| {
        let mut public = Secret { base64: HashSet::new(), hex: HashSet::new(), bytes: HashSet::new() };
        for path in files_below(&fixtures(), "pem") {
            let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
            for armor in armors(&text).into_iter().filter(|armor| !armor.label.ends_with("PRIVATE KEY")) {
                let decoded = base64_bytes(&armor.body);
                public.base64.extend(windows(armor.body.as_bytes(), SYMBOLS));
                public.hex.extend(windows(hex(&decoded).as_bytes(), SYMBOLS));
                public.bytes.extend(windows(&decoded, BYTES));
            }
        }
        public
    })
}

#[test]
fn every_form_of_a_secret_is_found() {
    let body = "Gf8wSx2DhlQnHr7Zk1cXvB9p4mTyEo0aJ5uNqWdLRis=".to_owned();
    let decoded = base64_bytes(&body);
    assert_eq!(hex(&decoded[..4]), "19ff304b");
    let secret = Secret::of(&[body]);
    let colons = decoded[8..16].iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
    let forms = [
        "| hlQnHr7Zk1cX |",
        &hex(&decoded[4..10]).to_uppercase(),
        &colons,
        &format!("{:?}", &decoded[3..12]),
    ];
    for form in forms {
        assert!(secret.found_in(form.as_bytes()).is_some(), "{form}");
    }
    assert!(secret.found_in(&decoded[5..11]).is_some());
    assert!(secret.found_in(b"| lQnHr7Zk1cX |, 30:4b:1d").is_none());
}
