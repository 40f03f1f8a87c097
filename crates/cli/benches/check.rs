//! `certgate check` of one chain and key as a whole process, against `openssl verify` of the same chain.
//!
//! Runs in pairs, one of each in turn, and prints the median of the ratios: below 1 certgate is the faster.
//! `cargo bench -p certgate --bench check`

mod median;
mod timing;

use std::path::Path;
use std::process::Command;

use median::median;
use timing::time;

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
        let shown = |times: Vec<f64>| format!("{:.2} ms", median(times));
        report(chain, &shown(our_times), &shown(their_times), &format!("{:.2}", median(ratios)));
    }
}

#[expect(clippy::print_stdout, reason = "a bench prints its table")]
fn report(chain: &str, ours: &str, theirs: &str, ratio: &str) {
    println!("{chain:<20} {ours:>10} {theirs:>10} {ratio:>7}");
}
