//! Work on many things in threads, its results taken in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError, mpsc};
use std::thread;

use crate::failure::Failure;

/// The most threads of one run.
pub(crate) const THREADS_MAX: i64 = 256;

/// The fewest things for which a thread is worth its start.
const SHARE_MIN: usize = 8;

/// The most things a thread takes at once: what threads tell each other costs more than small work.
const BATCH_MAX: usize = 16;

/// How many batches work may be ahead of what is taken, for each thread: so many are held at most.
const AHEAD_MAX: usize = 4;

/// As many threads as the machine runs at once.
pub(crate) fn available() -> usize {
    let most = usize::try_from(THREADS_MAX).unwrap_or(usize::MAX);
    thread::available_parallelism().map_or(1, usize::from).min(most)
}

/// Does `work` on each number below `count`, and gives the results to `take` in the order of the numbers.
pub(crate) fn in_order<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let threads = threads.min(count.div_ceil(SHARE_MIN));
    if threads < 2 {
        return (0..count).try_for_each(|number| take(work(number)));
    }
    let length = count.div_ceil(4 * threads).min(BATCH_MAX);
    let batches = count.div_ceil(length);
    let next = AtomicUsize::new(0);
    // How many batches are taken.
    let taken = Mutex::new(0);
    let moved = Condvar::new();
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, next, taken, moved, work) = (sender.clone(), &next, &taken, &moved, &work);
            scope.spawn(move || {
                loop {
                    let batch = next.fetch_add(1, Ordering::Relaxed);
                    let is_ahead = |taken: &mut usize| batch >= taken.saturating_add(AHEAD_MAX * threads);
                    let guard = taken.lock().unwrap_or_else(PoisonError::into_inner);
                    drop(moved.wait_while(guard, is_ahead));
                    if batch >= batches {
                        return;
                    }
                    let numbers = batch * length..count.min((batch + 1) * length);
                    let done: Vec<T> = numbers.map(work).collect();
                    if sender.send((batch, done)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let outcome = take_all(results, &mut take, |so_far| {
            *taken.lock().unwrap_or_else(PoisonError::into_inner) = so_far;
            moved.notify_all();
        });
        // Whether all is done or no more is wanted: nobody is to wait any longer.
        next.store(batches, Ordering::Relaxed);
        *taken.lock().unwrap_or_else(PoisonError::into_inner) = usize::MAX;
        moved.notify_all();
        outcome
    })
}

fn take_all<T>(
    results: mpsc::Receiver<(usize, Vec<T>)>,
    take: &mut impl FnMut(T) -> Result<(), Failure>,
    tell: impl Fn(usize),
) -> Result<(), Failure> {
    let mut waiting = BTreeMap::new();
    let mut due = 0;
    for (batch, done) in results {
        waiting.insert(batch, done);
        while let Some(done) = waiting.remove(&due) {
            done.into_iter().try_for_each(&mut *take)?;
            due += 1;
            tell(due);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_the_threads() {
        for threads in [1, 2, 3, 8] {
            for count in [0, 1, 2, 1000] {
                let mut taken = Vec::new();
                let slow_at_first = |number: usize| {
                    if number.is_multiple_of(7) {
                        thread::yield_now();
                    }
                    number * 2
                };
                in_order(count, threads, slow_at_first, |result| {
                    taken.push(result);
                    Ok(())
                })
                .unwrap();
                assert_eq!(taken, (0..count).map(|number| number * 2).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn work_is_never_far_ahead_of_what_is_taken() {
        let done = AtomicUsize::new(0);
        let mut taken = 0;
        let work = |_| done.fetch_add(1, Ordering::Relaxed);
        in_order(2000, 2, work, |_| {
            taken += 1;
            let ahead = done.load(Ordering::Relaxed) - taken;
            assert!(ahead <= AHEAD_MAX * 2 * BATCH_MAX + 2 * BATCH_MAX, "{ahead}");
            Ok(())
        })
        .unwrap();
    }

    #[test]
    fn what_cannot_be_taken_ends_it() {
        let done = AtomicUsize::new(0);
        let work = |number| {
            done.fetch_add(1, Ordering::Relaxed);
            number
        };
        let outcome = in_order(100_000, 2, work, |number| match number {
            10 => Err(Failure::input("no room")),
            _ => Ok(()),
        });
        assert_eq!(outcome.unwrap_err().to_string(), "no room");
        assert!(done.load(Ordering::Relaxed) <= 11 + (AHEAD_MAX * 2 + 2) * BATCH_MAX);
    }
}
