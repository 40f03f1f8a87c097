//! What a request is called in answers and in the log.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use certgate_api::{Ksuid, Timestamp as WireTime};
use certgate_facts::Timestamp;

/// `op_` and a KSUID, fresh for each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OperationId(Option<Ksuid>);

/// Names for requests. They are told apart, also from those of other servers, but are no secret: dice are thrown once, and
/// then it is counted.
pub(crate) struct Operations {
    /// This server's own, eight bytes of chance.
    server: [u8; 8],
    next: AtomicU64,
}

impl Operations {
    /// Of sixteen bytes of chance.
    pub(crate) fn new([a, b, c, d, e, f, g, h, first @ ..]: [u8; 16]) -> Self {
        Self { server: [a, b, c, d, e, f, g, h], next: AtomicU64::new(u64::from_be_bytes(first)) }
    }

    /// A name for a request of that moment.
    pub(crate) fn next(&self, at: Timestamp) -> OperationId {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.server);
        bytes[8..].copy_from_slice(&self.next.fetch_add(1, Relaxed).to_be_bytes());
        OperationId(WireTime::from_unix_secs(at.unix_secs()).and_then(|at| Ksuid::new(at, bytes)))
    }
}

impl fmt::Display for OperationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(ksuid) => write!(formatter, "op_{ksuid}"),
            // A clock before 2014 or after 2150.
            None => formatter.write_str("op_unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_has_a_name_of_its_own_also_when_the_count_begins_again() {
        let at = Timestamp::from_unix_secs(1_793_491_200);
        let operations = Operations::new([255; 16]);
        let names: Vec<_> = (0..3).map(|_| operations.next(at).to_string()).collect();
        assert!(names.iter().all(|name| name.len() == 30 && name.starts_with("op_")), "{names:?}");
        let mut distinct = names.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), 3, "{names:?}");
        let other = Operations::new([[1; 8], [255; 8]].concat().try_into().unwrap());
        assert!(!names.contains(&other.next(at).to_string()));
        assert_eq!(operations.next(Timestamp::from_unix_secs(0)).to_string(), "op_unknown");
    }
}
