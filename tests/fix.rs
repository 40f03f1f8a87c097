//! `certgate fix`: what it writes is taken by `check` and by openssl, and nothing else is touched.

mod encodings;
mod folders;
mod intermediates;
mod keys;
mod killed;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::harness::{Certgate, Run, files_below, fixtures, openssl, openssl_says};

const AT: [&str; 2] = ["--at", "2026-11-01"];

struct Bench(tempfile::TempDir);

impl Bench {
    /// A folder with copies of a fixture's chain and, where it has one, its key.
    fn with(chain: &Path) -> Self {
        let bench = Self(tempfile::tempdir().unwrap());
        std::fs::copy(chain, bench.path("a.pem")).unwrap();
        if chain.with_extension("key").exists() {
            std::fs::copy(chain.with_extension("key"), bench.path("a.key")).unwrap();
        }
        bench
    }

    fn of(fixture: &str) -> Self {
        Self::with(&fixtures().join(fixture))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn files(&self) -> impl Iterator<Item = &'static str> {
        ["a.pem", "a.key"].into_iter().filter(|name| self.path(name).exists())
    }

    fn bytes(&self) -> Vec<Vec<u8>> {
        self.files().map(|name| std::fs::read(self.path(name)).unwrap()).collect()
    }

    fn command(&self, verb: &str, options: &[&str]) -> Certgate {
        Certgate::new([verb]).arguments(self.files()).arguments(AT).arguments(options).folder(self.0.path())
    }

    fn fix(&self, options: &[&str]) -> Run {
        self.command("fix", options).run()
    }

    fn is_accepted(&self) -> bool {
        self.command("check", &[]).run().code == 0
    }

    /// How many certificates openssl finds in the chain.
    fn found_by_openssl(&self) -> usize {
        let output = openssl(["storeutl", "-noout", "-certs", self.path("a.pem").to_str().unwrap()]);
        let said = String::from_utf8(output.stdout).unwrap();
        let found = said.lines().find_map(|line| line.strip_prefix("Total found: "));
        found.map_or(0, |count| count.parse().unwrap())
    }

    fn certificates_written(&self) -> usize {
        let text = std::fs::read_to_string(self.path("a.pem")).unwrap();
        text.lines().filter(|line| *line == "-----BEGIN CERTIFICATE-----").count()
    }

    fn mode(&self, name: &str) -> u32 {
        std::fs::metadata(self.path(name)).unwrap().permissions().mode() & 0o777
    }
}

/// Every chain that stands for a fault.
fn bad_chains() -> Vec<PathBuf> {
    let chains = files_below(&fixtures().join("rules"), "pem");
    let is_bad = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with("bad-");
    chains.into_iter().filter(is_bad).collect()
}

