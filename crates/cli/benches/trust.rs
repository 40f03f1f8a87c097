//! What the verdict of clients costs: `certgate check` of one chain and key with `--trust` and `--hostname`, as a whole process,
//! against what cannot be saved: a start of the program and the bare checks of the chain's signatures.
//!
//! Runs in turn and prints the median of the ratios, which is to be no more than 1.2; and that of the same check with `--trust none`,
//! which judges no path. `cargo bench -p certgate --bench trust`

mod median;
mod timing;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use certgate_facts::{Certificate, Entry, Reading, SignatureCheck, Source};
use median::median;
use timing::time;

const ROUNDS: usize = 301;
const CHAINS: [&str; 3] = ["rsa-2048-depth-3", "p256-depth-3", "ed25519-depth-3"];

fn main() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/chain");
    let folder = tempfile::tempdir().expect("a folder for the roots can be made");
    report(["chain", "trust", "no trust", "start", "signatures", "ratio"]);
    for chain in CHAINS {
        let (pem, key) =
            (fixtures.join(chain).with_extension("pem"), fixtures.join(chain).with_extension("key"));
        let text = std::fs::read_to_string(&pem).expect("the chain is there");
        let begin = text.rfind("-----BEGIN").expect("it ends in a root");
        let root = folder.path().join(chain).with_extension("pem");
        std::fs::write(&root, &text[begin..]).expect("the root can be written");
        let check = |trust: &Path, hostname: bool| {
            let mut check = Command::new(env!("CARGO_BIN_EXE_certgate"));
            check.args(["check", "--isolated", "--fail-on", "never", "--at", certgate_fixtures::JUDGED_AT]);
            check.arg("--trust").arg(trust).args(hostname.then_some("--hostname=gate.example.com"));
            check.arg(&pem).arg(&key);
            check
        };
        let (mut with, mut without) = (check(&root, true), check(Path::new("none"), false));
        let mut start = Command::new(env!("CARGO_BIN_EXE_certgate"));
        start.arg("--version");
        let mut times: [Vec<f64>; 5] = Default::default();
        for round in 0..=ROUNDS {
            let trusting = time(&mut with).as_secs_f64() * 1e3;
            let other = time(&mut without).as_secs_f64() * 1e3;
            let begun = time(&mut start).as_secs_f64() * 1e3;
            let signatures = bare_signatures(&pem);
            if round > 0 {
                let ratio = trusting / (begun + signatures);
                for (times, value) in times.iter_mut().zip([trusting, other, begun, signatures, ratio]) {
                    times.push(value);
                }
            }
        }
        let [trusting, other, begun, signatures, ratio] = times.map(median);
        let shown = |value: f64| format!("{value:.2} ms");
        let ratio = format!("{ratio:.2}");
        report([chain, &shown(trusting), &shown(other), &shown(begun), &shown(signatures), &ratio]);
    }
}

/// Milliseconds for the signature of each certificate under the next, and of the root under itself.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this is for")]
fn bare_signatures(pem: &Path) -> f64 {
    let file = std::fs::File::open(pem).expect("the chain is there");
    let reading = Reading::of(Source::read("chain", file).expect("it can be read"));
    let chain: Vec<&Certificate> = reading.entries().iter().filter_map(Entry::certificate).collect();
    let begun = Instant::now();
    for (index, certificate) in chain.iter().enumerate() {
        let issuer = chain.get(index + 1).unwrap_or(certificate);
        assert_eq!(certificate.signed_by(issuer.public_key()), SignatureCheck::Valid);
    }
    begun.elapsed().as_secs_f64() * 1e3
}

#[expect(clippy::print_stdout, reason = "a bench prints its table")]
fn report(row: [&str; 6]) {
    let [chain, trust, other, start, signatures, ratio] = row;
    println!("{chain:<20} {trust:>10} {other:>10} {start:>10} {signatures:>11} {ratio:>7}");
}
