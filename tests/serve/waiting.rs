//! Who asks for little does not wait for what takes long.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::now;
use crate::harness::{Connection, Served};

const SIGNERS: usize = 16;
const READS: usize = 200;
/// Between two reads: what answers the signers is to be met at any point.
const PAUSE: Duration = Duration::from_millis(4);

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = now();
    let made = work();
    (start.elapsed(), made)
}

/// The time within which this part of a hundred came.
fn percentile(mut times: Vec<Duration>, percent: usize) -> Duration {
    times.sort_unstable();
    times[times.len() * percent / 100]
}

/// A signature of RSA takes milliseconds of a processor. Made by a thread that answers requests, it would make all others wait that
/// are answered by the same thread, about as long as whoever asked for it.
#[test]
fn a_read_does_not_wait_for_signatures_of_rsa() {
    let served = Served::new();
    let authority =
        served.post("/ssh_certificate_authorities", &json!({ "private_key_type": "rsa" })).is(201);
    let authority: Value = authority.json();
    let host = json!({
        "ssh_certificate_authority_id": authority["id"],
        "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh",
    });
    let line = format!("GET /ssh_certificate_authorities/{}", authority["id"].as_str().unwrap());
    let (is_over, signings) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let way = served.way();
    let reads: Vec<Duration> = thread::scope(|scope| {
        for _ in 0..SIGNERS {
            scope.spawn(|| {
                let mut connection = Connection::open(&way).unwrap();
                while !is_over.load(Ordering::Relaxed) {
                    let (time, _) = timed(|| connection.create("ssh_host_certificates", &host).unwrap());
                    signings.lock().unwrap().push(time);
                }
            });
        }
        let mut connection = Connection::open(&way).unwrap();
        let mut read = || {
            thread::sleep(PAUSE);
            let (time, (status, _)) = timed(|| connection.ask(&line, "").unwrap());
            assert_eq!(status, "200");
            time
        };
        while signings.lock().unwrap().len() < 2 * SIGNERS {
            read();
        }
        let reads = (0..READS).map(|_| read()).collect();
        is_over.store(true, Ordering::Relaxed);
        reads
    });
    let (read, signing) = (percentile(reads, 90), percentile(signings.into_inner().unwrap(), 50));
    assert!(2 * read < signing, "nine of ten reads take up to {read:?}, a signature {signing:?}");
}
