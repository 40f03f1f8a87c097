//! Readers meet any input: nothing panics, and what is read stays within the input.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use certgate_facts::known_hosts::LineDefect;
use certgate_facts::{
    BLOCKS_MAX, Certificate, Chain, Content, Entry, LINE_SHOWN_BYTES_MAX, Passphrases, Pkcs12Randomness,
    PublicKey, Reading, SSH_LINES_MAX, Source, SshContent, pkcs12,
};
use proptest::prelude::*;
use zeroize::Zeroizing;

/// Ten thousand inputs for each reader.
const CASES: u32 = 10_000;

/// Committed inputs that hold something to break.
fn seeds() -> &'static [Vec<u8>] {
    static SEEDS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    SEEDS.get_or_init(|| {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
        let folders = ["chain", "damaged", "keys", "rules/trust-line-unreadable", "seed", "ssh"]
            .map(|folder| fixtures.join(folder));
        let mut paths: Vec<PathBuf> = folders
            .iter()
            .flat_map(|folder| fs::read_dir(folder).expect("the folder is there"))
            .map(|entry| entry.expect("an entry reads").path())
            .collect();
        paths.sort();
        paths.iter().map(|path| fs::read(path).expect("the file reads")).collect()
    })
}

/// What is packed, and opens or does not; a bundle under a passphrase too.
fn containers() -> &'static [Vec<u8>] {
    static CONTAINERS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    CONTAINERS.get_or_init(|| {
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rules");
        let folders = ["container-unreadable", "input-needs-converting"].map(|folder| rules.join(folder));
        let files = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("the folder is there"));
        let mut paths: Vec<PathBuf> = files.map(|entry| entry.expect("an entry reads").path()).collect();
        paths.retain(|path| {
            !path.extension().is_some_and(|extension| extension == "pem" || extension == "key")
        });
        paths.sort();
        let mut all: Vec<_> = paths.iter().map(|path| fs::read(path).expect("the file reads")).collect();
        let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/containers/made");
        all.extend(
            ["keytool.p12", "pbmac1-sha256-sha256.p12"]
                .map(|name| fs::read(made.join(name)).expect("the file reads")),
        );
        let certificate = Certificate::from_der(&certificates()[0]).expect("it reads");
        let salt = [7; 16];
        let randomness = Pkcs12Randomness {
            certificates_salt: salt,
            certificates_iv: salt,
            key_salt: salt,
            key_iv: salt,
            mac_salt: salt,
        };
        let passphrase = Zeroizing::new(b"secret".to_vec());
        all.push(pkcs12(&[&certificate], Some(&[0x30, 0]), passphrase, &randomness).expect("it is written"));
        all
    })
}

fn certificates() -> &'static [Vec<u8>] {
    static DER: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    DER.get_or_init(|| {
        let readings = seeds().iter().map(|bytes| reading(bytes.clone()));
        readings
            .flat_map(|reading| {
                reading
                    .entries()
                    .iter()
                    .filter_map(Entry::certificate)
                    .map(|certificate| certificate.der().to_vec())
                    .collect::<Vec<_>>()
            })
            .collect()
    })
}

fn reading(bytes: Vec<u8>) -> Reading {
    Reading::of(Source::from_bytes("any", bytes).expect("within the limit"))
}

/// A few bytes set, cut out or doubled.
#[derive(Clone, Debug)]
enum Edit {
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index, usize),
    Double(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
}

fn edit() -> impl Strategy<Value = Edit> {
    let piece = prop::sample::select(vec![
        &b"-----BEGIN CERTIFICATE-----\n"[..],
        b"-----END CERTIFICATE-----",
        b"\r",
        b"\xEF\xBB\xBF",
        b"\n@cert-authority\t",
        b" ssh-ed25519 AAAA",
        b"|1|",
        b": ",
        b"\xE2\x80\x94",
        b"=",
        b"\0",
    ]);
    prop_oneof![
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Set(at, byte)),
        (any::<prop::sample::Index>(), 1..200_usize).prop_map(|(at, length)| Edit::Cut(at, length)),
        (any::<prop::sample::Index>(), 1..200_usize).prop_map(|(at, length)| Edit::Double(at, length)),
        (any::<prop::sample::Index>(), piece).prop_map(|(at, piece)| Edit::Insert(at, piece.to_vec())),
    ]
}

