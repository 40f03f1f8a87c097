//! Issuing through the ledger against the work that cannot be spared: `cargo bench -p certgate-store`. Medians of paired
//! ratios are what counts, times are this machine's of today. Over `bare` it is 1.1 where a core is free beside those
//! that sign, since the ledger works while they do, and 1.3 to 1.5 where none is.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::disallowed_methods, reason = "a bench reads a clock")]
#![expect(clippy::unwrap_used, reason = "a bench may stop")]

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use certgate_facts::{Reading, Source, SshPublicKey, Timestamp};
use certgate_rules::{
    Cleared, Field, HostCertificateRequest, Level, Moment, Policy, RULES, TrustAnchors, judge,
};
use certgate_sign::{Authority, AuthorityKeyType, Signer as _, issue as issue_one};
use certgate_store::{
    AuthorityName, Custody, Issuance, Ledger as _, NewAuthority, Origin, SerialStart, SqliteLedger, issue,
};
use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng as _;
use rusqlite::Connection;
use tempfile::TempDir;

const LINE: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh web-1";
const COUNT: usize = 10_000;
const ROUNDS: usize = 7;
const NOW: i64 = 1_793_491_200;

type Requests = Vec<Cleared<HostCertificateRequest>>;

fn requests() -> Requests {
    let reading = Arc::new(Reading::of(Source::from_bytes("host.pub", LINE.into()).unwrap()));
    let field = |name: &str, text: String| Field::new(name, text).unwrap();
    let policy = RULES
        .iter()
        .fold(Policy::new(Timestamp::from_unix_secs(NOW), TrustAnchors::Mozilla), |policy, rule| {
            policy.with_level(rule, Level::Allow)
        });
    let request = |number: usize| {
        HostCertificateRequest::new(
            Arc::clone(&reading),
            field("--key-id", format!("web-{number}")),
            vec![
                field("--principal", format!("web-{number}.example.com")),
                field("--principal", "192.0.2.7".to_owned()),
            ],
            Moment::at(1_793_491_140),
            Moment::at(1_794_096_000),
        )
    };
    (0..COUNT).map(|number| judge(request(number), &policy).clear().unwrap()).collect()
}

fn authority() -> Authority {
    Authority::create(AuthorityKeyType::Ed25519, &mut ChaCha20Rng::seed_from_u64(1)).unwrap()
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The work of one batch, split evenly over threads.
fn in_parallel<T: Send, U: Send>(threads: usize, all: Vec<T>, work: impl Fn(T) -> U + Sync) -> Vec<U> {
    let chunk = all.len().div_ceil(threads);
    let mut rest = all.into_iter();
    let chunks: Vec<Vec<T>> = (0..threads).map(|_| rest.by_ref().take(chunk).collect()).collect();
    thread::scope(|scope| {
        let work = &work;
        let workers: Vec<_> = chunks
            .into_iter()
            .map(|chunk| scope.spawn(move || chunk.into_iter().map(work).collect::<Vec<_>>()))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

/// A file with one table.
fn file(folder: &Path) -> Connection {
    let connection = Connection::open(folder.join("bare.sqlite3")).unwrap();
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE c (blob BLOB);")
        .unwrap();
    connection
}

/// All in one transaction. The file is closed after it.
fn commit(mut connection: Connection, blobs: &[Vec<u8>]) {
    let transaction = connection.transaction().unwrap();
    {
        let mut insert = transaction.prepare("INSERT INTO c (blob) VALUES (?1)").unwrap();
        for blob in blobs {
            insert.execute([blob]).unwrap();
        }
    }
    transaction.commit().unwrap();
}

/// Signatures and their verification over bytes of the right length, and their commit.
fn primitives(file: Connection, authority: &Authority, threads: usize, samples: Vec<Vec<u8>>) {
    let key = authority.public_key().clone();
    let signed = in_parallel(threads, samples, |mut bytes| {
        let signature = authority.sign(&bytes).unwrap();
        signature.verify(&key, &bytes).unwrap();
        bytes.extend(signature.blob());
        bytes
    });
    commit(file, &signed);
}

/// Certificates without a ledger, and their commit.
fn bare(file: Connection, authority: &Authority, threads: usize, requests: Requests) {
    let numbered: Vec<_> = requests.into_iter().zip(1_u64..).collect();
    let blobs = in_parallel(threads, numbered, |(request, serial)| {
        let mut rng = ChaCha20Rng::seed_from_u64(serial);
        issue_one(request, authority, serial, &mut rng).unwrap().certificate().blob().to_vec()
    });
    commit(file, &blobs);
}

/// A ledger with the authority in it.
fn ledger(folder: &Path, authority: &Authority) -> SqliteLedger {
    let mut ledger = SqliteLedger::open(folder).unwrap();
    let new = NewAuthority {
        name: "prod".parse().unwrap(),
        public_key: SshPublicKey::from_blob(authority.public_key().blob()).unwrap(),
        comment: String::new(),
        custody: Custody::Agent,
        origin: Origin::Created,
        succeeds: None,
        serial_start: SerialStart::ONE,
    };
    ledger.add_authority(&new, Timestamp::from_unix_secs(NOW)).unwrap();
    ledger
}

/// The same through a ledger, which is closed after it.
fn ledgered(mut ledger: SqliteLedger, authority: &Authority, threads: usize, requests: Requests) {
    let name: AuthorityName = "prod".parse().unwrap();
    let at = Timestamp::from_unix_secs(NOW);
    let threads = NonZeroUsize::new(threads).unwrap();
    let issuance = Issuance { authority: &name, signer: authority, threads, clock: &|| at };
    let mut issued = 0;
    issue(&mut ledger, &issuance, requests, &mut ChaCha20Rng::seed_from_u64(2), &mut |batch| {
        issued += batch.iter().filter(|outcome| outcome.is_ok()).count();
    })
    .unwrap();
    assert_eq!(issued, COUNT);
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let authority = authority();
    let sample = issue_one(requests().remove(0), &authority, 1, &mut ChaCha20Rng::seed_from_u64(2)).unwrap();
    let bytes = sample.certificate().signed_bytes().unwrap().to_vec();
    black_box(sample.certificate().verify_signature().unwrap());
    println!("{COUNT} certificates, Ed25519, durable; medians of {ROUNDS} paired rounds");
    println!("threads   ledger       bare   primitives   ledger/bare   ledger/primitives");
    for threads in [1, 2] {
        let (mut through, mut without, mut least) = (Vec::new(), Vec::new(), Vec::new());
        let (mut over_bare, mut over_least) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let (ours, theirs) = (requests(), requests());
            let samples = vec![bytes.clone(); COUNT];
            let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
            let [first, second, third] = folders.each_ref().map(TempDir::path);
            let kept = ledger(first, &authority);
            let one = time(|| ledgered(kept, &authority, threads, ours)).as_secs_f64();
            let kept = file(second);
            let two = time(|| bare(kept, &authority, threads, theirs)).as_secs_f64();
            let kept = file(third);
            let three = time(|| primitives(kept, &authority, threads, samples)).as_secs_f64();
            over_bare.push(one / two);
            over_least.push(one / three);
            for (times, took) in [(&mut through, one), (&mut without, two), (&mut least, three)] {
                times.push(took * 1e6 / f64::from(u32::try_from(COUNT).unwrap()));
            }
        }
        println!(
            "{threads:7} {:8.1} {:10.1} {:12.1} {:13.2} {:19.2}   µs each",
            median(through),
            median(without),
            median(least),
            median(over_bare),
            median(over_least)
        );
    }
}
