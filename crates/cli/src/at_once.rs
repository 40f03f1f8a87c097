//! Several things at once, begun in order.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

/// Something that takes a while.
pub(crate) type Job<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Runs jobs, each with its place, at most `count` at once; the next begins when `may_go_on` says so of each that ended. Gives
/// what came of each that began, in the order in which they were given.
pub(crate) async fn run<T>(
    jobs: Vec<(usize, Job<'_, T>)>,
    count: usize,
    mut may_go_on: impl FnMut(&T) -> bool,
) -> Vec<(usize, T)> {
    let mut waiting = jobs.into_iter();
    let mut running: Vec<(usize, Job<'_, T>)> = waiting.by_ref().take(count).collect();
    let mut ended = Vec::with_capacity(waiting.len());
    let mut goes_on = true;
    poll_fn(|context| {
        let mut index = 0;
        while let Some((place, job)) = running.get_mut(index) {
            let Poll::Ready(outcome) = job.as_mut().poll(context) else {
                index += 1;
                continue;
            };
            goes_on &= may_go_on(&outcome);
            ended.push((*place, outcome));
            drop(running.remove(index));
            // One that begins now is looked at in this same pass, or nobody would wake it.
            running.extend(waiting.next().filter(|_| goes_on));
        }
        if running.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    ended.sort_by_key(|(place, _)| *place);
    ended
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::time::Duration;

    use super::*;

    /// Runs jobs that take so many milliseconds; gives what came of them, the order of their beginnings, and how many there were
    /// at once at most.
    fn run_all(lengths: &[u64], count: usize, last: usize) -> (Vec<usize>, Vec<usize>, usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let began = RefCell::new(Vec::new());
        let at_once = RefCell::new((0, 0));
        let job = |(place, length): (usize, &u64)| -> (usize, Job<'_, usize>) {
            let (began, at_once, length) = (&began, &at_once, *length);
            let job = async move {
                began.borrow_mut().push(place);
                let now = at_once.borrow().0 + 1;
                let most = at_once.borrow().1.max(now);
                *at_once.borrow_mut() = (now, most);
                tokio::time::sleep(Duration::from_millis(length)).await;
                at_once.borrow_mut().0 -= 1;
                place
            };
            (place, Box::pin(job))
        };
        let jobs = lengths.iter().enumerate().map(job).collect();
        let ended = runtime.block_on(run(jobs, count, |place| *place != last));
        let (_, most) = *at_once.borrow();
        (ended.into_iter().map(|(_, outcome)| outcome).collect(), began.take(), most)
    }

    #[test]
    fn jobs_begin_in_order_and_no_more_than_so_many_run_at_once() {
        for count in 1..5 {
            let (ended, began, most) = run_all(&[9, 1, 0, 7, 2, 2, 5, 1], count, usize::MAX);
            assert_eq!((ended, began, most), ((0..8).collect(), (0..8).collect(), count));
        }
        assert_eq!(run_all(&[], 4, usize::MAX).0, Vec::<usize>::new());
    }

    #[test]
    fn nothing_begins_after_what_ends_it_all() {
        let (ended, _, _) = run_all(&[20, 1, 20, 20, 20], 2, 1);
        assert_eq!(ended, [0, 1]);
    }
}
