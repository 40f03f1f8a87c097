//! Ledgers, as whoever keeps a CA meets them. Needs `ssh-keygen`, `sh`, `setpriv` and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

#[path = "../../../../tests/harness/postgres.rs"]
mod cluster;
mod contract;
mod harness;
mod postgres;
mod processes;
mod resources;
mod specimen;
mod sqlite;
mod worker;
