//! What a configuration says is to be ignored, judged.

use certgate_rules::{IgnoreList, Verdict};
use serde::Serialize;

use super::Finding;

/// The ignores of a configuration, after a run.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ConfigurationCase {
    /// What kind of thing.
    pub kind: ConfigurationKind,
    /// Where it came from: one.
    pub inputs: Vec<ConfigurationInput>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// What kind of thing was judged.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ConfigurationKind {
    /// A configuration.
    Configuration,
}

/// A source.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ConfigurationInput {
    /// The path, as given or as it was found.
    pub path: String,
}

impl ConfigurationCase {
    pub(super) fn of(verdict: &Verdict<IgnoreList>) -> Self {
        Self {
            kind: ConfigurationKind::Configuration,
            inputs: vec![ConfigurationInput { path: verdict.case().path().to_owned() }],
            findings: verdict.findings().iter().map(Finding::of).collect(),
        }
    }
}
