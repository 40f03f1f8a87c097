//! `certgate check` of one chain and key as a whole process, against `openssl verify` of the same chain.
//!
//! Runs in pairs, one of each in turn, and prints the median of the ratios: below 1 certgate is the faster.
//! `cargo bench -p certgate --bench check`

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const PAIRS: usize = 201;
const CHAINS: [&str; 3] = ["rsa-2048-depth-3", "p256-depth-3", "ed25519-depth-3"];

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/chain");
    report("chain", "certgate", "openssl", "ratio");
    for chain in CHAINS {
        let pem = folder.join(chain).with_extension("pem");
        let key = folder.join(chain).with_extension("key");
        let mut ours = Command::new(env!("CARGO_BIN_EXE_certgate"));
        ours.args(["check", "--at", certgate_fixtures::JUDGED_AT]).arg(&pem).arg(&key);
        let mut theirs = Command::new("openssl");
        theirs.args(["verify", "-attime", &certgate_fixtures::JUDGED_AT_UNIX_SECS.to_string(), "-trusted"]);
        theirs.arg(&pem).arg("-untrusted").arg(&pem).arg(&pem);
        let (mut our_times, mut their_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        time(&mut ours);
        time(&mut theirs);
        for _ in 0..PAIRS {
            let (our_time, their_time) = (time(&mut ours), time(&mut theirs));
            our_times.push(our_time.as_secs_f64() * 1e3);
            their_times.push(their_time.as_secs_f64() * 1e3);
            ratios.push(our_time.as_secs_f64() / their_time.as_secs_f64());
        }
        let shown = |times: &mut Vec<f64>| format!("{:.2} ms", median(times));
        report(
            chain,
            &shown(&mut our_times),
            &shown(&mut their_times),
            &format!("{:.2}", median(&mut ratios)),
        );
    }
}

/// How long a run takes that succeeds; one that does not measures nothing.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this is for")]
fn time(command: &mut Command) -> Duration {
    let start = std::time::Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program starts");
    let elapsed = start.elapsed();
    assert!(status.success(), "{command:?} failed");
    elapsed
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[expect(clippy::print_stdout, reason = "a bench prints its table")]
fn report(chain: &str, ours: &str, theirs: &str, ratio: &str) {
    println!("{chain:<20} {ours:>10} {theirs:>10} {ratio:>7}");
}
