//! Judges what was read, before it is sent: what would the API answer, would clients trust it, and what is to be done.
//!
//! ```
//! use std::sync::Arc;
//! use certgate_facts::{Reading, Source};
//! use certgate_rules::{Policy, Slot, TlsUpload, TrustAnchors, judge};
//!
//! let read = |name: &str| -> Result<_, Box<dyn std::error::Error>> {
//!     let path = format!("{}/../../fixtures/seed/{name}", env!("CARGO_MANIFEST_DIR"));
//!     Ok(Arc::new(Reading::of(Source::read(name, std::fs::File::open(path)?)?)))
//! };
//! let upload = TlsUpload::new(Slot::whole(read("example.com.pem")?), Slot::whole(read("example.com.key")?));
//! let verdict = judge(upload, &Policy::new("2026-11-01".parse()?, TrustAnchors::Mozilla));
//!
//! assert_eq!(verdict.api_code(), None); // the API takes it,
//! assert_eq!(verdict.clients_trust(), Some(false)); // clients do not:
//! assert_eq!(verdict.findings()[0].rule().name(), "leaf-expired");
//! let cleared = verdict.clear()?; // and this is what an upload wants to see
//! # let _ = cleared;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In reading order: a [`TlsUpload`] is the case; a [`Policy`] is what it is judged by; a [`Rule`] finds
//! [`Finding`]s; a [`Verdict`] sums them up; [`Cleared`] is the proof that it passed; [`uploads_of`] tells which
//! sources belong together, [`pairs_of`] of very many by their [`Outline`]s; a [`Fix`] is a source repaired. Every rule has a file of its own
//! under [`rules`], with the page that explains it.
//!
//! Invariants: the same case under the same policy is always judged the same. Nothing here opens a file or a socket,
//! reads a clock or throws dice. A panic is a bug.

mod code;
mod anchor;
mod case;
mod principal;
mod fraction;
mod policy;
mod finding;
mod identity;
mod suppression;
mod rule;
mod target;
mod hidden;
mod party;
mod ssh_option;
mod misnomer;
mod order;
mod seconds;
mod excerpt;
mod listed;
mod name_fault;
mod special_address;
mod lifetime;
mod too_long;
mod mistaken_key;
mod member;
mod modulus;
pub mod rules;
mod catalog;
mod verdict;
mod cleared;
mod pairing;
mod census;
pub mod path;
mod fix;
#[cfg(test)]
mod fixture;

pub use anchor::{Anchor, TrustAnchors};
pub use case::{
    Case, CertificateRequest, Field, ForHost, ForUser, HostCertificateRequest, Ignore, IgnoreList, Moment,
    RequestFor, Role, Slot, SshAuthorityRequest, SshDocument, SshValidity, TargetUpload, TlsUpload, Upload,
    UserCertificateRequest,
};
pub use catalog::{RULES, rule, rules_for_api_code};
pub use census::KeyCensus;
pub use cleared::{Cleared, Refusal};
pub use code::{ApiCode, RuleCode};
pub use finding::{Finding, Label};
pub use fix::{Fix, Means, Repair, Scope, fixes_of};
pub use fraction::{Fraction, NotAFraction};
pub use identity::Fingerprint;
pub use pairing::{Outline, Pair, is_continued, pairs_of, uploads_of};
pub use policy::{Policy, SSH_BACKDATING_SECS_DEFAULT, SSH_LIFETIME_SECS_CAP, SSH_LIFETIME_SECS_DEFAULT};
pub use principal::{NormalForm, Principal, PrincipalFault};
pub use rule::{Confidence, Level, Rule};
pub use suppression::{Exceptions, Suppressed, Suppression};
pub use target::{Document, TARGETS, Target, TargetRefusal, target};
pub use verdict::{Verdict, judge};