#[test]
fn what_would_change_is_shown_and_nothing_is_touched() {
    let bench = Bench::of("rules/chain-out-of-order/bad-swapped.pem");
    let before = bench.bytes();
    let run = bench.fix(&[]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.starts_with("a.pem: can be repaired: reorder-chain\n--- a.pem\n+++ a.pem\n@@ -"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("\n+-----BEGIN CERTIFICATE-----\n"), "{}", run.stdout);
    assert_eq!(bench.bytes(), before);
    assert_eq!(bench.fix(&["--diff"]).stdout, run.stdout);
}

#[test]
fn what_is_sound_is_left_alone() {
    let bench = Bench::of("chain/p256-depth-3.pem");
    let before = bench.bytes();
    for options in [&[][..], &["--write"], &["--write", "--unsafe"]] {
        let run = bench.fix(options);
        assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    }
    assert_eq!(bench.bytes(), before);
}

#[test]
fn what_is_repaired_is_accepted_and_openssl_reads_it() {
    let mut repaired = Vec::new();
    for chain in bad_chains() {
        let bench = Bench::with(&chain);
        let was_accepted = bench.is_accepted();
        let run = bench.fix(&["--write", "--unsafe"]);
        assert_eq!(run.code, 0, "{}: {}", chain.display(), run.stderr);
        if run.stdout.is_empty() {
            continue;
        }
        // Once more finds nothing to do.
        let once = bench.bytes();
        assert_eq!(bench.fix(&["--write", "--unsafe"]).stdout, "", "{}", chain.display());
        assert_eq!(bench.bytes(), once);
        if bench.is_accepted() {
            assert_eq!(bench.found_by_openssl(), bench.certificates_written(), "{}", chain.display());
            for file in bench.files().filter(|file| *file == "a.key") {
                let says = openssl_says(["pkey", "-in", bench.path(file).to_str().unwrap(), "-noout"]);
                assert!(says.is_some(), "{}: {file}", chain.display());
            }
        }
        if !was_accepted && bench.is_accepted() {
            let name = chain.strip_prefix(fixtures().join("rules")).unwrap();
            repaired.push(name.to_str().unwrap().trim_end_matches(".pem").to_owned());
        }
    }
    insta::assert_snapshot!(repaired.join("\n"), @"
    chain-out-of-order/bad-leaf-twice
    chain-out-of-order/bad-reversed
    chain-out-of-order/bad-root-second
    chain-out-of-order/bad-stranger-last
    chain-out-of-order/bad-stranger-second
    chain-out-of-order/bad-swapped
    key-does-not-match-leaf/bad-reversed
    pem-block-damaged/bad-em-dashes
    pem-block-damaged/bad-end-missing
    pem-block-damaged/bad-four-dashes
    pem-block-damaged/bad-glued
    pem-block-damaged/bad-indented
    pem-block-damaged/bad-label
    pem-block-damaged/bad-no-break-space
    pem-block-has-headers/bad-friendly-name
    pem-block-has-headers/bad-last-block
    pem-block-has-headers/bad-two-headers
    pem-block-type-unexpected/bad-old-label
    pem-block-type-unexpected/bad-parameters-below
    text-encoding-unsupported/bad-byte-order-mark
    text-encoding-unsupported/bad-carriage-returns
    text-encoding-unsupported/bad-escaped
    text-encoding-unsupported/bad-key-escaped
    text-encoding-unsupported/bad-key-utf16-le
    text-encoding-unsupported/bad-utf16-be
    text-encoding-unsupported/bad-utf16-le
    ");
}

#[test]
fn every_fixture_whose_refusal_can_be_repaired_is_accepted_once_it_is() {
    for chain in bad_chains() {
        let bench = Bench::with(&chain);
        let verdict = |bench: &Bench| {
            bench
                .command("check", &["--format", "json"])
                .run()
                .cases()
                .into_iter()
                .next()
                .map(|case| case.json().clone())
        };
        let Some(before) = verdict(&bench) else { continue };
        let errors = |case: &serde_json::Value| -> Vec<serde_json::Value> {
            let found = case["findings"].as_array().unwrap().iter();
            found.filter(|finding| finding["severity"] == "error").cloned().collect()
        };
        let is_marked = |finding: &serde_json::Value| !finding["fix"].is_null();
        // Marked repairable: there is an error, and each names its repair.
        let marked = errors(&before);
        if marked.is_empty() || !marked.iter().all(is_marked) {
            continue;
        }
        assert_eq!(bench.fix(&["--write", "--unsafe"]).code, 0, "{}", chain.display());
        let after = verdict(&bench).unwrap();
        assert_eq!(after["api"]["accepted"], true, "{}: {}", chain.display(), after["findings"]);
        assert!(errors(&after).is_empty(), "{}: {}", chain.display(), after["findings"]);
        assert_eq!(bench.found_by_openssl(), bench.certificates_written(), "{}", chain.display());
    }
}

#[test]
fn a_repaired_key_is_for_its_owner_alone_and_never_shown() {
    let bench = Bench::of("rules/text-encoding-unsupported/bad-key-utf16-le.pem");
    for name in ["a.pem", "a.key"] {
        std::fs::set_permissions(bench.path(name), PermissionsExt::from_mode(0o664)).unwrap();
    }
    let secret = |text: &str| text.lines().any(|line| line.len() == 64 && !line.contains('*'));
    let shown = bench.fix(&[]);
    assert_eq!(shown.code, 1);
    assert!(shown.stdout.contains("a.key: can be repaired: encode-as-utf-8"), "{}", shown.stdout);
    assert!(!secret(&shown.stdout), "{}", shown.stdout);
    assert_eq!(bench.fix(&["--write"]).code, 0);
    assert_eq!((bench.mode("a.pem"), bench.mode("a.key")), (0o664, 0o600));
    assert!(bench.is_accepted());
}

#[test]
fn only_plain_files_are_written() {
    let bench = Bench::of("rules/chain-out-of-order/bad-swapped.pem");
    std::fs::rename(bench.path("a.pem"), bench.path("b.pem")).unwrap();
    std::os::unix::fs::symlink("b.pem", bench.path("a.pem")).unwrap();
    let before = bench.bytes();
    let run = bench.fix(&["--write"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("not a plain file"), "{}", run.stderr);
    assert_eq!(bench.bytes(), before);

    let run = Certgate::new(["fix", "-", "--write"]).stdin("").exits(2);
    assert!(run.stderr.contains("standard input cannot be written to"), "{}", run.stderr);
}

#[test]
fn of_files_that_belong_together_none_is_written_if_one_cannot_be_and_others_are() {
    let bench = Bench::of("rules/text-encoding-unsupported/bad-key-utf16-le.pem");
    let chain = std::fs::read_to_string(bench.path("a.pem")).unwrap();
    std::fs::write(bench.path("a.pem"), format!("\u{feff}{chain}")).unwrap();
    std::fs::rename(bench.path("a.key"), bench.path("b.key")).unwrap();
    std::os::unix::fs::symlink("b.key", bench.path("a.key")).unwrap();
    let other = Bench::of("rules/text-encoding-unsupported/bad-carriage-returns.pem");
    std::fs::rename(other.path("a.pem"), bench.path("c.pem")).unwrap();
    let read = || ["a.pem", "b.key", "c.pem"].map(|name| std::fs::read(bench.path(name)).unwrap());
    let [chain, key, alone] = read();
    let fix = |files: &[&str]| {
        Certgate::new(["fix", "--write"]).arguments(files).arguments(AT).folder(bench.0.path()).run()
    };
    let run = fix(&["a.pem", "a.key", "c.pem"]);
    assert!(run.stderr.contains("not a plain file"), "{}", run.stderr);
    assert_eq!(run.code, 2);
    assert!(run.stdout.ends_with("2 uploads: 1 file repaired, 1 failed\n"), "{}", run.stdout);
    let [chain_then, key_then, alone_then] = read();
    assert_eq!((chain_then, key_then), (chain, key));
    assert_ne!(alone_then, alone);
    assert_eq!(fix(&["a.pem", "b.key"]).code, 0);
    assert_eq!(fix(&["a.pem", "b.key", "c.pem"]).stdout, "");
}

#[test]
fn where_there_is_no_room_the_file_stays_as_it_was() {
    let bench = Bench::of("rules/chain-out-of-order/bad-swapped.pem");
    let before = bench.bytes();
    let limit = ["sh", "-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\"", "sh"];
    let arguments = ["fix", "--write", "a.pem", "a.key", AT[0], AT[1]];
    let run = Certgate::after(&limit, arguments).folder(bench.0.path()).run();
    assert_eq!((run.code, bench.bytes()), (2, before), "{}", run.stderr);
    assert!(run.stderr.contains("cannot write `a.pem`"), "{}", run.stderr);
    let names = std::fs::read_dir(bench.0.path()).unwrap().count();
    assert_eq!(names, bench.files().count(), "nothing half written stays beside it");
}

#[test]
fn what_would_drop_something_is_told_of_and_done_on_demand() {
    let bench = Bench::of("rules/chain-out-of-order/bad-stranger-last.pem");
    let before = bench.bytes();
    let run = bench.fix(&["--write"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert!(run.stderr.contains("hint: a.pem: --unsafe does more: drop-unrelated"), "{}", run.stderr);
    assert_eq!(bench.bytes(), before);
    assert_eq!(bench.fix(&["--write", "--unsafe"]).code, 0);
    assert!(bench.is_accepted());
}