fn apply(mut bytes: Vec<u8>, edits: Vec<Edit>) -> Vec<u8> {
    for edit in edits {
        if bytes.is_empty() {
            return bytes;
        }
        match edit {
            Edit::Set(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            Edit::Cut(at, length) => {
                let at = at.index(bytes.len());
                let end = bytes.len().min(at + length);
                bytes.drain(at..end);
            }
            Edit::Double(at, length) => {
                let at = at.index(bytes.len());
                let copy = bytes[at..bytes.len().min(at + length)].to_vec();
                bytes.splice(at..at, copy);
            }
            Edit::Insert(at, piece) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// Walks everything a reading offers, so that nothing lazy stays unread.
fn walk(reading: &Reading) {
    let source = reading.source();
    let text = source.text().len();
    assert!(reading.entries().len() <= BLOCKS_MAX);
    let defects = reading.entries().iter().flat_map(|entry| entry.block().defects()).chain(reading.defects());
    for defect in defects {
        assert!(defect.span.end() <= text, "{defect:?} runs past the text");
        let location = source.location(defect.span);
        assert!(location.offset + location.length <= source.bytes().len(), "{defect:?} runs past the bytes");
        let line = source.line(location.line).expect("the line is there");
        assert_eq!(reading.line_without_secrets(location.line).is_some(), line.len() <= LINE_SHOWN_BYTES_MAX);
        assert!(!defect.kind.to_string().is_empty());
    }
    for entry in reading.entries() {
        assert!(entry.block().der().is_none_or(|der| der.len() <= text), "more data than text");
        if let Content::PrivateKey(key) = entry.content() {
            assert!(!format!("{key:?}").is_empty());
        }
    }
    assert!(reading.ssh_lines().len() <= SSH_LINES_MAX);
    for line in reading.ssh_lines() {
        assert!(line.span.end() <= text, "{:?} runs past the text", line.span);
        let column = match &line.content {
            SshContent::KnownHosts(entry) => entry.as_ref().err().and_then(LineDefect::column),
            SshContent::Unreadable(defect) => defect.column(),
            _ => None,
        };
        let place = line.place(source, column);
        assert!(line.span.contains(place), "{place:?} runs past its line");
        assert!(column.is_none() || place.len() <= 4, "{place:?} is more than a character");
    }
    let certificates: Vec<&Certificate> = reading.entries().iter().filter_map(Entry::certificate).collect();
    let chain = Chain::of(&certificates, None);
    assert_eq!(chain.leaf().is_some(), !certificates.is_empty());
    assert!(chain.order().iter().all(|index| *index < certificates.len()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_read_as_something(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        walk(&reading(bytes));
    }

    #[test]
    fn damaged_inputs_read_as_something(seed in any::<prop::sample::Index>(), edits in prop::collection::vec(edit(), 1..6)) {
        walk(&reading(apply(seed.get(seeds()).clone(), edits)));
    }

    #[test]
    fn damaged_certificates_read_or_say_why(seed in any::<prop::sample::Index>(), edits in prop::collection::vec(edit(), 1..4)) {
        let der = apply(seed.get(certificates()).clone(), edits);
        match Certificate::from_der(&der) {
            Ok(certificate) => {
                prop_assert_eq!(certificate.der(), &der[..]);
                prop_assert!(certificate.is_self_signed() || !certificate.subject().to_string().is_empty());
            }
            Err(error) => { let text = format!("{error:?}"); prop_assert!(!text.is_empty()); }
        }
    }

    #[test]
    fn arbitrary_bytes_are_rarely_certificates_or_keys(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Certificate::from_der(&bytes).is_err());
        let _ = PublicKey::from_spki(&bytes);
    }
}

/// Key derivations of a hundred thousand steps take their time: fewer inputs.
const CONTAINER_CASES: u32 = 300;

proptest! {
    #![proptest_config(ProptestConfig { cases: CONTAINER_CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_containers_unpack_or_say_why(seed in any::<prop::sample::Index>(), edits in prop::collection::vec(edit(), 0..4)) {
        let bytes = apply(seed.get(containers()).clone(), edits);
        let length = bytes.len();
        let passphrases = Passphrases::NONE.with(Zeroizing::new(b"secret".to_vec()))
            .with(Zeroizing::new(b"changeit".to_vec()));
        let readings = Reading::unpacked(Source::from_bytes("any", bytes).expect("within the limit"), &passphrases);
        prop_assert!(!readings.is_empty());
        for reading in &readings {
            if reading.source().origin().is_none() {
                walk(reading);
                continue;
            }
            prop_assert!(!reading.entries().is_empty() || reading.container().is_none());
            for entry in reading.entries() {
                let place = reading.source().location(entry.block().begin());
                prop_assert!(place.offset + place.length <= length);
            }
        }
    }
}
