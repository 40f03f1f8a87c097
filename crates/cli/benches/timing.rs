//! Runs of programs that are timed.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a run takes that succeeds; one that does not measures nothing.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this is for")]
pub(crate) fn time(command: &mut Command) -> Duration {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program starts");
    let elapsed = start.elapsed();
    assert!(status.success(), "{command:?} failed");
    elapsed
}
