//! The gate: actions take what was cleared, and only a verdict clears.

use std::fmt;

use crate::verdict::Verdict;

/// A case that passed every rule; made by [`Verdict::clear`] and by nothing else, and spent once.
///
/// It cannot be made by hand:
/// ```compile_fail,E0423
/// # use certgate_rules::{Cleared, TlsUpload};
/// fn forge(upload: TlsUpload) -> Cleared<TlsUpload> {
///     Cleared(upload)
/// }
/// ```
/// ```compile_fail,E0451
/// # use certgate_rules::{Cleared, TlsUpload};
/// fn forge(case: TlsUpload) -> Cleared<TlsUpload> {
///     Cleared { case }
/// }
/// ```
/// ```compile_fail,E0624
/// # use certgate_rules::{Cleared, TlsUpload};
/// fn forge(case: TlsUpload) -> Cleared<TlsUpload> {
///     Cleared::of(case)
/// }
/// ```
/// It cannot be used twice, nor copied to be:
/// ```compile_fail,E0382
/// # use certgate_rules::{Cleared, TlsUpload};
/// fn push(cleared: Cleared<TlsUpload>) {}
/// fn push_twice(cleared: Cleared<TlsUpload>) {
///     push(cleared);
///     push(cleared);
/// }
/// ```
/// ```compile_fail,E0599
/// # use certgate_rules::{Cleared, TlsUpload};
/// fn copy(cleared: &Cleared<TlsUpload>) -> Cleared<TlsUpload> {
///     cleared.clone()
/// }
/// ```
#[must_use = "cleared and then not acted upon"]
pub struct Cleared<T> {
    case: T,
}

impl<T> Cleared<T> {
    pub(crate) fn of(case: T) -> Self {
        Self { case }
    }

    /// What was cleared.
    pub fn case(&self) -> &T {
        &self.case
    }

    /// Takes the case out: what is done with it now is the one action it was cleared for.
    pub fn spend(self) -> T {
        self.case
    }
}

/// A verdict that does not clear.
pub struct Refusal<T>(Box<Verdict<T>>);

impl<T> Refusal<T> {
    pub(crate) fn of(verdict: Verdict<T>) -> Self {
        Self(Box::new(verdict))
    }

    /// The verdict.
    #[must_use]
    pub fn verdict(&self) -> &Verdict<T> {
        &self.0
    }

    /// The verdict, to go on with.
    #[must_use]
    pub fn into_verdict(self) -> Verdict<T> {
        *self.0
    }
}

impl<T> fmt::Debug for Refusal<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl<T> fmt::Display for Refusal<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.api_code() {
            Some(code) => write!(formatter, "not cleared: the API would answer {code}"),
            None => match self.0.refused_by() {
                Some(rule) => write!(
                    formatter,
                    "not cleared: the target would refuse it ({} {})",
                    rule.code(),
                    rule.name()
                ),
                None => formatter.write_str("not cleared: a rule of the policy found an error"),
            },
        }
    }
}

impl<T> std::error::Error for Refusal<T> {}
