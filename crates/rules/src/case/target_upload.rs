//! An upload that goes somewhere else than to the API.

use super::TlsUpload;
use crate::finding::Finding;
use crate::rule::{Level, Rule};
use crate::rules::{key, limit};
use crate::target::Target;

/// What would be uploaded to a [`Target`]: judged by what its documents say, and never cleared for the API.
///
/// ```compile_fail,E0308
/// # use certgate_rules::{Cleared, TargetUpload, TlsUpload};
/// fn push(cleared: Cleared<TlsUpload>) {}
/// fn push_what_another_takes(cleared: Cleared<TargetUpload>) {
///     push(cleared);
/// }
/// ```
pub struct TargetUpload {
    pub(super) upload: TlsUpload,
    target: &'static Target,
}

impl TargetUpload {
    /// The same certificate and key, on their way elsewhere.
    #[must_use]
    pub fn new(upload: TlsUpload, target: &'static Target) -> Self {
        Self { upload, target }
    }

    /// What would be uploaded.
    #[must_use]
    pub fn upload(&self) -> &TlsUpload {
        &self.upload
    }

    /// Where it goes.
    #[must_use]
    pub fn target(&self) -> &'static Target {
        self.target
    }

    /// What a finding weighs here: what only the API minds is none of the target's.
    pub(super) fn weighed(&self, finding: Finding) -> Option<Finding> {
        if self.is_about_the_api(finding.rule()) {
            return None;
        }
        let is_minded_by_api = finding.api_code().is_some();
        let finding = finding.with_api_code(None);
        Some(match self.target.refuses_by(finding.rule()) {
            Some(document) => finding.at_level(Level::Error).with_refusal(self.target, document),
            None if is_minded_by_api => finding.at_level(Level::Warning),
            None => finding,
        })
    }

    /// What a target takes of keys a rule of its own knows, where they can be read.
    fn is_about_the_api(&self, rule: &Rule) -> bool {
        let key = || self.upload.private_key_seen().and_then(certgate_facts::Entry::private_key);
        let of_fields = [&limit::description_too_long::RULE, &limit::metadata_too_long::RULE];
        of_fields.iter().any(|other| other.code == rule.code)
            || rule.code == key::key_unsupported::RULE.code
                && key().is_some_and(|key| key.public_key().is_some())
    }
}
