//! Threads that read, each on a connection of its own.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use super::address::PostgresAddress;
use super::session::Session;
use crate::error::Error;
use crate::pending::Pending;
use crate::sql::Database;

/// How many read at the same time.
const READERS: usize = 8;

type Job = Box<dyn FnOnce(&dyn Database) + Send>;

/// The threads, and the way to them. Dropped, they are waited for.
pub(super) struct Readers {
    jobs: Mutex<Option<Sender<Job>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Starts them; each connects with the first that it is asked.
    pub(super) fn start(address: &PostgresAddress) -> Result<Self, Error> {
        let (jobs, waiting) = mpsc::channel();
        let waiting = Arc::new(Mutex::new(waiting));
        let mut readers = Self { jobs: Mutex::new(Some(jobs)), threads: Vec::with_capacity(READERS) };
        for _ in 0..READERS {
            let (session, waiting) = (Session::for_reading(address)?, Arc::clone(&waiting));
            let thread = thread::Builder::new()
                .name("store reader".to_owned())
                .spawn(move || {
                    while let Some(job) = next(&waiting) {
                        job(&session);
                    }
                })
                .map_err(|error| Error::Driver(Box::new(error)))?;
            readers.threads.push(thread);
        }
        Ok(readers)
    }

    /// Has one of them read.
    pub(super) fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&dyn Database) -> Result<T, Error> + Send + 'static,
    ) -> Pending<'_, T> {
        let (teller, answer) = oneshot::channel();
        let job: Job = Box::new(move |sql| {
            // Nobody may be waiting any more, before it or after it.
            if teller.is_closed() {
                return;
            }
            let _ = teller.send(sql.read(work));
        });
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        drop(jobs);
        Box::pin(async move {
            let answer = if sent { answer.await.ok() } else { None };
            answer.unwrap_or_else(|| Err(Error::Driver("the threads that read have ended".into())))
        })
    }
}

/// The next job, once there is one.
fn next(waiting: &Mutex<Receiver<Job>>) -> Option<Job> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

impl Drop for Readers {
    fn drop(&mut self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        for thread in self.threads.drain(..) {
            // It ends by itself, unless it panicked.
            let _ = thread.join();
        }
    }
}
