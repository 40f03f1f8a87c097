//! Writes what was judged, and what was read, for people and for programs: one module per format.
//!
//! ```
//! use std::sync::Arc;
//! use certgate_facts::{Reading, Source, Timestamp};
//! use certgate_report::{json, text};
//! use certgate_rules::{Policy, Slot, TlsUpload, TrustAnchors, judge};
//!
//! let read = |name: &str| -> Result<_, Box<dyn std::error::Error>> {
//!     let path = format!("{}/../../fixtures/seed/{name}", env!("CARGO_MANIFEST_DIR"));
//!     Ok(Arc::new(Reading::of(Source::read(name, std::fs::File::open(path)?)?)))
//! };
//! let at: Timestamp = "2026-11-01".parse()?;
//! let upload = TlsUpload::new(Slot::whole(read("example.com.pem")?), Slot::whole(read("example.com.key")?));
//! let verdicts = [judge(upload, &Policy::new(at, TrustAnchors::Mozilla)).into()];
//!
//! let mut out = Vec::new();
//! text::write(&mut out, &verdicts, text::Style { quiet: true, ..text::Style::PLAIN })?;
//! let summary = "example.com.pem + example.com.key: API accepts, clients refuse; 3 warnings\n";
//! assert_eq!(String::from_utf8(out)?, summary);
//!
//! let mut out = Vec::new();
//! json::write(&mut out, &verdicts, at)?;
//! assert!(out.starts_with(b"{\n  \"version\": 1,"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In reading order: a [`Judged`] is a verdict of any kind; a [`Tally`] counts; [`text`] and [`json`] write verdicts,
//! [`sarif`], [`github`], [`gitlab`] and [`junit`] do for pipelines, and a [`Format`] is any of these; [`show`] writes facts, unjudged;
//! a [`baseline`](baseline::Baseline) keeps what was there before;
//! [`rule_list`] and [`explain`] write about the rules themselves, [`api_code`] about the codes of the API;
//! [`ssh`] writes what is said of OpenSSH's certificates, lists and servers;
//! [`plan`] writes what is to be done at the API, and what became of it; [`terraform`] what is declared, for that tool;
//! [`resource`] writes what the API holds, and [`curl`] a request to it as a command.
//!
//! Invariants: no secret is ever written: a line of a source is shown only as
//! [`Reading::line_without_secrets`](certgate_facts::Reading::line_without_secrets) gives it. Nothing here knows the
//! time, the environment or the terminal; they come in as arguments. In what is written as
//! text, nothing from an input can steer a terminal. What is written as JSON has structs of its own: the types of
//! `certgate-facts` and `certgate-rules` are not serialized.

mod printable;
mod moment;
mod judged;
mod tally;
mod place;
mod identity;
pub mod baseline;
mod sentence;
pub mod text;
pub mod json;
pub mod sarif;
pub mod github;
pub mod gitlab;
pub mod junit;
mod format;
pub mod show;
pub mod rule_list;
pub mod api_code;
pub mod explain;
pub mod ssh;
pub mod resource;
pub mod curl;
pub mod plan;
pub mod terraform;
#[cfg(test)]
mod fixture;

pub use format::{Format, Run};
pub use judged::Judged;
pub use tally::Tally;
