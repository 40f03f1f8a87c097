//! The gate: what the API would refuse is refused, and nothing else.

use certgate_facts::{Defect, DefectKind, Reading, Source, Timestamp};
use certgate_rules::{Case, Cleared, Field, Level, Policy, SSH_LIFETIME_SECS_CAP, TrustAnchors, judge};
use std::sync::Arc;

use crate::problem::Refusal;

/// Has a request judged. What the API would accept is cleared, however unwise: `certgate check` is where that is told.
pub(super) fn clear<C: Case>(case: C, at: Timestamp) -> Result<Cleared<C>, Refusal> {
    let policy = Policy::new(at, TrustAnchors::Mozilla)
        .with_lifetime_secs_max(SSH_LIFETIME_SECS_CAP)
        .with_every_level(Level::Warning);
    judge(case, &policy)
        .clear()
        .map_err(|refusal| Refusal::of_verdict(refusal.verdict()).unwrap_or_else(|| Refusal::fault(&refusal)))
}

/// A field of the body, read as a file would be.
pub(super) fn reading(name: &str, text: &str) -> Result<Arc<Reading>, Refusal> {
    let source = Source::from_bytes(name, text.as_bytes().to_vec()).map_err(Refusal::fault)?;
    Ok(Arc::new(Reading::of(source)))
}

/// What is not read to its end would not be kept: it is refused, once nothing else is found to be wrong with it.
pub(super) fn refuse_if_cut(name: &str, reading: &Reading) -> Result<(), Refusal> {
    let is_cut = |defect: &&Defect| matches!(defect.kind, DefectKind::BlocksOverLimit { .. });
    match reading.defects().iter().find(is_cut) {
        Some(cut) => Err(Refusal::coded(215, format!("{name} has {}; send one chain and one key", cut.kind))),
        None => Ok(()),
    }
}

/// A field of the body.
pub(super) fn field(name: &str, text: &str) -> Result<Field, Refusal> {
    Field::new(name, text).map_err(Refusal::fault)
}
