//! A change: one transaction, and the records of it.

use std::cell::Cell;
use std::sync::Arc;

use certgate_facts::Timestamp;

use super::{Database, Value, chain, values};
use crate::audit::{AuditHash, AuditHead};
use crate::entry::Entry;
use crate::error::Error;

/// A transaction that writes, from its start; dropped without a commit it has not been.
pub(crate) struct Change<'c> {
    sql: &'c dyn Database,
    at: Timestamp,
    head: AuditHead,
    /// Whether something was written since the last attempt began.
    has_written: Cell<bool>,
    is_lost: bool,
    is_over: bool,
}

impl<'c> Change<'c> {
    pub(crate) fn begin(sql: &'c dyn Database, at: Timestamp) -> Result<Self, Error> {
        sql.begin_writing()?;
        let (none, has_written) = (AuditHead { seq: 0, hash: AuditHash::NONE }, Cell::new(false));
        let mut change = Self { sql, at, head: none, has_written, is_lost: false, is_over: false };
        change.head = chain::head(sql)?.unwrap_or(none);
        Ok(change)
    }

    /// One change, durable once this is back.
    pub(super) fn make<T>(
        sql: &'c dyn Database,
        at: Timestamp,
        work: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut change = Self::begin(sql, at)?;
        let made = work(&mut change)?;
        change.commit()?;
        Ok(made)
    }

    /// One change among others of the same transaction: what fails before it has written leaves the others as they are. So
    /// whatever may be refused is looked at first; what may fail behind that is done [`undoably`](Self::undoably).
    ///
    /// Other failures, such as that of a disk, take the whole transaction with them; [`Change::is_lost`] tells.
    pub(crate) fn attempt<T>(
        &mut self,
        at: Timestamp,
        work: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.at = at;
        self.has_written.set(false);
        let made = work(self);
        self.is_lost = (made.is_err() && self.has_written.get()) || !self.sql.is_in_transaction();
        made
    }

    /// Does what can fail after it has written: then nothing of it is left. It costs as much again as what it writes.
    pub(super) fn undoably<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (head, had_written) = (self.head, self.has_written.get());
        self.sql.run("SAVEPOINT undoable")?;
        let made = work(self);
        match made {
            Ok(_) => self.sql.run("RELEASE undoable")?,
            Err(_) => {
                self.sql.run("ROLLBACK TO undoable; RELEASE undoable")?;
                self.head = head;
                self.has_written.set(had_written);
            }
        }
        made
    }

    /// Whether nothing of the transaction can be committed any more.
    pub(crate) const fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// The database, inside the transaction.
    pub(super) const fn sql(&self) -> &'c dyn Database {
        self.sql
    }

    pub(super) const fn at(&self) -> Timestamp {
        self.at
    }

    /// The number of the next record.
    pub(super) const fn next_seq(&self) -> u64 {
        self.head.seq + 1
    }

    /// Writes a record. Its number comes back.
    pub(super) fn append(&mut self, entry: &Entry) -> Result<u64, Error> {
        let (seq, kind, body) = (self.next_seq(), entry.kind(), entry.body());
        let hash = self.head.hash.next(seq, self.at, kind, &body);
        self.execute(
            "INSERT INTO audit (seq, at, kind, body, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
            values![seq, self.at.unix_secs(), kind, body, hash.bytes()],
        )?;
        self.head = AuditHead { seq, hash };
        Ok(seq)
    }

    /// Runs a statement that changes something; how many rows it changed comes back.
    pub(super) fn execute(&self, statement: &str, values: &[Value<'_>]) -> Result<u64, Error> {
        self.has_written.set(true);
        self.sql.execute(statement, values)
    }

    /// Makes all of it durable.
    ///
    /// Where a connection broke before it was said whether it is, the chain tells: the last record is there, or it is not.
    pub(crate) fn commit(mut self) -> Result<(), Error> {
        if self.is_lost {
            return Err(Error::Driver("the transaction was taken back".into()));
        }
        let committed = self.sql.commit();
        self.is_over = committed.is_ok();
        match committed {
            Err(Error::OutcomeUnknown(cause)) => self.find_out(cause),
            committed => committed,
        }
    }

    /// Whether a change was made although nobody said so. Whoever writes next is waited for, so that none of the transaction
    /// can come later.
    fn find_out(&self, cause: Arc<Error>) -> Result<(), Error> {
        let found = self.sql.begin_writing().and_then(|()| chain::hash_of(self.sql, self.head.seq));
        match found {
            Ok(Some(hash)) if hash == self.head.hash => Ok(()),
            Ok(_) => Err(Error::NotCommitted(cause)),
            Err(_) => Err(Error::OutcomeUnknown(cause)),
        }
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.sql.roll_back();
        }
    }
}
