//! A change: one transaction, and the records of it.

use certgate_facts::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::chain;
use crate::audit::{AuditHash, AuditHead};
use crate::entry::Entry;
use crate::error::Error;

/// A transaction that writes, from its start; dropped without a commit it has not been.
pub(super) struct Change<'c> {
    transaction: Transaction<'c>,
    at: Timestamp,
    head: AuditHead,
    is_lost: bool,
}

impl<'c> Change<'c> {
    pub(super) fn begin(connection: &'c mut Connection, at: Timestamp) -> Result<Self, Error> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let head = chain::head(&transaction)?.unwrap_or(AuditHead { seq: 0, hash: AuditHash::NONE });
        Ok(Self { transaction, at, head, is_lost: false })
    }

    /// One change, durable once this is back.
    pub(super) fn make<T>(
        connection: &'c mut Connection,
        at: Timestamp,
        work: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut change = Self::begin(connection, at)?;
        let made = work(&mut change)?;
        change.commit()?;
        Ok(made)
    }

    /// One change among others of the same transaction: what fails leaves nothing behind, and the others as they are.
    ///
    /// Some failures, such as that of a disk, take the whole transaction with them; [`Change::is_lost`] tells.
    pub(super) fn attempt<T>(
        &mut self,
        at: Timestamp,
        work: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        (self.at, self.is_lost) = (at, true);
        self.execute("SAVEPOINT attempt", [])?;
        let head = self.head;
        let made = work(self);
        if made.is_err() {
            self.head = head;
        }
        let settled = self.transaction.execute_batch(match made {
            Ok(_) => "RELEASE attempt",
            Err(_) => "ROLLBACK TO attempt; RELEASE attempt",
        });
        self.is_lost = settled.is_err() || self.transaction.is_autocommit();
        made
    }

    /// Whether nothing of the transaction can be committed any more.
    pub(super) const fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// The connection, inside the transaction.
    pub(super) fn sql(&self) -> &Connection {
        &self.transaction
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
            params![seq, self.at.unix_secs(), kind, body, hash.bytes()],
        )?;
        self.head = AuditHead { seq, hash };
        Ok(seq)
    }

    /// Runs a statement that changes something; how many rows it changed comes back.
    pub(super) fn execute(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize, Error> {
        Ok(self.transaction.prepare_cached(sql)?.execute(params)?)
    }

    /// Makes all of it durable.
    pub(super) fn commit(self) -> Result<(), Error> {
        match self.is_lost {
            true => Err(Error::Driver("the transaction was taken back".into())),
            false => Ok(self.transaction.commit()?),
        }
    }
}
