//! One thread that writes, and commits together what waits.
//!
//! A commit waits for the disk. Whatever comes meanwhile waits for the thread, and is then done in one transaction: the more
//! there is to do, the fewer commits each change costs.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use certgate_facts::Timestamp;
use tokio::sync::oneshot;

use super::Database;
use super::change::Change;
use crate::error::Error;
use crate::pending::Pending;

/// Most changes that are committed together.
pub const GROUP_CHANGES_MAX: usize = 512;

/// How long to wait for another change while fewer than half as many came as the last time: whoever was told together asks
/// again at about the same time, and each commit writes much that the next one writes again.
const PAUSE: Duration = Duration::from_micros(50);

/// A change that is to be made as part of a transaction.
trait Job: Send {
    /// Makes it.
    fn make(&mut self, change: &mut Change<'_>);

    /// Tells whoever waits what became of it, once it is known whether the transaction is durable.
    fn tell(self: Box<Self>, committed: Result<(), Arc<Error>>);
}

struct Work<W, T> {
    at: Timestamp,
    work: Option<W>,
    made: Option<Result<T, Error>>,
    teller: oneshot::Sender<Result<T, Error>>,
}

impl<T: Send, W: FnOnce(&mut Change<'_>) -> Result<T, Error> + Send> Job for Work<W, T> {
    fn make(&mut self, change: &mut Change<'_>) {
        // Whoever gave up was told that it was not done, or may not be.
        if self.teller.is_closed() {
            return;
        }
        self.made = self.work.take().map(|work| change.attempt(self.at, work));
    }

    fn tell(self: Box<Self>, committed: Result<(), Arc<Error>>) {
        let answer = match (self.made, committed) {
            (Some(Ok(made)), Ok(())) => Ok(made),
            (Some(Err(error)), _) => Err(error),
            (_, Err(cause)) => Err(Error::NotCommitted(cause)),
            (None, Ok(())) => Err(stopped()),
        };
        // Nobody may be waiting any more.
        let _ = self.teller.send(answer);
    }
}

fn stopped() -> Error {
    Error::Driver("the thread that writes has ended".into())
}

/// The thread, and the way to it. Dropped, it is waited for: what somebody waits for by then is done.
pub(crate) struct Writer {
    jobs: Mutex<Option<Sender<Box<dyn Job>>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread, to which the connection belongs from now on.
    pub(crate) fn start(connection: Box<dyn Database + Send>) -> Result<Self, Error> {
        let (jobs, waiting) = mpsc::channel::<Box<dyn Job>>();
        let work = move || {
            let mut last = 0;
            while let Ok(first) = waiting.recv() {
                let mut count = 1;
                let rest = std::iter::from_fn(|| {
                    let next = match 2 * count < last {
                        true => waiting.recv_timeout(PAUSE).ok(),
                        false => waiting.try_recv().ok(),
                    };
                    count += usize::from(next.is_some());
                    next
                });
                commit(connection.as_ref(), std::iter::once(first).chain(rest).take(GROUP_CHANGES_MAX));
                last = count;
            }
        };
        let thread = thread::Builder::new()
            .name("store writer".to_owned())
            .spawn(work)
            .map_err(|error| Error::Driver(Box::new(error)))?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), thread: Some(thread) })
    }

    /// Has a change made; the answer comes when it is durable.
    pub(crate) fn make<T: Send + 'static>(
        &self,
        at: Timestamp,
        work: impl FnOnce(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Pending<'_, T> {
        let (teller, answer) = oneshot::channel();
        let job = Box::new(Work { at, work: Some(work), made: None, teller });
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        drop(jobs);
        Box::pin(async move {
            match sent {
                true => answer.await.unwrap_or_else(|_| Err(stopped())),
                false => Err(stopped()),
            }
        })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(thread) = self.thread.take() {
            // It ends by itself, unless it panicked.
            let _ = thread.join();
        }
    }
}

/// Makes changes in one transaction, and tells each what became of it. What comes once the transaction is lost waits for the
/// next one.
fn commit(sql: &dyn Database, mut jobs: impl Iterator<Item = Box<dyn Job>>) {
    let mut done = Vec::new();
    // The time is that of each change.
    let committed = Change::begin(sql, Timestamp::from_unix_secs(0)).and_then(|mut change| {
        while !change.is_lost()
            && let Some(mut job) = jobs.next()
        {
            job.make(&mut change);
            done.push(job);
        }
        change.commit()
    });
    if done.is_empty() {
        // It could not even be begun.
        done.extend(jobs);
    }
    let committed = committed.map_err(Arc::new);
    for job in done {
        job.tell(committed.clone());
    }
}
