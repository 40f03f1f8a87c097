//! What a request is called in answers and in the log.

use std::fmt;

use certgate_api::{Ksuid, Timestamp};

/// `op_` and a KSUID, fresh for each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OperationId(Option<Ksuid>);

impl OperationId {
    /// Of a second and sixteen bytes of chance.
    pub(crate) fn new(unix_secs: i64, random: [u8; 16]) -> Self {
        Self(Timestamp::from_unix_secs(unix_secs).and_then(|at| Ksuid::new(at, random)))
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
