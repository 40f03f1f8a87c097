//! How often each API key is used.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::problem::Refusal;
use crate::settings::RATE_WINDOW_SECS;

/// Requests of the last [`RATE_WINDOW_SECS`], by the id of the key.
pub(crate) struct Rate {
    limit: Option<u32>,
    requests: Mutex<HashMap<String, VecDeque<Instant>>>,
}

impl Rate {
    pub(crate) fn new(limit: Option<u32>) -> Self {
        Self { limit, requests: Mutex::new(HashMap::new()) }
    }

    /// Counts a request, or refuses it; one that is refused is not counted.
    pub(crate) fn count(&self, key: &str, now: Instant) -> Result<(), Refusal> {
        let Some(limit) = self.limit else { return Ok(()) };
        let window = Duration::from_secs(RATE_WINDOW_SECS);
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let times = requests.entry(key.to_owned()).or_default();
        while times.front().is_some_and(|first| now.duration_since(*first) >= window) {
            times.pop_front();
        }
        if u32::try_from(times.len()).is_ok_and(|count| count < limit) {
            times.push_back(now);
            return Ok(());
        }
        let wait = times.front().map_or(window, |first| window.saturating_sub(now.duration_since(*first)));
        let public = format!("this key is limited to {limit} API requests per minute; wait and try again");
        Err(Refusal::coded(226, public).with_retry_after(wait.as_secs() + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_a_key_are_counted_over_a_window_that_rolls() {
        let rate = Rate::new(Some(2));
        let start = Instant::now();
        let after = |secs| start + Duration::from_secs(secs);
        assert!(rate.count("a", start).is_ok());
        assert!(rate.count("a", after(30)).is_ok());
        let refusal = rate.count("a", after(59)).unwrap_err();
        assert_eq!((refusal.status().as_u16(), refusal.retry_after_secs), (429, Some(2)));
        assert!(rate.count("b", after(59)).is_ok());
        assert!(rate.count("a", after(60)).is_ok());
        assert!(rate.count("a", after(60)).is_err());
        assert!(rate.count("a", after(90)).is_ok());
    }

    #[test]
    fn without_a_limit_nothing_is_counted() {
        let rate = Rate::new(None);
        assert!((0..10_000).all(|_| rate.count("a", Instant::now()).is_ok()));
        assert!(rate.requests.lock().unwrap().is_empty());
    }
}
