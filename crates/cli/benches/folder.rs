//! `certgate check` of a folder with very many chains, each a leaf, its intermediate and a private key in a file beside them, against
//! the signature verifications that it cannot do without, of certificates parsed before, in as many threads: of each leaf by its
//! intermediate and, where `--trust` names the root, of each intermediate by that.
//!
//! Runs in turn, and prints the median of the ratios: 1 is nothing but verifying, and 1.5 is granted. What else there is to do does
//! not depend on the algorithm: two files are read, three blocks decoded, a private key proven, every rule asked. Peak memory of a
//! tenth of the chains and of all comes first; it is read while the program runs.
//!
//! `cargo bench -p certgate --bench folder`; `CHAINS` in the environment changes how many.

mod median;
mod timing;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use certgate_facts::{Certificate, SignatureCheck};
use median::median;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256,
    PKCS_ECDSA_P384_SHA384, SignatureAlgorithm,
};
use timing::time;

const ROUNDS: usize = 7;
/// Files in one folder.
const PER_FOLDER: usize = 200;
const GRANTED: f64 = 1.5;

/// A certificate and the one whose key signed it.
type Signed = (Certificate, Certificate);

/// A folder with chains under a root.
struct Folder {
    path: PathBuf,
    root: Certificate,
    /// The file that `--trust` names.
    trusted: Option<PathBuf>,
    signed: Vec<Signed>,
}

fn main() {
    let count = setting("CHAINS").unwrap_or(10_000);
    let temporary =
        tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the target folder can be written to");
    let folder = |name: &str, count, algorithm| Folder::write(temporary.path().join(name), count, algorithm);
    let (p256, p384) = (&PKCS_ECDSA_P256_SHA256, &PKCS_ECDSA_P384_SHA384);
    let few = folder("few", count / 10, p256);
    let many = folder("many", count, p256);
    let of_p384 = folder("p384", count, p384);
    for (folder, count) in [(&few, count / 10), (&many, count)] {
        say(&format!("peak memory of {count} chains: {} MiB", folder.peak_kib() / 1024));
    }
    say(&format!(
        "{:<34} {:>7} {:>10} {:>10} {:>7} {:>8}",
        "signatures verified in each chain", "threads", "check", "verify", "ratio", "granted"
    ));
    compare("1 of P-256", &many);
    compare("2 of P-256, the root is trusted", &many.with_root());
    compare("1 of P-384", &of_p384);
    compare("2 of P-384, the root is trusted", &of_p384.with_root());
}

/// The median of the ratios, with one thread and with all.
fn compare(name: &str, folder: &Folder) {
    for threads in [1, thread::available_parallelism().map_or(1, usize::from)] {
        let (mut checks, mut bare, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let check = time(&mut folder.check(threads)).as_secs_f64();
            let verify = verify(&folder.signed, threads).as_secs_f64();
            checks.push(check * 1e3);
            bare.push(verify * 1e3);
            ratios.push(check / verify);
        }
        let shown = |times: Vec<f64>| format!("{:.0} ms", median(times));
        let (checks, bare, ratio) = (shown(checks), shown(bare), median(ratios));
        say(&format!("{name:<34} {threads:>7} {checks:>10} {bare:>10} {ratio:>7.2} {GRANTED:>8.1}"));
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench is told its size by the environment")]
fn setting(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

impl Folder {
    /// Writes so many chains and keys; certificates are signed with keys of `algorithm`.
    fn write(path: PathBuf, count: usize, algorithm: &'static SignatureAlgorithm) -> Self {
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
        let key = |algorithm| KeyPair::generate_for(algorithm).expect("a key is made");
        let root_key = key(algorithm);
        let root = authority("Bench root".to_owned());
        let root_certificate = root.self_signed(&root_key).expect("it is signed");
        let root = Issuer::new(root, &root_key);
        let mut signed = Vec::with_capacity(count);
        for number in 0..count {
            let place = path.join(format!("{:03}", number / PER_FOLDER));
            fs::create_dir_all(&place).expect("a folder is made");
            let (leaf_key, above_key) = (key(&PKCS_ECDSA_P256_SHA256), key(algorithm));
            let above = authority(format!("Bench intermediate {number}"));
            let above_certificate = above.signed_by(&above_key, &root).expect("it is signed");
            let issuer = Issuer::new(above, &above_key);
            let leaf = params(format!("www{number}.example.com"))
                .signed_by(&leaf_key, &issuer)
                .expect("it is signed");
            let path = place.join(format!("{number:05}.pem"));
            fs::write(&path, leaf.pem() + &above_certificate.pem()).expect("a chain is written");
            fs::write(path.with_extension("key"), leaf_key.serialize_pem()).expect("a key is written");
            signed.push((read(leaf.der()), read(above_certificate.der())));
        }
        fs::write(path.with_extension("root.pem"), root_certificate.pem()).expect("the root is written");
        Self { path, root: read(root_certificate.der()), trusted: None, signed }
    }

    /// The same, where the root is trusted, and the intermediates are verified too.
    fn with_root(&self) -> Self {
        let signed = self
            .signed
            .iter()
            .flat_map(|(leaf, above)| [(leaf.clone(), above.clone()), (above.clone(), self.root.clone())]);
        let (path, root) = (self.path.clone(), self.root.clone());
        Self { trusted: Some(path.with_extension("root.pem")), path, root, signed: signed.collect() }
    }

    fn check(&self, threads: usize) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certgate"));
        command.args(["check", "--at", certgate_fixtures::JUDGED_AT, "--fail-on", "never", "--quiet"]);
        command.arg("--threads").arg(threads.to_string()).arg(&self.path);
        if let Some(root) = &self.trusted {
            command.arg("--trust").arg(root);
        }
        command
    }

    /// The most memory that a run takes, as far as it can be seen from outside.
    fn peak_kib(&self) -> u64 {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let mut child = self.check(threads).stdout(Stdio::null()).spawn().expect("the program starts");
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
}

fn read(der: &[u8]) -> Certificate {
    Certificate::from_der(der).expect("it reads")
}

#[expect(clippy::disallowed_methods, reason = "measuring time is what this is for")]
fn verify(signed: &[Signed], threads: usize) -> Duration {
    // Read anew, and before the clock starts: a certificate remembers who signed it.
    let again = |certificate: &Certificate| read(certificate.der());
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

#[expect(clippy::print_stdout, reason = "a bench prints its table")]
fn say(line: &str) {
    println!("{line}");
}
