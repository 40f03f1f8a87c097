//! Inputs without measure: refused, or judged, in little time and little memory.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::harness::{Certgate, Run};

const LINE: &[u8] = b"-----BEGIN CERTIFICATE-----\n";
const MIB: usize = 1024 * 1024;
/// The limit of an input.
const INPUT_BYTES_MAX: usize = 16 * MIB;
/// What the program may take of memory: the input, a copy of it while it grows, and the program itself.
const MEMORY_KIB_MAX: u32 = 192 * 1024;

fn file_of(line: &[u8], bytes_max: usize) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let lines = line.repeat(64 * 1024 / line.len());
    for _ in 0..bytes_max / lines.len() {
        file.write_all(&lines).unwrap();
    }
    file.flush().unwrap();
    file
}

/// The quickest of three runs: the others may have had to share the machine.
#[expect(clippy::disallowed_methods, reason = "the only tests about how long something takes")]
fn quickest(certgate: impl Fn() -> Certgate) -> (Run, Duration) {
    let timed = || {
        let start = Instant::now();
        let run = certgate().run();
        (run, start.elapsed())
    };
    [timed(), timed(), timed()].into_iter().min_by_key(|(_, time)| *time).expect("three runs")
}

#[test]
fn a_file_of_64_mib_is_refused_within_a_second_and_without_being_read_whole() {
    let file = file_of(LINE, 64 * MIB);
    let path = file.path().to_str().unwrap();
    let (run, time) =
        quickest(|| Certgate::within_kib(MEMORY_KIB_MAX, ["check", "--at", "2026-11-01", path]));
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("larger than the limit of 16777216 bytes"), "{run:?}");
    assert!(run.stdout.is_empty(), "{run:?}");
    assert!(time < Duration::from_secs(1), "{time:?}");
}

#[test]
fn an_endless_input_is_refused_as_soon_as_it_is_too_large() {
    let run = Certgate::within_kib(MEMORY_KIB_MAX, ["check", "--at", "2026-11-01", "/dev/zero"]).exits(2);
    assert!(run.stderr.contains("larger than the limit"), "{run:?}");
}

#[test]
fn begin_lines_up_to_the_limit_are_judged_quickly() {
    let file = file_of(LINE, INPUT_BYTES_MAX - 1);
    let path = file.path().to_str().unwrap();
    let arguments = ["check", "--at", "2026-11-01", "--format", "json", path];
    let (run, time) = quickest(|| Certgate::within_kib(MEMORY_KIB_MAX, arguments));
    assert_eq!(run.code, 1, "{}", run.stderr);
    let case = run.case();
    let over = case.finding("blocks-over-limit").expect("there are too many blocks");
    assert!(over.message().starts_with("more than "), "{}", over.message());
    assert!(time < Duration::from_secs(3), "{time:?}");
}

#[test]
fn every_kind_of_line_up_to_the_limit_is_judged_quickly_as_text() {
    let lines: [&[u8]; 6] = [
        LINE,
        b"-----END CERTIFICATE-----",
        b"-----BEGIN A-----\nA:\n",
        b"a",
        b"- BEGIN A\n",
        b"ssh-ed25519 AAAA\n",
    ];
    for line in lines {
        let file = file_of(line, INPUT_BYTES_MAX - 1);
        let path = file.path().to_str().unwrap();
        let (run, time) =
            quickest(|| Certgate::within_kib(2 * MEMORY_KIB_MAX, ["check", "--at", "2026-11-01", path]));
        let line = String::from_utf8_lossy(line);
        assert!(run.code == 1 || run.code == 2, "{line}: {}", run.stderr);
        assert!(run.stdout.len() < MIB, "{line}: {} bytes of output", run.stdout.len());
        assert!(time < Duration::from_secs(5), "{line}: {time:?}");
    }
}
