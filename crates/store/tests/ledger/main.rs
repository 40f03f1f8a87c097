//! Ledgers, as whoever keeps a CA meets them. Needs `ssh-keygen`, `sh` and `setpriv`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

mod contract;
mod harness;
mod resources;
mod sqlite;
