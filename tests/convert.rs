//! `certgate convert`: what it writes is read by openssl, and by itself, as the same certificates and the same key.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::harness::{Certgate, fixtures, openssl_says};

const CHAINS: [&str; 3] = ["chain/p256-depth-3", "chain/rsa-2048-depth-2", "chain/ed25519-depth-2"];

struct Bench(tempfile::TempDir);

impl Bench {
    fn new() -> Self {
        let bench = Self(tempfile::tempdir().unwrap());
        std::fs::write(bench.path("pass"), "sécret\n").unwrap();
        std::fs::set_permissions(bench.path("pass"), PermissionsExt::from_mode(0o600)).unwrap();
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn convert(&self, arguments: &[&str]) -> Certgate {
        let inputs = arguments.iter().map(|argument| match argument.split_once('/') {
            Some(_) => fixtures().join(argument).to_str().unwrap().to_owned(),
            None => (*argument).to_owned(),
        });
        Certgate::after(&["setsid", "--wait"], ["convert"]).arguments(inputs).folder(self.0.path())
    }

    fn mode(&self, name: &str) -> u32 {
        std::fs::metadata(self.path(name)).unwrap().permissions().mode() & 0o777
    }
}

fn says(arguments: &[&str], file: &Path) -> String {
    let arguments =
        arguments.iter().map(|argument| if *argument == "FILE" { file.to_str().unwrap() } else { argument });
    openssl_says(arguments).unwrap_or_else(|| panic!("openssl does not read {}", file.display()))
}

/// The public half of a key, as openssl derives it.
fn public(file: &Path) -> String {
    says(&["pkey", "-in", "FILE", "-pubout"], file)
}

#[test]
fn bundles_are_read_by_openssl_and_give_back_the_same() {
    for name in CHAINS {
        let bench = Bench::new();
        let (chain, key) = (format!("{name}.pem"), format!("{name}.key"));
        let seal = ["--to", "p12", "--new-passphrase-file", "pass", "--output", "out.p12"];
        bench.convert(&[&[chain.as_str(), key.as_str()], &seal[..]].concat()).exits(0);
        assert_eq!(bench.mode("out.p12"), 0o600);
        let pass = format!("file:{}", bench.path("pass").display());
        let opened = says(&["pkcs12", "-in", "FILE", "-passin", &pass, "-nodes"], &bench.path("out.p12"));
        std::fs::write(bench.path("opened.pem"), &opened).unwrap();
        assert_eq!(public(&bench.path("opened.pem")), public(&fixtures().join(&key)), "{name}");
        bench
            .convert(&[
                "out.p12",
                "--passphrase-file",
                "pass",
                "--to",
                "pem",
                "--split",
                "--output",
                "back.pem",
            ])
            .exits(0);
        assert_eq!((bench.mode("back.pem"), bench.mode("back.key")), (0o644, 0o600));
        let ders = |path: &Path| -> Vec<String> {
            let text = std::fs::read_to_string(path).unwrap();
            let blocks = text.split("-----BEGIN CERTIFICATE-----\n").skip(1);
            blocks.map(|block| block.split("-----END").next().unwrap().to_owned()).collect()
        };
        let expected = ders(&fixtures().join(&chain));
        assert_eq!(ders(&bench.path("back.pem")), expected);
        assert_eq!(opened.matches("BEGIN CERTIFICATE").count(), expected.len());
        assert_eq!(public(&bench.path("back.key")), public(&fixtures().join(&key)));
    }
}

#[test]
fn keys_are_written_in_every_format_that_is_for_them() {
    let bench = Bench::new();
    for (key, format, label) in [
        ("keys/rsa-2048-a.key", "pkcs1", "RSA PRIVATE KEY"),
        ("keys/rsa-2048-a.pkcs1.key", "pkcs8", "PRIVATE KEY"),
        ("keys/p256-a.key", "sec1", "EC PRIVATE KEY"),
        ("keys/p384-a.sec1.key", "pkcs8", "PRIVATE KEY"),
        ("keys/ed25519-a.key", "pkcs8", "PRIVATE KEY"),
    ] {
        let run = bench.convert(&[key, "--to", format]).exits(0);
        assert!(run.stdout.starts_with(&format!("-----BEGIN {label}-----\n")), "{key}");
        std::fs::write(bench.path("key.pem"), &run.stdout).unwrap();
        assert_eq!(public(&bench.path("key.pem")), public(&fixtures().join(key)), "{key}");
    }
    let run = bench.convert(&["keys/ed25519-a.key", "--to", "pkcs1"]).exits(2);
    insta::assert_snapshot!(run.stderr, @"
    error: keys of its algorithm are not written in that format: PKCS#1
    hint: PKCS#8 is for keys of every algorithm: `--to pkcs8`
    ");
    let run = bench.convert(&["chain/p256-depth-3.pem", "--to", "pkcs8"]).exits(2);
    insta::assert_snapshot!(run.stderr, @"
    error: no private key was given
    hint: name the file that holds it
    ");
}

#[test]
fn a_key_is_never_written_over_another_file() {
    let bench = Bench::new();
    std::fs::write(bench.path("taken.key"), "mine").unwrap();
    let inputs = ["chain/p256-depth-3.pem", "chain/p256-depth-3.key", "--to", "pem"];
    bench.convert(&[&inputs[..], &["--output", "taken.key"]].concat()).exits(2);
    bench.convert(&[&inputs[..], &["--output", "taken.pem", "--split"]].concat()).exits(2);
    assert_eq!(std::fs::read_to_string(bench.path("taken.key")).unwrap(), "mine");
    assert!(!bench.path("taken.pem").exists(), "neither half is written without the other");
}

#[test]
fn a_terminal_is_shown_no_private_key() {
    let bench = Bench::new();
    let program = env!("CARGO_BIN_EXE_certgate");
    let key = fixtures().join("keys/p256-a.key");
    let command = format!("{program} convert {} --to pkcs8", key.display());
    let run = Certgate::command("script", &["-qec", &command, "/dev/null"]).folder(bench.0.path()).run();
    assert_eq!(run.code, 2, "{run:?}");
    assert!(!run.stdout.contains("PRIVATE KEY-----"), "{}", run.stdout);
}

#[test]
fn what_does_not_belong_together_is_not_put_together() {
    let bench = Bench::new();
    let run =
        bench.convert(&["chain/p256-depth-3.pem", "chain/rsa-2048-depth-2.pem", "--to", "pem"]).exits(2);
    insta::assert_snapshot!(run.stderr, @"
    error: 2 chains and keys that do not belong together
    hint: name one chain, with its private key where that is wanted
    ");
    let der = bench.convert(&["chain/p256-depth-3.pem", "chain/p256-depth-3.key", "--to", "der"]).exits(2);
    insta::assert_snapshot!(der.stderr, @"
    error: DER has no room for a chain and a private key
    hint: add --split, or name the one that is wanted
    ");
}
