//! Repairs: what an input would be once it is arranged as every reader wants it.
//!
//! A repair follows from what was found: what a policy allows is left as it is. All repairs of a source make one
//! [arrangement](certgate_facts::Piece) of its blocks, which is written once, read and judged again, until nothing more is to be done.

mod chain_order;
mod plan;
mod repair;

use std::collections::BTreeSet;
use std::sync::Arc;

use certgate_facts::{Reading, SourceError};

use crate::case::TlsUpload;
use crate::policy::Policy;
use crate::verdict::judge;
use plan::Plan;
pub use repair::{Repair, Scope};

/// Most rounds of judging and writing: the second sees what the first brought to light, such as the order of blocks that were hidden.
const ROUNDS_MAX: usize = 4;

/// A source as it would be, and the repairs that make it so.
pub struct Fix {
    before: Arc<Reading>,
    after: Arc<Reading>,
    repairs: BTreeSet<Repair>,
}

impl Fix {
    /// The source as it was read.
    #[must_use]
    pub fn before(&self) -> &Arc<Reading> {
        &self.before
    }

    /// The source as it would be read.
    #[must_use]
    pub fn after(&self) -> &Arc<Reading> {
        &self.after
    }

    /// What is done to it; at least one.
    pub fn repairs(&self) -> impl Iterator<Item = Repair> {
        self.repairs.iter().copied()
    }
}

/// What can be repaired in sources, in their order; `uploads_of` says which uploads they make, such as [`crate::uploads_of`].
///
/// Sources that were unpacked from something else are left alone: they are to be converted.
///
/// # Errors
/// [`SourceError::TooLarge`] where a source would become larger than any may be.
pub fn fixes_of(
    readings: &[Arc<Reading>],
    policy: &Policy,
    scope: Scope,
    uploads_of: impl Fn(Vec<Arc<Reading>>) -> Vec<TlsUpload>,
) -> Result<Vec<Fix>, SourceError> {
    let mut fixes: Vec<Fix> = readings
        .iter()
        .map(|reading| Fix {
            before: Arc::clone(reading),
            after: Arc::clone(reading),
            repairs: BTreeSet::new(),
        })
        .collect();
    for _ in 0..ROUNDS_MAX {
        let mut plans: Vec<Plan> = fixes.iter().map(|fix| Plan::of(Arc::clone(&fix.after))).collect();
        for upload in uploads_of(fixes.iter().map(|fix| Arc::clone(&fix.after)).collect()) {
            let verdict = judge(upload, policy);
            plans.iter_mut().for_each(|plan| plan.repair(&verdict, policy, scope));
        }
        let mut is_done = true;
        for (fix, plan) in fixes.iter_mut().zip(plans) {
            if let Some((after, repairs)) = plan.carried_out()? {
                fix.after = Arc::new(after);
                fix.repairs.extend(repairs);
                is_done = false;
            }
        }
        if is_done {
            break;
        }
    }
    fixes.retain(|fix| !fix.repairs.is_empty());
    Ok(fixes)
}

#[cfg(test)]
mod tests;
