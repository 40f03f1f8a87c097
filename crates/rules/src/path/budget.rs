//! How much work one question may cost.

/// Signatures checked for one question.
pub const PATH_SIGNATURES_MAX: usize = 128;
/// Certificates looked at as the next of a path, for one question.
pub const PATH_STEPS_MAX: usize = 4096;
/// Names compared with constraints, for one question.
pub const NAME_COMPARISONS_MAX: usize = 250_000;

/// What is left of it.
#[derive(Debug)]
pub(super) struct Budget {
    signatures: usize,
    steps: usize,
    name_comparisons: usize,
}

/// A budget that is used up; what it was for, in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exhausted(pub(super) &'static str);

impl Budget {
    pub(super) fn new() -> Self {
        Self {
            signatures: PATH_SIGNATURES_MAX,
            steps: PATH_STEPS_MAX,
            name_comparisons: NAME_COMPARISONS_MAX,
        }
    }

    pub(super) fn signature(&mut self) -> Result<(), Exhausted> {
        spend(&mut self.signatures, 1, "signature checks")
    }

    pub(super) fn step(&mut self) -> Result<(), Exhausted> {
        spend(&mut self.steps, 1, "steps")
    }

    pub(super) fn name_comparisons(&mut self, count: usize) -> Result<(), Exhausted> {
        spend(&mut self.name_comparisons, count, "comparisons of names with constraints")
    }
}

fn spend(left: &mut usize, count: usize, what: &'static str) -> Result<(), Exhausted> {
    *left = left.checked_sub(count).ok_or(Exhausted(what))?;
    Ok(())
}
