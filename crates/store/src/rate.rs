//! How often each API key is used.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use certgate_facts::Timestamp;

use crate::resource::ResourceId;

/// Seconds over which requests are counted.
pub const RATE_WINDOW_SECS: u32 = 60;

/// Requests of the last [`RATE_WINDOW_SECS`], by the id of the key, for a single process: how many in which second.
#[derive(Default)]
pub(crate) struct Requests(Mutex<HashMap<ResourceId, VecDeque<(i64, u32)>>>);

impl Requests {
    /// Counts a request, unless `limit` are counted already: then how many seconds it takes until there is room again.
    pub(crate) fn count(&self, key: &ResourceId, limit: u32, at: Timestamp) -> Option<u64> {
        let (now, window) = (at.unix_secs(), i64::from(RATE_WINDOW_SECS));
        // What lies ahead was counted by a clock that was set back since.
        let is_in_window = |second: i64| second.abs_diff(now) < window.unsigned_abs();
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = requests.entry(key.clone()).or_default();
        seconds.retain(|(second, _)| is_in_window(*second));
        let counted: u64 = seconds.iter().map(|(_, count)| u64::from(*count)).sum();
        if counted >= u64::from(limit) {
            let oldest = seconds.iter().map(|(second, _)| *second).min().unwrap_or(now);
            return Some(u64::try_from(oldest + window - now).unwrap_or(1));
        }
        match seconds.back_mut().filter(|(second, _)| *second == now) {
            Some((_, count)) => *count += 1,
            None => seconds.push_back((now, 1)),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let (requests, key) = (Requests::default(), "ak_2rwwl6y1UCOM1WjSQhSj2VPegVh".parse().unwrap());
        let count = |secs| requests.count(&key, 2, Timestamp::from_unix_secs(secs));
        assert_eq!([count(10_000), count(10_001), count(10_030)], [None, None, Some(30)]);
        // Requests that were stamped a moment earlier come later: they are within the same window.
        assert_eq!(count(9_999), Some(61));
        assert_eq!([count(2_800), count(2_800), count(2_801)], [None, None, Some(59)]);
        assert_eq!(count(2_860), None);
    }
}
