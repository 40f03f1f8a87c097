//! Chains that are completed out of a folder.

use super::Bench;
use crate::harness::{fixtures, openssl_says};

/// A leaf alone, and a folder with the certificates of the chain it was issued under, and with others.
fn leaf_and_folder(others: &[&str]) -> Bench {
    let bench = Bench::of("chain/p256-depth-3.pem");
    let chain = std::fs::read_to_string(bench.path("a.pem")).unwrap();
    let end = "-----END CERTIFICATE-----\n";
    let leaf = &chain[..chain.find(end).unwrap() + end.len()];
    std::fs::write(bench.path("a.pem"), leaf).unwrap();
    std::fs::create_dir(bench.path("folder")).unwrap();
    for (name, from) in others.iter().enumerate() {
        std::fs::copy(fixtures().join(from), bench.path(&format!("folder/{name}.pem"))).unwrap();
    }
    std::fs::write(bench.path("folder/notes.txt"), "nothing to read here").unwrap();
    bench
}

const SAME: &str = "chain/p256-depth-3.pem";
const OTHERS: [&str; 2] = ["chain/p384-depth-3.pem", "chain/rsa-2048-depth-3.pem"];

#[test]
fn what_is_missing_is_found_by_its_signature() {
    let bench = leaf_and_folder(&[OTHERS[0], OTHERS[1], SAME]);
    let leaf = std::fs::read_to_string(bench.path("a.pem")).unwrap();
    let shown = bench.fix(&["--intermediates", "folder"]);
    assert!(shown.stdout.starts_with("a.pem: can be repaired: complete-chain\n"), "{}", shown.stdout);
    let done = bench.fix(&["--intermediates", "folder", "--write"]);
    assert_eq!(done.stdout, "a.pem: repaired: complete-chain\n", "{}", done.stderr);
    let now = std::fs::read_to_string(bench.path("a.pem")).unwrap();
    assert!(now.starts_with(&leaf));
    assert_eq!(now.matches("-----BEGIN CERTIFICATE-----").count(), 3);
    let case = bench.command("check", &["--format", "json"]).run().case();
    assert!(!case.rules().contains(&"chain-incomplete"), "{:?}", case.rules());
    assert!(bench.is_accepted());
    let path = bench.path("a.pem");
    let root = bench.path("folder/2.pem");
    let verified = openssl_says([
        "verify",
        "-no_check_time",
        "-CAfile",
        root.to_str().unwrap(),
        "-untrusted",
        path.to_str().unwrap(),
        path.to_str().unwrap(),
    ]);
    assert!(verified.is_some());
}

#[test]
fn what_only_has_the_right_name_is_not_taken() {
    let bench = leaf_and_folder(&OTHERS);
    let before = bench.bytes();
    let path = |name: &str| bench.path(name).to_str().unwrap().to_owned();
    let leaf = path("a.pem");
    let issuer = openssl_says(["x509", "-in", &leaf, "-noout", "-issuer", "-nameopt", "compat"]).unwrap();
    let name = issuer.trim().strip_prefix("issuer=").unwrap().trim();
    let impostor = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-noenc",
        "-subj",
        name,
        "-keyout",
    ];
    let made = openssl_says(
        [&impostor[..], &[&path("impostor.key"), "-out", &path("folder/impostor.pem")]].concat(),
    );
    assert!(made.is_some());
    let run = bench.fix(&["--intermediates", "folder", "--write"]);
    assert_eq!((run.code, run.stdout.as_str(), bench.bytes()), (0, "", before));
    let run = bench.fix(&["--intermediates", "nowhere"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--intermediates takes a folder"), "{}", run.stderr);
}
