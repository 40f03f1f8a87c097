//! The search for parts of a secret.

use std::collections::HashSet;
use std::hash::Hash;

use crate::harness::{armors, base64, base64_bytes, files_below, fixtures, hex, openssl, relative};

/// Characters of base64 or hexadecimal that must not be seen together.
const SYMBOLS: usize = 12;
/// Decoded bytes that must not be seen together.
const BYTES: usize = 6;

/// Everything of private keys that must not be printed.
#[derive(Default)]
pub(crate) struct Secret {
    base64: HashSet<[u8; SYMBOLS]>,
    /// In lower case.
    hex: HashSet<[u8; SYMBOLS]>,
    bytes: HashSet<[u8; BYTES]>,
}

impl Secret {
    /// Of base64 bodies, without what is public of any key.
    pub(super) fn of(bodies: &[String]) -> Self {
        let mut secret = Self::default();
        for body in bodies {
            secret.base64.extend(body.as_bytes().array_windows());
            secret.add_bytes(&base64_bytes(body));
        }
        let public = public();
        without(&mut secret.base64, &public.base64);
        without(&mut secret.hex, &public.hex);
        without(&mut secret.bytes, &public.bytes);
        secret
    }

    /// Of bytes that are secret from the first to the last.
    pub(crate) fn of_bytes(parts: &[Vec<u8>]) -> Self {
        let mut secret = Self::default();
        for part in parts {
            secret.add_bytes(part);
            secret.add_base64(part);
        }
        secret
    }

    /// As base64 bytes look different behind one byte and behind two.
    fn add_base64(&mut self, bytes: &[u8]) {
        for before in 0..3 {
            let moved = [&[0].repeat(before), bytes].concat();
            let whole_symbols = (8 * before).div_ceil(6)..8 * moved.len() / 6;
            self.base64.extend(base64(&moved).as_bytes()[whole_symbols].array_windows());
        }
    }

    fn add_bytes(&mut self, bytes: &[u8]) {
        self.hex.extend(hex(bytes).as_bytes().array_windows());
        self.bytes.extend(bytes.array_windows().filter(|window| !is_word(window)));
    }

    /// A part of the secret that stands in what was printed, as base64, hexadecimal, bytes, or numbers in a list.
    pub(crate) fn found_in(&self, printed: &[u8]) -> Option<String> {
        let lower = printed.to_ascii_lowercase();
        let joined: Vec<u8> = lower.iter().copied().filter(|byte| !b": ".contains(byte)).collect();
        let found = run_in(&self.base64, printed, is_base64)
            .or_else(|| run_in(&self.hex, &lower, u8::is_ascii_hexdigit))
            .or_else(|| run_in(&self.hex, &joined, u8::is_ascii_hexdigit));
        if let Some(run) = found {
            return Some(String::from_utf8_lossy(&run).into_owned());
        }
        let numbers = numbers(printed);
        let mut windows =
            printed.array_windows().filter(|window| !is_word(window)).chain(numbers.array_windows());
        windows.find(|window| self.bytes.contains(*window)).map(|window| format!("{window:?}"))
    }
}

/// The first of the windows that stands in an unbroken run of symbols.
fn run_in(
    windows: &HashSet<[u8; SYMBOLS]>,
    printed: &[u8],
    is_symbol: impl Fn(&u8) -> bool,
) -> Option<[u8; SYMBOLS]> {
    let runs = printed.split(|byte| !is_symbol(byte)).filter(|run| run.len() >= SYMBOLS);
    runs.flat_map(<[u8]>::array_windows).find(|window| windows.contains(*window)).copied()
}

fn is_base64(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=".contains(byte)
}

/// Bytes that could be words of a message: of a key's, hardly any six in a row are.
fn is_word(window: &[u8; BYTES]) -> bool {
    window.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n'))
}

/// Numbers up to 255 that are parted by a comma: a list of bytes as `Debug` writes it, or as JSON does.
fn numbers(printed: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(printed);
    text.split([',', '[', ']']).filter_map(|word| word.trim().parse().ok()).collect()
}

fn without<T: Eq + Hash>(windows: &mut HashSet<T>, public: &HashSet<T>) {
    windows.retain(|window| !public.contains(window));
}

/// What may be printed: the certificates of the sound chains, and the public half of every key as OpenSSL computes it.
fn public() -> Secret {
    let mut public = Secret::default();
    for path in files_below(&fixtures().join("chain"), "pem") {
        for armor in armors(&std::fs::read_to_string(path).expect("sound chains are text")) {
            public.base64.extend(armor.body.as_bytes().array_windows());
            public.add_bytes(&base64_bytes(&armor.body));
        }
    }
    for path in files_below(&fixtures().join("keys"), "key") {
        let path = relative(&path);
        let arguments = ["pkey", "-in", path.as_str(), "-passin", "pass:", "-pubout", "-outform", "der"];
        let output = openssl(arguments);
        // What is encrypted, or OpenSSH's, is the key of another file too.
        if !output.status.success() {
            continue;
        }
        public.add_bytes(&output.stdout);
        public.add_base64(&output.stdout);
    }
    public
}

#[test]
fn every_form_of_a_secret_is_found() {
    let body = "Gf8wSx2DhlQnHr7Zk1cXvB9p4mTyEo0aJ5uNqWdLRis=".to_owned();
    let decoded = base64_bytes(&body);
    assert_eq!(hex(&decoded[..4]), "19ff304b");
    let secret = Secret::of(&[body]);
    let colons = decoded[8..16].iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
    let list = format!("{:?}", &decoded[3..12]);
    let forms = ["| hlQnHr7Zk1cX |", &hex(&decoded[4..10]).to_uppercase(), &colons, &list];
    for form in forms {
        assert!(secret.found_in(form.as_bytes()).is_some(), "{form}");
    }
    assert!(secret.found_in(&decoded[5..11]).is_some());
    assert!(secret.found_in(b"| lQnHr7Zk1cX |, 30:4b:1d").is_none());
}

#[test]
fn base64_is_written_as_it_is_read() {
    for text in ["", "f", "fo", "foo", "foob", "fooba", "foobar", "\u{0}\u{7f}~"] {
        assert_eq!(base64_bytes(&base64(text.as_bytes())), text.as_bytes());
    }
    assert_eq!(base64(b"fooba"), "Zm9vYmE=");
}

#[test]
fn most_of_a_private_key_is_no_public_half_of_any() {
    for key in ["p256-a", "p256-a.sec1", "rsa-2048-a", "rsa-2048-a.pkcs1", "ed25519-a"] {
        let text =
            std::fs::read_to_string(fixtures().join(format!("keys/{key}.key"))).expect("keys are text");
        let bodies: Vec<String> = armors(&text).into_iter().map(|armor| armor.body).collect();
        let Secret { base64, hex, bytes } = Secret::of(&bodies);
        // The shortest is 32 bytes without any public half beside them.
        assert!(base64.len() > 28 && hex.len() > 50 && bytes.len() > 24, "{key}");
    }
}
