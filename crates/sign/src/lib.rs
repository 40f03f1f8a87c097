//! What an OpenSSH host certificate authority needs besides signing: lists of what is revoked, the lines that tell
//! clients whom to trust, and the decision that a client would make.
//!
//! ```
//! use certgate_sign::krl::{Header, RevocationList, Revocations, Scope};
//!
//! let mut revoked = Revocations::new();
//! revoked.revoke_serials(&Scope::any_authority(), 5, 900)?;
//! revoked.revoke_key_id(&Scope::any_authority(), b"web-1")?;
//! let bytes = revoked.to_list(Header::new(1, 1_780_000_000, "")?)?.to_bytes();
//! let again = RevocationList::read(&bytes)?;
//! assert_eq!(Revocations::of(&again), revoked);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In reading order: [`krl`] reads, writes and asks key revocation lists; [`known_hosts`] reads and writes the lines
//! by which clients know hosts and authorities; [`verify`] puts both together and decides as a client does;
//! [`deploy`] says what to put where.
//!
//! Invariants: nothing here panics on any input, knows the time, or opens a file or a socket.

mod pattern;
mod plain_key;
pub mod krl;
pub mod known_hosts;
pub mod verify;
pub mod deploy;
