use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use proptest::prelude::*;

use super::*;
use crate::reading::{Entry, Reading};
use crate::{Passphrases, PrivateKeyState};

fn fixture(path: &str) -> String {
    std::fs::read_to_string(format!("{}/../../fixtures/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn readings(text: &str) -> Vec<Reading> {
    Reading::unpacked(
        Source::from_bytes("secret.yaml", text.as_bytes().to_vec()).unwrap(),
        &Passphrases::NONE,
    )
}

/// What each field holds, its unit and the line where that begins; defects with theirs.
fn outline(text: &str) -> Vec<String> {
    let of_reading = |reading: Reading| {
        let source = reading.source();
        let unit = source.origin().map_or(99, Origin::unit);
        let entries = reading.entries().iter().map(|entry: &Entry| {
            let line = source.location(entry.block().begin()).line;
            let what = match entry.private_key().map(crate::PrivateKey::state) {
                Some(PrivateKeyState::Usable(_)) => "key".to_owned(),
                _ => entry
                    .certificate()
                    .map_or_else(|| "?".to_owned(), |certificate| certificate.subject().title()),
            };
            format!("{unit}: {what} at {line}")
        });
        let defects = reading
            .defects()
            .iter()
            .map(|defect| format!("{} at {}", defect.kind, source.location(defect.span).line));
        entries.chain(defects).collect::<Vec<_>>().join(", ")
    };
    readings(text).into_iter().map(of_reading).collect()
}

fn encoded() -> (String, String) {
    let encode = |path: &str| BASE64_STANDARD.encode(fixture(path));
    (encode("chain/p256-depth-2.pem"), encode("chain/p256-depth-2.key"))
}

fn secret() -> String {
    let (chain, key) = encoded();
    format!("kind: Secret\nmetadata:\n  name: gate\ndata:\n  tls.crt: {chain}\n  tls.key: {key}\n")
}

fn indented(path: &str) -> String {
    fixture(path).lines().map(|line| format!("    {line}\n")).collect()
}

#[test]
fn fields_in_base64_are_at_their_line() {
    assert_eq!(outline(&secret()), ["0: gate.example.com at 5, 0: Test root p256-c at 5", "0: key at 6"]);
    let readings = readings(&secret());
    let source = readings[0].source();
    assert!(readings[0].entries().iter().all(|entry| entry.block().is_found_by_go()));
    let span = readings[0].entries()[1].block().begin();
    assert_eq!(source.origin().unwrap().title_of(span), Some("tls.crt of gate"));
    assert_eq!((source.location(span).column, source.location(span).offset), (12, 53));
}

#[test]
fn plain_fields_keep_their_lines() {
    let text = format!(
        "apiVersion: v1\nkind: Secret\nstringData:\n  tls.crt: |\n{}  tls.key: |\n{}",
        indented("chain/p256-depth-2.pem"),
        indented("chain/p256-depth-2.key")
    );
    let readings = readings(&text);
    for reading in &readings {
        for entry in reading.entries() {
            let place = reading.source().location(entry.block().begin());
            let line = text.lines().nth(place.line - 1).unwrap();
            assert_eq!(&line[place.column - 1..], format!("-----BEGIN {}-----", entry.block().label()));
        }
    }
    assert_eq!(readings.iter().map(|reading| reading.entries().len()).sum::<usize>(), 3);
}

#[test]
fn other_documents_are_passed_over_and_lists_looked_into() {
    let (chain, key) = encoded();
    let json = format!(
        "{{\"kind\": \"List\", \"items\": [{{\"kind\": \"Secret\", \"data\": {{\"tls.crt\": \"{chain}\", \"tls.key\": \"{key}\"}}}}]}}"
    );
    assert_eq!(outline(&json).len(), 2);
    let several = format!(
        "kind: ConfigMap\ndata:\n  tls.crt: none\n---\n{}---\nkind: Secret\ndata:\n  password: c2VjcmV0\n---\n{}",
        secret(),
        secret()
    );
    let seen = outline(&several);
    assert_eq!(seen.len(), 4);
    assert!(seen[0].starts_with("0: gate.example.com at 9") && seen[3].starts_with("1: key at"), "{seen:?}");
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_nothing_of_the_value() {
    let bad = secret().replace("tls.key: ", "tls.key: .");
    insta::assert_debug_snapshot!(outline(&bad), @r#"
    [
        "this is a Kubernetes Secret, and it is malformed: `tls.key` is not base64 at 6",
    ]
    "#);
    let list = secret().replace("  tls.crt: ", "  tls.crt:\n  - ");
    insta::assert_debug_snapshot!(outline(&list), @r#"
    [
        "this is a Kubernetes Secret, and it is malformed: `tls.crt` is no text at 6",
    ]
    "#);
    let (chain, _) = encoded();
    let broken = format!("kind: Secret\ndata:\n  tls.crt: {chain}\n  tls.key: [\n");
    insta::assert_debug_snapshot!(outline(&broken), @r#"
    [
        "this is a Kubernetes Secret, and it is malformed: it is not YAML from here on at 5",
    ]
    "#);
}

#[test]
fn bombs_and_towers_stay_small() {
    let bomb = "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n---\n";
    assert_eq!(outline(&format!("{bomb}{}", secret())).len(), 2);
    let alias = "kind: Secret\ndata: {tls.crt: *x, x: &x y}\n";
    assert_eq!(outline(alias).len(), 1);
    let tower = format!("kind: Secret\ntls.crt: {}\n", "[".repeat(100));
    assert_eq!(
        outline(&tower),
        ["this is a Kubernetes Secret, and it is malformed: values lie deeper than 64 levels at 2"]
    );
}

#[test]
fn towers_of_any_height_are_refused() {
    let tower = format!("kind: Secret\ntls.crt: {}\n", "[".repeat(1_000_000));
    assert!(outline(&tower)[0].starts_with("this is a Kubernetes Secret, and it is malformed"));
    let tower = format!("kind: Secret\ntls.crt:\n{}", "- ".repeat(1_000_000));
    assert!(outline(&tower)[0].starts_with("this is a Kubernetes Secret, and it is malformed"));
}

#[test]
fn prose_about_secrets_is_no_manifest() {
    assert!(
        secrets(&Source::from_bytes("x", b"the kind of Secret that has tls.crt: [".to_vec()).unwrap())
            .is_none()
    );
    assert!(
        secrets(&Source::from_bytes("x", b"kind: Secret\ndata:\n  password: eA==\n".to_vec()).unwrap())
            .is_none()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn damaged_manifests_read_as_something(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = secret().into_bytes();
        for (at, byte) in edits {
            // Half of the edits near the start, where the structure is.
            let range = if byte % 2 == 0 { bytes.len() } else { 60 };
            bytes[at.index(range)] = byte;
        }
        bytes.truncate(cut.index(bytes.len()).max(40));
        let readings = Reading::unpacked(Source::from_bytes("x", bytes).unwrap(), &Passphrases::NONE);
        prop_assert!(!readings.is_empty());
    }
}
