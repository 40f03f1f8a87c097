//! Private keys: decrypted, taken out of the certificate file, put into their own field.

use std::os::unix::fs::PermissionsExt;

use super::{AT, Bench};
use crate::harness::{Certgate, Run, openssl, openssl_says};

/// The passphrase of keys that are made here, which protect nothing.
const PASSPHRASE: &str = "a passphrase for tests";

/// A chain whose private key is under a passphrase, as openssl puts it there, and a file with the passphrase.
fn encrypted(options: &[&str]) -> Bench {
    let bench = Bench::of("chain/p256-depth-3.pem");
    std::fs::write(bench.path("passphrase"), PASSPHRASE).unwrap();
    std::fs::set_permissions(bench.path("passphrase"), PermissionsExt::from_mode(0o600)).unwrap();
    let [key, sealed, from] =
        ["a.key", "sealed", "passphrase"].map(|name| bench.path(name).to_str().unwrap().to_owned());
    let pass = format!("file:{from}");
    let arguments = [options, &["-in", &key, "-out", &sealed, "-passout", &pass]].concat();
    let made = openssl(arguments);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    std::fs::rename(sealed, key).unwrap();
    bench
}

fn fix_fields(bench: &Bench, certificate: &str, key: &[&str], options: &[&str]) -> Run {
    let run = Certgate::new(["fix", "--certificate", certificate]).arguments(key).arguments(AT);
    run.arguments(options).folder(bench.0.path()).run()
}

#[test]
fn an_encrypted_key_is_decrypted_on_demand_and_never_shown() {
    for options in [&["pkey", "-aes256"][..], &["ec", "-aes128"], &["pkcs8", "-topk8", "-scrypt"]] {
        let bench = encrypted(options);
        let plain = std::fs::read(Bench::of("chain/p256-depth-3.pem").path("a.key")).unwrap();
        let given = ["--passphrase-file", "passphrase"];
        let before = bench.bytes();
        let safe = bench.fix(&[&given[..], &["--write"]].concat());
        assert_eq!((safe.code, safe.stdout.as_str()), (0, ""));
        assert!(safe.stderr.contains("hint: a.key: --unsafe does more: decrypt-key"), "{}", safe.stderr);
        let shown = bench.fix(&[&given[..], &["--unsafe"]].concat());
        assert_eq!((shown.code, bench.bytes()), (1, before));
        assert!(
            !shown.stdout.lines().any(|line| line.len() >= 40 && !line.contains('*')),
            "{}",
            shown.stdout
        );
        let done = bench.fix(&[&given[..], &["--unsafe", "--write"]].concat());
        assert_eq!(
            (done.code, done.stdout.as_str()),
            (0, "a.key: repaired: decrypt-key\n"),
            "{}",
            done.stderr
        );
        assert!(bench.is_accepted());
        assert_eq!(bench.mode("a.key"), 0o600);
        std::fs::write(bench.path("plain"), plain).unwrap();
        let public =
            |name: &str| openssl_says(["pkey", "-pubout", "-in", bench.path(name).to_str().unwrap()]);
        assert_eq!(public("a.key").unwrap(), public("plain").unwrap());
    }
}

#[test]
fn a_key_under_another_passphrase_stays_as_it_is() {
    let bench = encrypted(&["pkey", "-aes256"]);
    std::fs::write(bench.path("passphrase"), "another one").unwrap();
    let before = bench.bytes();
    let run = bench.fix(&["--passphrase-file", "passphrase", "--unsafe", "--write"]);
    assert_eq!((run.code, run.stdout.as_str(), bench.bytes()), (0, "", before));
}

#[test]
fn a_key_in_the_certificate_file_gets_a_file_of_its_own() {
    let bench = Bench::of("chain/p256-depth-3.pem");
    let both = [bench.bytes()[1].clone(), bench.bytes()[0].clone()].concat();
    std::fs::write(bench.path("both.pem"), &both).unwrap();
    let safe = fix_fields(&bench, "both.pem", &[], &["--write"]);
    assert!(safe.stderr.contains("hint: both.pem: --unsafe does more: take-key-out"), "{}", safe.stderr);
    let shown = fix_fields(&bench, "both.pem", &[], &["--unsafe"]);
    assert!(shown.stdout.ends_with("both.pem: its private key would go in both.key\n"), "{}", shown.stdout);
    let done = fix_fields(&bench, "both.pem", &[], &["--unsafe", "--write"]);
    assert_eq!(
        done.stdout, "both.pem: repaired: take-key-out\nboth.pem: its private key is now in both.key\n",
        "{}",
        done.stderr
    );
    assert_eq!(bench.mode("both.key"), 0o600);
    let key = std::fs::read_to_string(bench.path("both.key")).unwrap();
    let chain = std::fs::read_to_string(bench.path("both.pem")).unwrap();
    assert!(key.contains("PRIVATE KEY") && !key.contains("CERTIFICATE") && !chain.contains("PRIVATE KEY"));
    let check = Certgate::new(["check", "--certificate", "both.pem", "--private-key", "both.key"]);
    check.arguments(AT).folder(bench.0.path()).exits(0);

    // What is there is never overwritten, and then nothing is written.
    std::fs::write(bench.path("both.pem"), &both).unwrap();
    let refused = fix_fields(&bench, "both.pem", &[], &["--unsafe", "--write"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("is there already"), "{}", refused.stderr);
    assert_eq!(std::fs::read(bench.path("both.pem")).unwrap(), both);
}

#[test]
fn a_chain_and_a_key_in_each_others_place_are_swapped() {
    let bench = Bench::of("chain/p256-depth-3.pem");
    let [chain, key] = ["a.pem", "a.key"].map(|name| std::fs::read(bench.path(name)).unwrap());
    std::fs::rename(bench.path("a.pem"), bench.path("other")).unwrap();
    std::fs::rename(bench.path("a.key"), bench.path("a.pem")).unwrap();
    std::fs::rename(bench.path("other"), bench.path("a.key")).unwrap();
    let shown = fix_fields(&bench, "a.pem", &["--private-key", "a.key"], &[]);
    assert_eq!(shown.code, 1);
    assert!(shown.stdout.contains("a.pem: can be repaired: swap-files\n"), "{}", shown.stdout);
    assert!(!shown.stdout.contains(std::str::from_utf8(&key).unwrap().lines().nth(2).unwrap()));
    let done = fix_fields(&bench, "a.pem", &["--private-key", "a.key"], &["--write"]);
    assert_eq!(done.stdout, "a.pem: repaired: swap-files\na.key: repaired: swap-files\n", "{}", done.stderr);
    let now = ["a.pem", "a.key"].map(|name| std::fs::read(bench.path(name)).unwrap());
    assert_eq!(now, [chain, key]);
    assert_eq!(bench.mode("a.key"), 0o600);
    assert!(bench.is_accepted());
}
