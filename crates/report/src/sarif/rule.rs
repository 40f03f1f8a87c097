//! Rules, as SARIF describes them.

use std::collections::BTreeMap;

use certgate_rules::{Confidence, Level, Rule, RuleCode};
use serde::Serialize;

use crate::identity::Found;

/// A rule.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SarifRule {
    /// The code, such as `CG301`.
    pub id: String,
    /// The name, such as `key-does-not-match-leaf`.
    pub name: &'static str,
    /// What it finds, in one line.
    pub short_description: Text,
    /// What it finds, and what the requirement is.
    pub full_description: Text,
    /// Its page.
    pub help: Text,
    /// The first address that its page refers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_uri: Option<&'static str>,
    /// How it weighs where nothing else is said.
    pub default_configuration: Configuration,
    /// What viewers sort by.
    pub properties: Properties,
}

/// Words, and the same as Markdown.
#[derive(Clone, Debug, Serialize)]
pub struct Text {
    /// As plain text.
    pub text: String,
    /// As Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown: Option<String>,
}

/// How a rule weighs.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Configuration {
    /// As a level of SARIF.
    pub level: SarifLevel,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SarifLevel {
    /// An error.
    Error,
    /// Not reported where nothing else is said.
    Note,
    /// A warning.
    Warning,
}

/// What viewers sort by.
#[derive(Clone, Debug, Serialize)]
pub struct Properties {
    /// How sure a finding is.
    pub precision: &'static str,
    /// `error`, `warning` or `recommendation`.
    #[serde(rename = "problem.severity")]
    pub problem_severity: &'static str,
    /// From 0.1 to 10; only of what endangers a secret or lets strangers in.
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    pub security_severity: Option<&'static str>,
    /// What it is about.
    pub tags: Vec<&'static str>,
}

/// Rules whose findings endanger a secret, or by which strangers are let in or believed, and how much.
const SECURITY: [(&str, &str); 8] = [
    ("authority-key-weak", "8.0"),
    ("authority-signature-sha1", "6.0"),
    ("certificate-slot-holds-key", "8.0"),
    ("host-key-shared", "6.0"),
    ("public-key-weak", "7.0"),
    ("lifetime-forever", "5.0"),
    ("principal-is-any-host", "7.0"),
    ("trust-line-for-every-host", "7.0"),
];

/// The rules of some findings, each with its number, by code.
pub(super) struct Rules(BTreeMap<RuleCode, (&'static Rule, usize)>);

impl Rules {
    pub(super) fn of(found: &[Found<'_>]) -> Self {
        let mut rules: BTreeMap<_, _> =
            found.iter().map(|found| (found.finding.rule().code(), (found.finding.rule(), 0))).collect();
        rules.values_mut().enumerate().for_each(|(number, (_, index))| *index = number);
        Self(rules)
    }

    pub(super) fn index(&self, rule: &Rule) -> usize {
        self.0.get(&rule.code()).map_or(0, |(_, index)| *index)
    }

    pub(super) fn into_sarif(self) -> Vec<SarifRule> {
        self.0.into_values().map(|(rule, _)| SarifRule::of(rule)).collect()
    }
}

impl SarifRule {
    fn of(rule: &'static Rule) -> Self {
        let page = rule.explanation();
        Self {
            id: rule.code().to_string(),
            name: rule.name(),
            short_description: Text::plain(rule.summary()),
            full_description: Text::plain(&format!("{} ({})", rule.summary(), rule.citation())),
            help: Text { text: page.to_owned(), markdown: Some(page.to_owned()) },
            help_uri: page.split_once("<https://").and_then(|(before, rest)| {
                let end = rest.find('>')?;
                page.get(before.len() + 1..before.len() + "<https://".len() + end)
            }),
            default_configuration: Configuration { level: SarifLevel::of(rule.level()) },
            properties: Properties::of(rule),
        }
    }
}

impl Text {
    pub(super) fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), markdown: None }
    }
}

impl SarifLevel {
    pub(super) fn of(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warning => Self::Warning,
            Level::Allow => Self::Note,
        }
    }
}

impl Properties {
    fn of(rule: &Rule) -> Self {
        let security = SECURITY.iter().find(|(name, _)| *name == rule.name()).map(|(_, severity)| *severity);
        let code = rule.code().to_string();
        let family = match code.as_bytes().get(2) {
            Some(b'0') => "input",
            Some(b'1') => "leaf",
            Some(b'2') => "chain",
            Some(b'3') => "key",
            Some(b'4') => "ssh",
            Some(b'5') => "limit",
            Some(b'7') => "setting",
            _ => "clients",
        };
        Self {
            precision: match rule.confidence() {
                Confidence::Documented => "very-high",
                Confidence::Inferred => "high",
            },
            problem_severity: match rule.level() {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Allow => "recommendation",
            },
            security_severity: security,
            tags: ["certificate", family].into_iter().chain(security.map(|_| "security")).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use certgate_rules::RULES;

    use super::*;

    #[test]
    fn every_rule_has_texts_within_the_limits_and_an_address_that_is_one() {
        for rule in RULES {
            let sarif = SarifRule::of(rule);
            let texts = [&sarif.short_description.text, &sarif.full_description.text];
            assert!(texts.iter().all(|text| (1..=1024).contains(&text.chars().count())), "{rule:?}");
            assert!(!sarif.help.text.is_empty());
            let is_one = |uri: &str| uri.starts_with("https://") && !uri.contains(['<', '>', ' ', '\n']);
            assert!(sarif.help_uri.is_none_or(is_one), "{rule:?}: {:?}", sarif.help_uri);
        }
        let with_uri = RULES.iter().filter(|rule| SarifRule::of(rule).help_uri.is_some()).count();
        assert!(with_uri * 2 > RULES.len(), "{with_uri}");
    }

    #[test]
    fn what_is_weighed_as_a_danger_is_a_rule() {
        for (name, severity) in SECURITY {
            assert!(certgate_rules::rule(name).is_some(), "{name}");
            assert!((0.1..=10.0).contains(&severity.parse::<f32>().unwrap()));
        }
    }
}
