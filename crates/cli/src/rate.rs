//! A limit on requests, as it is typed.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use certgate_client::RateLimit;

use crate::lifetime::Lifetime;

/// So many requests in such a time; typed and shown as `120/1m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    requests: u16,
    window: Lifetime,
}

/// A text that is no limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotARate;

impl Rate {
    /// What the API grants an account.
    pub(crate) const OF_THE_API: Self = Self { requests: 120, window: Lifetime::of_secs(60) };

    /// The limit, as the client takes it.
    pub(crate) fn limit(self) -> RateLimit {
        RateLimit { requests: usize::from(self.requests), window: Duration::from_secs(self.window.secs()) }
    }
}

impl FromStr for Rate {
    type Err = NotARate;

    fn from_str(text: &str) -> Result<Self, NotARate> {
        let (requests, window) = text.split_once('/').ok_or(NotARate)?;
        let requests = requests.parse().ok().filter(|count| *count > 0).ok_or(NotARate)?;
        Ok(Self { requests, window: window.parse().map_err(|_| NotARate)? })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.requests, self.window)
    }
}

impl fmt::Display for NotARate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a limit: expected a number of requests and a length of time, such as 120/1m")
    }
}

impl std::error::Error for NotARate {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_and_shown() {
        let rate: Rate = "120/60s".parse().unwrap();
        assert_eq!((rate, rate.to_string().as_str()), (Rate::OF_THE_API, "120/1m"));
        assert_eq!(rate.limit(), RateLimit::OF_THE_API);
        for bad in ["", "120", "0/1m", "120/", "120/0s", "-1/1m", "65536/1m", "120/1y"] {
            assert!(bad.parse::<Rate>().is_err(), "{bad}");
        }
    }
}
