//! What SQLite says when it fails, in the ledger's words.

use rusqlite::{ErrorCode, ffi};

use crate::error::Error;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, reason) = &error else {
            return Self::Driver(Box::new(error));
        };
        match (failure.code, failure.extended_code) {
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Self::Busy,
            // A limit on the size of files is no full disk to SQLite, but a write that fails.
            (ErrorCode::DiskFull, _)
            | (
                ErrorCode::SystemIoFailure,
                ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_SHMSIZE | ffi::SQLITE_IOERR_TRUNCATE,
            ) => Self::Full,
            // Without the right to write to the folder, the files beside the ledger cannot be opened.
            (ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied, _) => Self::ReadOnly,
            (ErrorCode::DatabaseCorrupt, _) => {
                Self::Damaged { reason: reason.clone().unwrap_or_else(|| failure.to_string()) }
            }
            (ErrorCode::NotADatabase, _) => Self::NotALedger,
            _ => Self::Driver(Box::new(error)),
        }
    }
}
