#![doc = include_str!("leaf_not_yet_valid.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(102),
    name: "leaf-not-yet-valid",
    summary: "the first day of the leaf is still to come",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 5280 §4.1.2.5",
    explanation: include_str!("leaf_not_yet_valid.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, policy: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_meant().filter(|(_, leaf)| policy.at() < leaf.not_before()) else {
        return Vec::new();
    };
    let message = format!("the leaf is not valid before {}", leaf.not_before());
    let place = upload.certificate().label(entry, format!("`{}`", leaf.subject().title()));
    vec![
        Finding::new(&RULE, message, place)
            .with_help("upload it when it is, or check the clock it was issued by"),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-in-a-second.pem:3:1 the leaf is not valid before 2026-11-01T00:00:01Z
            upload it when it is, or check the clock it was issued by
        bad-next-month.pem:3:1 the leaf is not valid before 2026-12-01T00:00:00Z
            upload it when it is, or check the clock it was issued by
        ");
    }
}
