//! An OpenSSH certificate authority: signs certificates of hosts and users that were judged first, with keys in files and keys
//! that never leave an agent; and what it needs besides: lists of what is revoked, the lines that tell clients whom to
//! trust, and the decision that a client would make.
//!
//! ```
//! use std::sync::Arc;
//! use certgate_facts::{Reading, Source};
//! use certgate_rules::{Field, HostCertificateRequest, Moment, Policy, TrustAnchors, judge};
//! use certgate_sign::{Authority, AuthorityKeyType, Signer, issue};
//! # use chacha20::{ChaCha20Rng, rand_core::SeedableRng};
//! # let mut rng = ChaCha20Rng::seed_from_u64(1);
//!
//! let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh web-1";
//! let request = HostCertificateRequest::new(
//!     Arc::new(Reading::of(Source::from_bytes("host.pub", line.into())?)),
//!     Field::new("--key-id", "web-1")?,
//!     vec![Field::new("--principal", "web-1.example.com")?],
//!     Moment::at(1_793_491_140),
//!     Moment::at(1_794_096_000),
//! );
//! let cleared = judge(request, &Policy::new("2026-11-01".parse()?, TrustAnchors::Mozilla)).clear()?;
//!
//! let authority = Authority::create(AuthorityKeyType::Ed25519, &mut rng)?;
//! let issued = issue(cleared, &authority, 1, &mut rng)?;
//! assert!(issued.line().starts_with("ssh-ed25519-cert-v01@openssh.com AAAA"));
//! assert_eq!(issued.certificate().verify_signature()?.name(), "ssh-ed25519");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In reading order: a [`Signer`] signs for an authority, be it an [`Authority`] with its key at hand or an
//! [`AgentAuthority`] whose key an [`Agent`] holds; [`ToBeSigned`] is a certificate without its signature; [`prepare`]
//! makes one of what was cleared, and [`Prepared`] becomes an [`IssuedCertificate`] here, or by a signature that was made
//! elsewhere. [`krl`] reads, writes and asks key revocation lists; [`known_hosts`] writes the lines by which clients know
//! hosts and authorities; [`verify`] puts both together and decides as a client does;
//! [`renewal`] says when a certificate is due, [`deploy`] what to put where; [`sshd_config`] reads what a server has, and
//! [`doctor`] says what is wrong with it.
//!
//! Invariants: nothing is issued but what was [`Cleared`](certgate_rules::Cleared), as what it was cleared for: a cleared
//! [`HostCertificateRequest`](certgate_rules::HostCertificateRequest) becomes a certificate of a host, without options, and a
//! cleared [`UserCertificateRequest`](certgate_rules::UserCertificateRequest) one of a user, with the options that were judged;
//! one type is not taken for the other. Serial 0 has to be asked for by a long name. What was
//! signed is read back by `certgate-facts` and compared with what was judged, and its signature verified, in every build,
//! before anyone sees it. Nothing here panics on any input, opens a file or a socket or reads a clock, and randomness
//! comes in as an argument wherever the provider lets it. Private keys and passphrases are shown by no formatting and no
//! error.

mod error;
mod wire;
mod signer;
mod authority;
mod agent;
mod codec;
mod issue;
mod plain_key;
pub mod krl;
pub mod known_hosts;
pub mod verify;
pub mod renewal;
pub mod deploy;
pub mod sshd_config;
pub mod doctor;

pub use agent::{AGENT_IDENTITIES_MAX, AGENT_REPLY_BYTES_MAX, Agent, AgentAuthority, AgentIdentity};
pub use authority::{Authority, AuthorityKeyType, KEY_DERIVATION_ROUNDS_MAX, check_key_file_mode};
pub use codec::{NONCE_BYTES, ToBeSigned};
pub use error::{CertificateField, Error};
pub use issue::{
    IssuedCertificate, Prepared, issue, prepare, prepare_without_serial_revocable_by_key_id_only,
};
pub use signer::{AUTHORITY_RSA_BITS_MIN, Signer, algorithm_of_authority};
