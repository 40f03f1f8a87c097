//! Many processes, some of them killed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;
use std::{fs, thread};

use certgate_facts::{SshCertificate, hex};
use certgate_sign::ToBeSigned;
use certgate_store::{CertificateFilter, CertificateState};
use chacha20::rand_core::Rng as _;

use crate::contract::Store;
use crate::harness::{found, issue_all, now, rng, serial, wish};
use crate::worker;

const WORKERS: usize = 4;
/// Signatures after which it is enough.
const SIGNED_MIN: usize = 2_000;
const KILLS_MIN: usize = 40;

/// A process that does not outlive the test.
struct Worker(Child);

impl Worker {
    fn start(place: &OsStr, log: &Path) -> Self {
        let mut command = worker::command(&[], place, Some(log), usize::MAX);
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Worker {
    /// SIGKILL.
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The lines that start with a word, without it. The last one of a process that was killed may be cut.
fn lines<'l>(log: &'l str, word: &str) -> Vec<&'l str> {
    log.lines().filter_map(|line| line.strip_prefix(word)).collect()
}

/// Has several processes issue at once, and kills one after the other, until it is enough.
fn issue_and_kill(place: &OsStr, logs: &Path) -> String {
    let mut dice = rng(11);
    let mut number = 0;
    let mut start = || {
        number += 1;
        Worker::start(place, &logs.join(number.to_string()))
    };
    let mut workers: Vec<Worker> = (0..WORKERS).map(|_| start()).collect();
    let read = || -> String {
        let files = fs::read_dir(logs).unwrap().map(|file| file.unwrap().path());
        files.map(|file| fs::read_to_string(file).unwrap()).collect()
    };
    let mut kills = 0;
    while kills < KILLS_MIN || lines(&read(), "signed ").len() < SIGNED_MIN {
        thread::sleep(Duration::from_millis(dice.next_u64() % 250));
        let which = usize::try_from(dice.next_u64()).unwrap() % WORKERS;
        workers[which] = start();
        kills += 1;
    }
    drop(workers);
    read()
}

/// Kills processes that work on a store, and looks at what they left. `place` is what they are told of it.
pub(crate) fn lose_no_serial_and_give_none_twice(store: &dyn Store, place: &OsStr) {
    let logs = tempfile::tempdir().unwrap();
    let log = issue_and_kill(place, logs.path());
    let mut ledger = store.open();
    ledger.verify_audit().unwrap();

    let kept = found(ledger.as_ref(), CertificateFilter::default());
    let reserved: BTreeMap<String, CertificateState> =
        kept.iter().map(|certificate| (hex(certificate.to_be_signed()), certificate.state())).collect();
    assert_eq!(reserved.len(), kept.len());
    let mut serials = BTreeSet::new();
    let signed: BTreeSet<&str> = lines(&log, "signed ").into_iter().collect();
    for bytes in &signed {
        // Nothing was signed that was not in the ledger before, and no serial twice.
        assert!(reserved.contains_key(*bytes), "signed without a record: {bytes}");
        let tbs = ToBeSigned::from_bytes_cleared_elsewhere(&unhex(bytes)).unwrap();
        assert!(serials.insert(tbs.fields().serial()), "signed twice: {}", tbs.fields().serial());
    }
    assert!(serials.len() >= SIGNED_MIN);
    let mut handed_out = 0;
    for blob in lines(&log, "handed out ") {
        let Ok(certificate) = SshCertificate::from_blob(&unhex(blob)) else { continue };
        let bytes = hex(certificate.signed_bytes().unwrap());
        assert_eq!(reserved.get(&bytes), Some(&CertificateState::Recorded));
        handed_out += 1;
    }
    assert!(handed_out > SIGNED_MIN / 2, "{handed_out}");

    // What was cut off in the middle is known, and the next run goes on behind it.
    let unfinished = found(ledger.as_ref(), CertificateFilter::unfinished());
    for certificate in &unfinished {
        ledger.abandon(certificate.id(), "killed", now()).unwrap();
    }
    println!("{} signed, {handed_out} handed out, {} unfinished", serials.len(), unfinished.len());
    let highest = kept.iter().map(|certificate| certificate.fields().serial()).max().unwrap();
    let next = issue_all(ledger.as_mut(), "prod", 1, &[wish(1)]);
    assert_eq!(serial(next[0].certificate.certificate()), highest + 1);
    ledger.verify_audit().unwrap();
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

/// Starts some at the same moment, before there is a ledger.
pub(crate) fn make_one_ledger(store: &dyn Store, place: &OsStr) {
    thread::scope(|scope| {
        let start = |_| scope.spawn(|| worker::word_of(worker::command(&[], place, None, 0)));
        for worker in (0..8).map(start).collect::<Vec<_>>() {
            assert_eq!(worker.join().unwrap().as_deref(), Some("issued 0"));
        }
    });
    let ledger = store.open();
    assert_eq!(ledger.authorities().unwrap().len(), 1);
    ledger.verify_audit().unwrap();
}
