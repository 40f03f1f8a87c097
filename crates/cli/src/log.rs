//! The log of a server: lines come from many threads, and one writes them.
//!
//! Whoever answers requests waits for no disk and no pipe. A line is written at once, or, if others were just written, with all
//! that come within [`GATHERING`]. What is there when the log is dropped is written, unless nobody takes it for [`DRAINING`]. Of
//! a process that is killed, the lines of the last [`GATHERING`] are missing.

use std::io::Write;
use std::mem;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use std::{io, iter};

/// How long lines are gathered after some were written.
const GATHERING: Duration = Duration::from_millis(5);
/// How long the end waits for whoever takes the lines.
const DRAINING: Duration = Duration::from_secs(5);
/// Most bytes that wait to be written. Lines that come while nobody takes them are lost, and that is told in their place.
const WAITING_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A log that is written to; dropped, it is brought to its end.
pub(crate) struct Log {
    lines: Arc<Lines>,
    /// Closed once all is written.
    end: Receiver<()>,
}

/// What waits to be written.
#[derive(Default)]
pub(crate) struct Lines {
    waiting: Mutex<Waiting>,
    news: Condvar,
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    /// How many lines there was no room for.
    lost: u64,
    /// Whether the one that writes is to be woken.
    is_idle: bool,
    is_ended: bool,
}

impl Log {
    /// A log that goes to `sink`; `lost` is the line for a number of lines that are lost.
    pub(crate) fn start(
        sink: impl Write + Send + 'static,
        lost: impl Fn(u64) -> String + Send + 'static,
    ) -> io::Result<Self> {
        let lines = Arc::new(Lines::default());
        let (ending, end) = mpsc::channel();
        let written = Arc::clone(&lines);
        thread::Builder::new().name("log".to_owned()).spawn(move || {
            written.write(sink, lost);
            drop(ending);
        })?;
        Ok(Self { lines, end })
    }

    /// Where lines are put, from any thread.
    pub(crate) fn lines(&self) -> Arc<Lines> {
        Arc::clone(&self.lines)
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.lines.waiting().is_ended = true;
        self.lines.news.notify_one();
        // Nothing is sent: it ends, or it is late.
        let _ = self.end.recv_timeout(DRAINING);
    }
}

impl Lines {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a line, given without its line feed.
    pub(crate) fn push(&self, line: &str) {
        let mut waiting = self.waiting();
        if waiting.bytes.len() + line.len() >= WAITING_BYTES_MAX {
            waiting.lost += 1;
            return;
        }
        waiting.bytes.extend_from_slice(line.as_bytes());
        waiting.bytes.push(b'\n');
        if mem::take(&mut waiting.is_idle) {
            self.news.notify_one();
        }
    }

    /// Writes what comes, until the end.
    fn write(&self, mut sink: impl Write, lost: impl Fn(u64) -> String) {
        let mut buffer = Vec::new();
        while let Some(count) = self.take(&mut buffer) {
            // Nobody is left to be told that the log cannot be written.
            let _ = sink.write_all(&buffer);
            for line in iter::once(count).filter(|count| *count > 0).map(&lost) {
                let _ = sink.write_all(format!("{line}\n").as_bytes());
            }
            thread::sleep(GATHERING);
        }
    }

    /// Takes all that waits, once there is something, and how many lines are missing behind it. Nothing comes after the end.
    fn take(&self, buffer: &mut Vec<u8>) -> Option<u64> {
        buffer.clear();
        let mut waiting = self.waiting();
        while waiting.bytes.is_empty() && !waiting.is_ended {
            waiting.is_idle = true;
            waiting = self.news.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
        mem::swap(buffer, &mut waiting.bytes);
        let lost = mem::take(&mut waiting.lost);
        (!buffer.is_empty()).then_some(lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps what is written, once it may.
    #[derive(Clone, Default)]
    struct Sink {
        written: Arc<Mutex<Vec<u8>>>,
        gate: Arc<Mutex<()>>,
    }

    impl Sink {
        fn lines(&self) -> Vec<String> {
            let written = String::from_utf8(self.written.lock().unwrap().clone()).unwrap();
            written.lines().map(str::to_owned).collect()
        }
    }

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _open = self.gate.lock().unwrap();
            self.written.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn log(sink: &Sink) -> Log {
        Log::start(sink.clone(), |count| format!("{count} lost")).unwrap()
    }

    #[test]
    fn every_line_of_every_thread_is_written_by_the_end() {
        let sink = Sink::default();
        let log = log(&sink);
        thread::scope(|scope| {
            for thread in 0..4 {
                let lines = log.lines();
                scope.spawn(move || (0..1000).for_each(|line| lines.push(&format!("{thread} {line}"))));
            }
        });
        drop(log);
        let lines = sink.lines();
        assert_eq!(lines.len(), 4000);
        for thread in 0..4 {
            let due = (0..1000).map(|line| format!("{thread} {line}"));
            assert!(lines.iter().filter(|line| line.starts_with(&format!("{thread} "))).cloned().eq(due));
        }
    }

    #[test]
    fn a_line_is_written_without_another_one_behind_it() {
        let sink = Sink::default();
        let log = log(&sink);
        for count in 1..4 {
            log.lines().push("a line");
            while sink.lines().len() < count {
                thread::sleep(Duration::from_millis(1));
            }
        }
    }

    #[test]
    fn nobody_waits_for_a_log_that_is_not_taken_and_what_is_lost_is_told() {
        let sink = Sink::default();
        let log = log(&sink);
        let line = "x".repeat(1023);
        let closed = sink.gate.lock().unwrap();
        log.lines().push("first");
        let room = WAITING_BYTES_MAX / 1024;
        let pushed = 3 * room;
        (0..pushed).for_each(|_| log.lines().push(&line));
        drop(closed);
        drop(log);
        let lines = sink.lines();
        let lost: usize =
            lines.iter().filter_map(|line| line.strip_suffix(" lost")?.parse::<usize>().ok()).sum();
        let kept = lines.iter().filter(|kept| **kept == line).count();
        assert_eq!(kept + lost, pushed);
        // What was taken up when the writer came to a halt counts beside what waits.
        assert!((room - 1..=2 * room).contains(&kept), "{kept}");
    }
}
