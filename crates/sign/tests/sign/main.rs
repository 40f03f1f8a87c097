//! Signing, through the public API, with real OpenSSH for a witness.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod harness;

mod agent;
mod any_bytes;
mod authority;
mod issue;
mod keygen;
mod signature;
mod ssh_key_crate;
mod users;
