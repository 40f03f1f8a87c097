//! No more requests than the API takes: a window that rolls.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as Queue, Notify};
use tokio::time::{Instant, sleep_until};

/// How many requests may be sent in how long a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The most requests in any window of time; at least one.
    pub requests: usize,
    /// How long the window is.
    pub window: Duration,
}

impl RateLimit {
    /// What the API grants an account: 120 requests in any 60 seconds.
    pub const OF_THE_API: Self = Self { requests: 120, window: Duration::from_secs(60) };
}

/// Lets requests through as the limit has it, in the order in which they came.
///
/// A server counts a request some time between its sending and its answer. So it counts here from the one until a
/// window after the other: then there are never more in any window of the server's.
pub(crate) struct Limiter {
    limit: RateLimit,
    queue: Queue<()>,
    state: Mutex<State>,
    released: Notify,
}

#[derive(Default)]
struct State {
    under_way: usize,
    /// When requests were answered, for as long as they count.
    answered: VecDeque<Instant>,
    /// Nothing is let through before.
    held_until: Option<Instant>,
}

/// One request that may be sent; it counts from now on until a window after it is dropped.
pub(crate) struct Turn<'a>(&'a Limiter);

/// Added to the window: both ends count time in steps.
const STEP: Duration = Duration::from_millis(50);

impl Limiter {
    pub(crate) fn new(limit: RateLimit) -> Self {
        let limit = RateLimit { requests: limit.requests.max(1), ..limit };
        Self { limit, queue: Queue::default(), state: Mutex::default(), released: Notify::new() }
    }

    /// Waits until a request may be sent; `waits` hears for how long, if it has to.
    pub(crate) async fn turn(&self, waits: impl Fn(Duration)) -> Turn<'_> {
        let _first = self.queue.lock().await;
        loop {
            let released = self.released.notified();
            let until = match self.state().next(self.limit) {
                Next::Go => return Turn(self),
                Next::At(until) => Some(until),
                Next::WhenReleased => None,
            };
            match until {
                Some(until) => {
                    waits(until.saturating_duration_since(Instant::now()));
                    sleep_until(until).await;
                }
                None => released.await,
            }
        }
    }

    /// Lets nothing through for this long: the API said that it has had enough.
    pub(crate) fn hold(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut state = self.state();
        state.held_until = state.held_until.max(Some(until));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Next {
    Go,
    At(Instant),
    WhenReleased,
}

impl State {
    fn next(&mut self, limit: RateLimit) -> Next {
        let now = Instant::now();
        let window = limit.window + STEP;
        self.answered.retain(|answered| *answered + window > now);
        if let Some(until) = self.held_until.filter(|until| *until > now) {
            return Next::At(until);
        }
        if self.under_way + self.answered.len() < limit.requests {
            self.under_way += 1;
            return Next::Go;
        }
        self.answered.front().map_or(Next::WhenReleased, |first| Next::At(*first + window))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.under_way -= 1;
        state.answered.push_back(Instant::now());
        drop(state);
        self.0.released.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn no_more_is_kept_than_the_limit_counts() {
        let window = Duration::from_secs(60);
        let limiter = Limiter::new(RateLimit { requests: 10, window });
        for _ in 0..1000 {
            drop(limiter.turn(|_| {}).await);
            let state = limiter.state();
            assert!(state.answered.len() <= 10 && state.answered.capacity() <= 16 && state.under_way == 0);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn turns_are_given_in_the_order_in_which_they_are_asked_for() {
        let limiter = Limiter::new(RateLimit { requests: 1, window: Duration::from_secs(1) });
        let given = Mutex::new(Vec::new());
        let take = async |number: u8| {
            let _turn = limiter.turn(|_| {}).await;
            given.lock().unwrap().push(number);
        };
        tokio::join!(take(0), take(1), take(2), take(3), take(4));
        assert_eq!(given.into_inner().unwrap(), [0, 1, 2, 3, 4]);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_is_told_for_how_long() {
        let limiter = Limiter::new(RateLimit { requests: 0, window: Duration::from_secs(5) });
        drop(limiter.turn(|_| panic!("the first goes at once")).await);
        let told = Mutex::new(Vec::new());
        drop(limiter.turn(|wait| told.lock().unwrap().push(wait)).await);
        limiter.hold(Duration::from_secs(30));
        drop(limiter.turn(|wait| told.lock().unwrap().push(wait)).await);
        assert_eq!(told.into_inner().unwrap(), [Duration::from_secs(5) + STEP, Duration::from_secs(30)]);
    }
}
