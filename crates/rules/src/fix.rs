//! Repairs: what an input would be once it is arranged as every reader wants it.
//!
//! A repair follows from what was found: what a policy allows is left as it is. All repairs of a source make one
//! [arrangement](certgate_facts::Piece) of its blocks, which is written once, read and judged again, until nothing more is to be done.

mod chain_order;
mod judgement;
mod plan;
mod repair;
mod swap;

use std::collections::BTreeSet;
use std::sync::Arc;

use certgate_facts::{Reading, SourceError};

use crate::case::{TargetUpload, TlsUpload, Upload};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::target::Target;
use crate::verdict::{Verdict, judge};
use judgement::Judgement;
use plan::{Order, Plan};
pub use repair::{Means, Repair, Scope};

/// Most rounds of judging and writing: the second sees what the first brought to light, such as the order of blocks that were hidden.
const ROUNDS_MAX: usize = 4;

/// A source as it would be, and the repairs that make it so.
pub struct Fix {
    before: Arc<Reading>,
    after: Arc<Reading>,
    taken_out: Option<Arc<Reading>>,
    repairs: BTreeSet<Repair>,
}

impl Fix {
    fn of(reading: &Arc<Reading>) -> Self {
        let (before, after) = (Arc::clone(reading), Arc::clone(reading));
        Self { before, after, taken_out: None, repairs: BTreeSet::new() }
    }

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

    /// The private keys that were taken out of it, which go into a file of their own.
    #[must_use]
    pub fn taken_out(&self) -> Option<&Arc<Reading>> {
        self.taken_out.as_ref()
    }

    /// What is done to it; at least one.
    pub fn repairs(&self) -> impl Iterator<Item = Repair> {
        self.repairs.iter().copied()
    }

    fn carry_out(&mut self, plan: Plan) -> Result<bool, SourceError> {
        let Some(outcome) = plan.carried_out()? else { return Ok(false) };
        self.after = Arc::new(outcome.after);
        self.taken_out = outcome.taken_out.map(Arc::new).or_else(|| self.taken_out.take());
        self.repairs.extend(outcome.repairs);
        Ok(true)
    }
}

/// What can be repaired in sources, in their order; `uploads_of` says which uploads they make, such as [`crate::uploads_of`], and
/// `target_of` where each goes, if not to the API.
///
/// Sources that were unpacked from something else are left alone: they are to be converted.
///
/// # Errors
/// [`SourceError::TooLarge`] where a source would become larger than any may be.
pub fn fixes_of(
    readings: &[Arc<Reading>],
    policy: &Policy,
    means: Means<'_>,
    uploads_of: impl Fn(Vec<Arc<Reading>>) -> Vec<TlsUpload>,
    target_of: impl Fn(&TlsUpload) -> Option<&'static Target>,
) -> Result<Vec<Fix>, SourceError> {
    let order = Order { means, anchors: policy.anchors(), only: None };
    let mut fixes: Vec<Fix> = readings.iter().map(Fix::of).collect();
    for _ in 0..ROUNDS_MAX {
        let mut plans: Vec<Plan> = fixes.iter().map(|fix| Plan::of(Arc::clone(&fix.after))).collect();
        let mut is_done = true;
        for upload in uploads_of(fixes.iter().map(|fix| Arc::clone(&fix.after)).collect()) {
            let mut take = |judgement: Judgement<'_>| -> Result<(), SourceError> {
                if swap::is_called_for(judgement) && swap::swap(&mut fixes, judgement.upload)? {
                    is_done = false;
                } else {
                    plans.iter_mut().for_each(|plan| plan.repair(judgement, order));
                }
                Ok(())
            };
            match target_of(&upload) {
                None => take(Judgement::of(&judge(upload, policy)))?,
                Some(target) => {
                    take(Judgement::of(&judge(TargetUpload::new(upload, target), policy)))?;
                }
            }
        }
        for (fix, plan) in fixes.iter_mut().zip(plans) {
            is_done &= !fix.carry_out(plan)?;
        }
        if is_done {
            break;
        }
    }
    fixes.retain(|fix| !fix.repairs.is_empty());
    Ok(fixes)
}

impl<C: Upload> Verdict<C> {
    /// What would be done about a finding of this verdict; none where nothing is.
    #[must_use]
    pub fn repairs_of(&self, finding: &Finding) -> Vec<Repair> {
        if swap::is_called_for(Judgement::of(self))
            && std::ptr::eq(finding.rule(), Repair::SlotsSwapped.rule())
        {
            return vec![Repair::SlotsSwapped];
        }
        self.plan(finding).repairs().collect()
    }

    /// The source of a finding as it would be if that alone were repaired; none where that cannot be done within the source.
    #[must_use]
    pub fn fix_of(&self, finding: &Finding) -> Option<Fix> {
        let mut fix = Fix::of(self.source_of(finding)?);
        fix.carry_out(self.plan(finding)).ok()?.then_some(fix)
    }

    fn plan(&self, finding: &Finding) -> Plan {
        let reading = self.source_of(finding).unwrap_or_else(|| self.case().upload().certificate().reading());
        let mut plan = Plan::of(Arc::clone(reading));
        let means = Means::none_but(Scope::Unsafe);
        plan.repair(
            Judgement::of(self),
            Order { means, anchors: self.anchors(), only: Some(finding.rule()) },
        );
        plan
    }

    fn source_of(&self, finding: &Finding) -> Option<&Arc<Reading>> {
        let upload = self.case().upload();
        let slots = [upload.certificate(), upload.private_key()];
        slots
            .map(crate::case::Slot::reading)
            .into_iter()
            .find(|reading| std::ptr::eq(&***reading, finding.primary().reading()))
    }
}

#[cfg(test)]
mod tests;
