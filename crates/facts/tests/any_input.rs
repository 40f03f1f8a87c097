//! Readers meet any input: nothing panics, and what is read stays within the input.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use certgate_facts::known_hosts::LineDefect;
use certgate_facts::{
    BLOCKS_MAX, Certificate, Chain, Content, Entry, LINE_SHOWN_BYTES_MAX, PublicKey, Reading, SSH_LINES_MAX,
    Source, SshContent,
};
use proptest::prelude::*;

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
