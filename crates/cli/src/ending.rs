//! How a server's process ends if it does not end by itself.
//!
//! Threads that work may wait for a disk or a database for as long as these take. What was answered is durable, and what was
//! not is done whole or not at all: to end in the middle loses nothing that somebody was told of.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use certgate_server::GRACE_SECS;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

use crate::output;

/// The exit code of a server that ended before its work was at its end.
const UNFINISHED: i32 = 3;
/// How long all of the end may take: what open requests have, and time to close the store and the log.
const ENDING_SECS_MAX: u64 = GRACE_SECS + 8;
/// How long it may take to say so: nobody may read it.
const SAYING: Duration = Duration::from_secs(1);

/// From the first SIGINT or SIGTERM on, the process has [`ENDING_SECS_MAX`] to end; the second one ends it at once.
pub(crate) fn limit() -> io::Result<()> {
    let (mut told, tell) = UnixStream::pair()?;
    let is_asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal finds the flag down.
        flag::register_conditional_shutdown(signal, UNFINISHED, Arc::clone(&is_asked))?;
        flag::register(signal, Arc::clone(&is_asked))?;
        low_level::pipe::register(signal, tell.try_clone()?)?;
    }
    let end = move || {
        if told.read_exact(&mut [0]).is_ok() {
            thread::sleep(Duration::from_secs(ENDING_SECS_MAX));
            thread::spawn(say);
            thread::sleep(SAYING);
            low_level::exit(UNFINISHED);
        }
    };
    thread::Builder::new().name("end".to_owned()).spawn(end).map(drop)
}

fn say() {
    let words =
        format!("what was begun did not come to its end in {ENDING_SECS_MAX} seconds: ended without it");
    // Nobody else is left to be told.
    let _ = writeln!(output::plain_stderr(), "error: {words}");
}
