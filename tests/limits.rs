//! Inputs without measure: refused, or judged, in little time and little memory.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::harness::{Certgate, Run, fixtures};

const LINE: &[u8] = b"-----BEGIN CERTIFICATE-----\n";
const MIB: usize = 1024 * 1024;
/// The most blocks of an input.
const BLOCKS_MAX: usize = 512;
/// The limit of an input.
const INPUT_BYTES_MAX: usize = 16 * MIB;
/// The most OpenSSH lines of an input.
const SSH_LINES_MAX: usize = 65_536;
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

/// Runs it up to three times, until once it takes no longer than that: the others may have had to share the machine.
#[expect(clippy::disallowed_methods, reason = "the only tests about how long something takes")]
#[track_caller]
fn within(seconds: u64, certgate: impl Fn() -> Certgate) -> Run {
    let mut times = Vec::new();
    while times.len() < 3 {
        let start = Instant::now();
        let run = certgate().run();
        let time = start.elapsed();
        if time <= Duration::from_secs(seconds) {
            return run;
        }
        times.push(time);
    }
    panic!("never within {seconds} s: {times:?}");
}

#[test]
fn a_file_of_64_mib_is_refused_within_a_second_and_without_being_read_whole() {
    let file = file_of(LINE, 64 * MIB);
    let path = file.path().to_str().unwrap();
    let run = within(1, || Certgate::within_kib(MEMORY_KIB_MAX, ["check", "--at", "2026-11-01", path]));
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("larger than the limit of 16777216 bytes"), "{run:?}");
    assert!(run.stdout.is_empty(), "{run:?}");
}

#[test]
fn standard_input_of_64_mib_is_refused_within_a_second() {
    let bytes = LINE.repeat(64 * MIB / LINE.len());
    let input = ["check", "--at", "2026-11-01", "-"];
    let run = within(1, || Certgate::within_kib(MEMORY_KIB_MAX, input).stdin(bytes.as_slice()));
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("`-`: larger than the limit of 16777216 bytes"), "{run:?}");
    assert!(run.stdout.is_empty(), "{run:?}");
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
    let run = within(3, || Certgate::within_kib(MEMORY_KIB_MAX, arguments));
    assert_eq!(run.code, 1, "{}", run.stderr);
    let case = run.case();
    let over = case.finding("blocks-over-limit").expect("there are too many blocks");
    assert!(over.message().starts_with("more than "), "{}", over.message());
}

#[test]
fn a_chain_of_as_many_blocks_as_may_be_is_judged_quickly() {
    let chain = std::fs::read(fixtures().join("chain/p256-depth-4.pem")).unwrap();
    let blocks = chain.repeat(BLOCKS_MAX / 4);
    for (more, is_over) in [(Vec::new(), false), (chain, true)] {
        let blocks = [blocks.as_slice(), &more].concat();
        for command in [["check", "--at=2026-11-01"].as_slice(), &["show"]] {
            let certgate =
                || Certgate::within_kib(MEMORY_KIB_MAX, command).arguments(["-"]).stdin(blocks.as_slice());
            let run = within(5, certgate);
            assert!((0..=1).contains(&run.code), "{command:?}: {}", run.stderr);
        }
        let case = Certgate::check(["-", "--format", "json"]).stdin(blocks).exits(1).case();
        assert_eq!(case.finding("blocks-over-limit").is_some(), is_over, "{:?}", case.rules());
    }
}

/// Judges and shows a file of such lines, in a form that bears a few seconds and little output.
fn is_handled_quickly(line: &[u8]) {
    let file = file_of(line, INPUT_BYTES_MAX - 1);
    let path = file.path().to_str().unwrap();
    let commands: [&[&str]; 4] = [
        &["check", "--at=2026-11-01"],
        &["check", "--at=2026-11-01", "--format=json"],
        &["show"],
        &["show", "--format=json"],
    ];
    let line = String::from_utf8_lossy(line);
    for command in commands {
        let run = within(5, || Certgate::within_kib(2 * MEMORY_KIB_MAX, command).arguments([path]));
        assert!((0..=2).contains(&run.code), "{command:?} of {line:?}: {}", run.stderr);
        assert!(command[0] == "show" || run.code > 0, "{command:?} of {line:?} finds nothing");
        // OpenSSH keys are shown one and all: that is what was asked for.
        let is_judged = command[0] == "check";
        assert!(!is_judged || run.stdout.len() < MIB, "{command:?} of {line:?}: {} bytes", run.stdout.len());
    }
}

#[test]
fn begin_lines_without_end_lines_are_handled_quickly() {
    is_handled_quickly(LINE);
}

#[test]
fn end_lines_glued_to_each_other_are_handled_quickly() {
    is_handled_quickly(b"-----END X-----");
}

#[test]
fn begin_and_end_lines_glued_to_each_other_are_handled_quickly() {
    is_handled_quickly(b"-----BEGIN CERTIFICATE----------END CERTIFICATE-----");
}

#[test]
fn headers_without_end_are_handled_quickly() {
    is_handled_quickly(b"-----BEGIN A-----\nA:\n");
}

#[test]
fn a_single_line_is_handled_quickly() {
    is_handled_quickly(b"a");
}

#[test]
fn a_single_line_of_dashes_is_handled_quickly() {
    is_handled_quickly(b"-");
}

#[test]
fn lines_that_almost_begin_a_block_are_handled_quickly() {
    is_handled_quickly(b"- BEGIN A\n");
}

#[test]
fn lines_of_openssh_are_handled_quickly() {
    is_handled_quickly(b"ssh-ed25519 AAAA\n");
}

/// Lines of known hosts, as many as are read from one file, and some more.
fn known_hosts(more: usize) -> tempfile::NamedTempFile {
    let line =
        std::fs::read_to_string(fixtures().join("rules/trust-line-for-every-host/bad-star.known_hosts"));
    let line = line.unwrap().lines().last().unwrap().to_owned() + "\n";
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(line.repeat(SSH_LINES_MAX + more).as_bytes()).unwrap();
    file.flush().unwrap();
    file
}

#[test]
fn as_many_lines_of_openssh_as_may_be_are_judged_quickly_and_with_little_output() {
    let file = known_hosts(0);
    let path = file.path().to_str().unwrap();
    let check = || Certgate::within_kib(2 * MEMORY_KIB_MAX, ["check", "--at", "2026-11-01", path]);
    let text = within(5, check);
    assert!(text.stdout.len() < MIB, "{} bytes", text.stdout.len());
    assert!(text.stdout.ends_with("65536 cases: 65536 warnings\n"), "{text:?}");
    let json = within(10, || check().arguments(["--format", "json"]));
    assert_eq!(json.code, 0, "{}", json.stderr);
    assert!(json.stdout.len() < 200 * MIB, "{} bytes", json.stdout.len());
    assert_eq!(json.stdout.matches("\"kind\": \"ssh-known-hosts\"").count(), SSH_LINES_MAX);
}

#[test]
fn more_lines_of_openssh_than_are_read_are_refused() {
    let file = known_hosts(1);
    let run = Certgate::new(["check", file.path().to_str().unwrap()]).exits(2);
    assert!(run.stderr.contains("more than 65536 OpenSSH lines in one input"), "{run:?}");
    assert!(run.stderr.contains("hint: split it into several files") && run.stdout.is_empty(), "{run:?}");
}

#[test]
fn bytes_that_are_no_text_are_handled_quickly() {
    is_handled_quickly(b"\xff\xfe\x00\x01\xc3");
}
