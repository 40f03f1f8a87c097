//! What OpenSSH's own programs say, against what this crate says.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

mod tools;
mod krl;
mod odd_lists;
mod known_hosts;
mod handshake;
mod deploy;
mod sshd_config;
