//! `certgate check` of a folder with very many chains, each a leaf, its intermediate and a private key in a file beside them, against
//! the signature verifications that it cannot do without: of each leaf by its intermediate, parsed before, in as many threads.
//!
//! Runs in turn, and prints the median of the ratios: 1 is nothing but verifying, and 1.5 is granted. Peak memory of a tenth of the
//! chains and of all comes last; it is read while the program runs.
//!
//! `cargo bench -p certgate --bench folder`; `CHAINS` in the environment changes how many.

mod median;
mod timing;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use certgate_facts::{Certificate, SignatureCheck};
use median::median;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use timing::time;

const ROUNDS: usize = 7;
/// Files in one folder.
const PER_FOLDER: usize = 200;
const GRANTED: f64 = 1.5;

/// A leaf and the certificate whose key signed it.
type Signed = (Certificate, Certificate);

fn main() {
    let count = setting("CHAINS").unwrap_or(10_000);
    let folder =
        tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the target folder can be written to");
    let (few, many) = (folder.path().join("few"), folder.path().join("many"));
    write(&few, count / 10);
    let signed = write(&many, count);
    say(&format!("{:<10} {:>10} {:>10} {:>7} {:>8}", "threads", "check", "verify", "ratio", "granted"));
    for threads in [1, thread::available_parallelism().map_or(1, usize::from)] {
        let (mut checks, mut bare, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let check = time(&mut check(&many, threads)).as_secs_f64();
            let verify = verify(&signed, threads).as_secs_f64();
            checks.push(check * 1e3);
            bare.push(verify * 1e3);
            ratios.push(check / verify);
        }
        let shown = |times: Vec<f64>| format!("{:.0} ms", median(times));
        let (checks, bare, ratio) = (shown(checks), shown(bare), median(ratios));
        say(&format!("{threads:<10} {checks:>10} {bare:>10} {ratio:>7.2} {GRANTED:>8.1}"));
    }
    for (folder, count) in [(&few, count / 10), (&many, count)] {
        say(&format!("peak memory of {count} chains: {} MiB", peak_kib(folder) / 1024));
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench is told its size by the environment")]
fn setting(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

/// Writes so many chains and keys, and gives what is signed in them.
fn write(folder: &Path, count: usize) -> Vec<Signed> {
    let params = |name: String| {
        let mut params = CertificateParams::new(vec![name.clone()]).expect("the name is one");
        params.distinguished_name.push(DnType::CommonName, name);
        params
    };
    let authority = |name: String| {
        let mut params = params(name);
        params.subject_alt_names.clear();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    };
    let key = || KeyPair::generate().expect("a key is made");
    let root_key = key();
    let root = Issuer::new(authority("Bench root".to_owned()), &root_key);
    let mut signed = Vec::with_capacity(count);
    for number in 0..count {
        let place = folder.join(format!("{:03}", number / PER_FOLDER));
        fs::create_dir_all(&place).expect("a folder is made");
        let (leaf_key, above_key) = (key(), key());
        let above = authority(format!("Bench intermediate {number}"));
        let above_certificate = above.signed_by(&above_key, &root).expect("it is signed");
        let issuer = Issuer::new(above, &above_key);
        let leaf =
            params(format!("www{number}.example.com")).signed_by(&leaf_key, &issuer).expect("it is signed");
        let path = place.join(format!("{number:05}.pem"));
        fs::write(&path, leaf.pem() + &above_certificate.pem()).expect("a chain is written");
        fs::write(path.with_extension("key"), leaf_key.serialize_pem()).expect("a key is written");
        let read = |der: &[u8]| Certificate::from_der(der).expect("it reads");
        signed.push((read(leaf.der()), read(above_certificate.der())));
    }
    signed
}

fn check(folder: &Path, threads: usize) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certgate"));
    command.args([
        "check",
        "--at",
        certgate_fixtures::JUDGED_AT,
        "--fail-on",
        "never",
        "--quiet",
        "--threads",
    ]);
    command.arg(threads.to_string()).arg(folder);
    command
}

#[expect(clippy::disallowed_methods, reason = "measuring time is what this is for")]
fn verify(signed: &[Signed], threads: usize) -> Duration {
    // Read anew, and before the clock starts: a certificate remembers who signed it.
    let again =
        |certificate: &Certificate| Certificate::from_der(certificate.der()).expect("it was read before");
    let signed: Vec<Signed> = signed.iter().map(|(leaf, above)| (again(leaf), again(above))).collect();
    let start = Instant::now();
    thread::scope(|scope| {
        for part in signed.chunks(signed.len().div_ceil(threads)) {
            scope.spawn(move || {
                for (leaf, above) in part {
                    assert_eq!(leaf.signed_by(above.public_key()), SignatureCheck::Valid);
                }
            });
        }
    });
    start.elapsed()
}

/// The most memory that a run takes, as far as it can be seen from outside.
fn peak_kib(folder: &Path) -> u64 {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut child = check(folder, threads).stdout(Stdio::null()).spawn().expect("the program starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("it can be waited for").is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(kib.unwrap_or(0));
        thread::sleep(Duration::from_millis(2));
    }
    peak
}

#[expect(clippy::print_stdout, reason = "a bench prints its table")]
fn say(line: &str) {
    println!("{line}");
}
