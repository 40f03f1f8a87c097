//! Several processes that issue from one ledger at the same time, and are killed whenever it happens.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::os::unix::process::ExitStatusExt;
use std::process::Child;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::{group, issuing};
use crate::harness::{Folder, base64_bytes, files_below};

const PROCESSES: usize = 8;
const HOSTS_EACH: usize = 250;
const ISSUED_MIN: usize = 2000;
const KILLED_MIN: usize = 24;
const ROUNDS_MAX: u64 = 60;
const SIGKILL: i32 = 9;

/// Numbers that look random, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        // Constants of Knuth's MMIX.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Starts one process for each group, and kills each after a while of its own, with pauses below `pause_ms`; gives how many were
/// killed. Those in `done` have had all their certificates, and get new ones.
fn round(folder: &Folder, dice: &mut Dice, pause_ms: u64, done: &mut HashSet<usize>) -> usize {
    let start = |number: usize| {
        let again: &[&str] = if done.contains(&number) { &["--due", "0.999999"] } else { &[] };
        folder.certgate(issuing(number)).arguments(again).start()
    };
    let mut running: Vec<(usize, Child)> = (0..PROCESSES).map(|number| (number, start(number))).collect();
    let mut killed = 0;
    while !running.is_empty() {
        thread::sleep(Duration::from_millis(dice.below(pause_ms)));
        let chosen = usize::try_from(dice.below(u64::try_from(running.len()).unwrap())).unwrap();
        let (number, mut process) = running.swap_remove(chosen);
        process.kill().unwrap();
        let output = process.wait_with_output().unwrap();
        match (output.status.signal(), output.status.code()) {
            (Some(SIGKILL), _) => killed += 1,
            (_, Some(0)) => drop(done.insert(number)),
            _ => panic!("{output:?}"),
        }
    }
    killed
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The numbers of the records that reserve, with the bytes to be signed; and of each that was recorded the number of its
/// reservation, which must have come before.
fn reserved(folder: &Folder) -> BTreeMap<u64, Vec<u8>> {
    let run = folder.certgate(["audit", "export"]).exits(0);
    let mut reserved = BTreeMap::new();
    let mut recorded = HashSet::new();
    for line in run.stdout.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let body = base64_bytes(text(&record["body"]));
        match text(&record["kind"]) {
            // A version byte, then fields behind their lengths.
            "serial-reserved" => {
                reserved.insert(record["number"].as_u64().unwrap(), body[1 + 4 + 8 + 4..].to_vec());
            }
            "certificate-recorded" => {
                let number = u64::from_be_bytes(body[5..13].try_into().unwrap());
                assert!(reserved.contains_key(&number), "recorded without a reservation before: {line}");
                assert!(recorded.insert(number), "recorded twice: {line}");
            }
            other => assert_eq!(other, "authority-added"),
        }
    }
    reserved
}

/// No serial twice; every certificate that is listed or in a file is what was reserved before.
fn check_certificates(folder: &Folder) {
    let reserved = reserved(folder);
    let listed = folder.listed(&[]);
    assert_eq!(listed.len(), reserved.len());
    let mut serials = HashSet::new();
    let mut lines = HashMap::new();
    for entry in &listed {
        let serial = text(&entry["serial"]);
        assert!(serials.insert(serial), "serial {serial} was given twice");
        let to_be_signed = &reserved[&entry["number"].as_u64().unwrap()];
        if let Some(line) = entry["certificate"].as_str() {
            let blob = base64_bytes(line.split(' ').nth(1).unwrap());
            assert!(blob.starts_with(to_be_signed), "serial {serial} is not what was reserved");
            lines.insert(line, serial);
        } else {
            assert_eq!(entry["status"], "unfinished");
        }
    }
    let mut in_files = HashSet::new();
    for number in 0..PROCESSES {
        for file in files_below(&folder.path(&number.to_string()), "pub") {
            let name = file.file_name().unwrap().to_str().unwrap();
            let line = std::fs::read_to_string(&file).unwrap();
            if let Some(host) = name.strip_suffix("-cert.pub") {
                let line = line.strip_suffix(&format!(" host-{number}-{host}\n"));
                let serial = line.and_then(|line| lines.get(line));
                let serial = serial.unwrap_or_else(|| panic!("{}: not in the ledger", file.display()));
                assert!(in_files.insert(*serial), "{}: {serial} is in another file", file.display());
            }
        }
    }
    assert_eq!(in_files.len(), PROCESSES * HOSTS_EACH);
}

#[test]
fn processes_that_are_killed_while_they_issue_lose_nothing_and_give_no_serial_twice() {
    let folder = Folder::with_authority();
    (0..PROCESSES).for_each(|number| group(&folder, number, HOSTS_EACH));
    let (mut dice, mut done, mut killed) = (Dice(2026), HashSet::new(), 0);
    let unfinished = || folder.listed(&["--status", "unfinished"]).len();
    for number in 1.. {
        // Longer and longer, so that a slow machine comes to an end as well.
        killed += round(&folder, &mut dice, 50 + 10 * number, &mut done);
        folder.is_sound();
        let issued = folder.listed(&[]).len() - unfinished();
        if killed >= KILLED_MIN && issued >= ISSUED_MIN && unfinished() > 0 {
            break;
        }
        assert!(number < ROUNDS_MAX, "{killed} killed, {issued} issued, {} unfinished", unfinished());
    }
    let last: Vec<Child> = (0..PROCESSES).map(|number| folder.certgate(issuing(number)).start()).collect();
    for process in last {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    folder.is_sound();
    check_certificates(&folder);
    let head = folder.certgate(["audit", "head"]).exits(0).stdout;
    for number in 0..PROCESSES {
        let run = folder.certgate(issuing(number)).exits(0);
        assert_eq!(run.stdout, format!("{HOSTS_EACH} hosts: {HOSTS_EACH} kept\n"));
    }
    assert_eq!(folder.certgate(["audit", "head"]).exits(0).stdout, head);
    folder.issue("host", &["web.example.com"], &[]);
    folder.is_sound();
}
