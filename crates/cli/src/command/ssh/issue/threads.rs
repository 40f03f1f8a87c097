//! Work on many things at once.

use std::num::NonZeroUsize;
use std::panic;
use std::sync::{Mutex, PoisonError};
use std::thread::ScopedJoinHandle;

/// Things that a thread takes at a time: few enough that no thread waits long for the last.
const SHARE: usize = 32;

/// What `work` makes of each item, in their order.
pub(super) fn map<T: Send, R: Send>(
    items: Vec<T>,
    threads: NonZeroUsize,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    map_shares(items, threads, |share| share.into_iter().map(&work).collect())
}

/// What `work` makes of items that come a few at a time, in their order. Each thread takes the next few as it becomes free.
pub(super) fn map_shares<T: Send, R: Send>(
    items: Vec<T>,
    threads: NonZeroUsize,
    work: impl Fn(Vec<T>) -> Vec<R> + Sync,
) -> Vec<R> {
    let threads = threads.get().min(items.len().div_ceil(SHARE));
    let queue = Mutex::new((0.., items.into_iter()));
    let next = || {
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        let share: Vec<T> = queue.1.by_ref().take(SHARE).collect();
        if share.is_empty() { None } else { queue.0.next().map(|number: usize| (number, share)) }
    };
    let worker = || std::iter::from_fn(next).map(|(number, share)| (number, work(share)));
    if threads <= 1 {
        return worker().flat_map(|(_, results)| results).collect();
    }
    let mut shares: Vec<(usize, Vec<R>)> = std::thread::scope(|scope| {
        let spawned = (0..threads).map(|_| scope.spawn(|| worker().collect()));
        let workers: Vec<ScopedJoinHandle<'_, Vec<_>>> = spawned.collect();
        let done = workers.into_iter().map(ScopedJoinHandle::join);
        done.flat_map(|shares| shares.unwrap_or_else(|payload| panic::resume_unwind(payload))).collect()
    });
    shares.sort_unstable_by_key(|(number, _)| *number);
    shares.into_iter().flat_map(|(_, results)| results).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        for threads in 1..5 {
            for count in [0, 1, SHARE, SHARE + 1, 10 * SHARE + 7] {
                let doubled = map((0..count).collect(), NonZeroUsize::new(threads).unwrap(), |item| 2 * item);
                assert_eq!(doubled, (0..count).map(|item| 2 * item).collect::<Vec<_>>());
            }
        }
    }
}
