//! What PostgreSQL says when it fails, in the ledger's words.

use std::error::Error as _;

use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::error::Error;

/// An error in one line. What the driver says of itself is too little: what it says of the cause belongs to it.
pub(super) fn line(error: &tokio_postgres::Error) -> String {
    let cause = |cause: &DbError| {
        let detail = cause.detail().map(|detail| format!(" ({detail})")).unwrap_or_default();
        format!("{}{detail}", cause.message())
    };
    match (error.as_db_error(), error.source()) {
        (Some(of_server), _) => cause(of_server),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let line = line(&error);
        match error.code() {
            Some(&SqlState::LOCK_NOT_AVAILABLE | &SqlState::T_R_SERIALIZATION_FAILURE) => Self::Busy,
            Some(&SqlState::DISK_FULL) => Self::Full,
            Some(&SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED) => Self::Damaged { reason: line },
            _ if ends_connection(&error) => Self::Unreachable { reason: format!("PostgreSQL: {line}") },
            _ => Self::Driver(format!("PostgreSQL: {line}").into()),
        }
    }
}

/// Whether the connection is of no use any more after an error: the server ended it, or it broke.
pub(super) fn ends_connection(error: &tokio_postgres::Error) -> bool {
    // Whatever the server says, it goes on, unless it says that it does not.
    let goes_on = |said: &DbError| matches!(said.parsed_severity(), Some(Severity::Error));
    !error.as_db_error().is_some_and(goes_on)
}

/// Whether a commit that failed so was certainly not made: the server said it, and goes on.
pub(super) fn refuses_commit(error: &tokio_postgres::Error) -> bool {
    !ends_connection(error) && error.code() != Some(&SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN)
}
