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
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = requests.entry(key.clone()).or_default();
        seconds.retain(|(second, _)| *second > now - window);
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
