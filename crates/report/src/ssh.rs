//! What is said of OpenSSH: decisions, revocation lists, inspected files, findings on a server, renewals.
//!
//! One module for what one command prints, as text and as JSON. Each JSON has a version number of its own; within a
//! version, fields are added but neither change their meaning nor go away.

mod signature;
pub mod audit;
pub mod authority;
pub mod certificate;
pub mod decision;
pub mod issuing;
pub mod reply;
pub mod revocations;
pub mod inspection;
pub mod renewals;
pub mod examination;

pub use signature::{Signature, SignatureState};
