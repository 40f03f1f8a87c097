//! How long `certgate` takes to start, against an earlier build of it: `certgate --version`, and `certgate check` of a chain.
//!
//! Runs in pairs, one of each in turn, the first of a pair changing, and prints the median of the ratios: 1 is as fast as
//! before, less is faster. Both run as fresh copies: how a file was written decides how it lies in the page cache, and that is a
//! tenth of so short a run. `BEFORE=/path/to/certgate cargo bench -p certgate --bench start`; `AFTER` names another build than
//! the one that is benched.

mod median;
mod timing;

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use median::median;
use timing::time;

const PAIRS: usize = 1001;

fn main() {
    let Some(before) = setting("BEFORE") else {
        return report("BEFORE=/path/to/certgate says which build to compare with", "", "", "");
    };
    let after = setting("AFTER").unwrap_or_else(|| env!("CARGO_BIN_EXE_certgate").into());
    let chain = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/chain/ed25519-depth-3");
    let files = [chain.with_extension("pem"), chain.with_extension("key")].map(OsString::from);
    let check = ["check", "--at", certgate_fixtures::JUDGED_AT].map(OsString::from);
    let copies = tempfile::tempdir().expect("a folder for the copies can be made");
    let copy = |name: &str, program: &OsString| {
        let copied = copies.path().join(name);
        std::fs::copy(program, &copied).expect("a build can be copied");
        copied.into_os_string()
    };
    let (before, after) = (copy("before", &before), copy("after", &after));
    report("run", "before", "after", "ratio");
    compare("--version", &before, &after, &["--version".into()]);
    compare("check", &before, &after, &[check.as_slice(), files.as_slice()].concat());
}

fn compare(name: &str, before: &OsString, after: &OsString, arguments: &[OsString]) {
    let run = |program: &OsString| time(Command::new(program).args(arguments)).as_secs_f64() * 1e3;
    let (mut befores, mut afters, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    run(before);
    run(after);
    for pair in 0..PAIRS {
        let (old, new) = match pair % 2 {
            0 => (run(before), run(after)),
            _ => {
                let new = run(after);
                (run(before), new)
            }
        };
        befores.push(old);
        afters.push(new);
        ratios.push(new / old);
    }
    let shown = |times: Vec<f64>| format!("{:.2} ms", median(times));
    report(name, &shown(befores), &shown(afters), &format!("{:.3}", median(ratios)));
}

#[expect(clippy::disallowed_methods, reason = "what is compared is said in the environment")]
fn setting(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

#[expect(clippy::print_stdout, reason = "a bench prints its table")]
fn report(run: &str, before: &str, after: &str, ratio: &str) {
    println!("{run:<12} {before:>10} {after:>10} {ratio:>7}");
}
