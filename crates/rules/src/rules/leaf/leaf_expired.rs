#![doc = include_str!("leaf_expired.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(101),
    name: "leaf-expired",
    summary: "the leaf is past its last day",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 5280 §4.1.2.5",
    explanation: include_str!("leaf_expired.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, policy: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_meant().filter(|(_, leaf)| leaf.not_after() < policy.at()) else {
        return Vec::new();
    };
    let message = format!(
        "the leaf expired on {}, {} ago",
        leaf.not_after(),
        days(policy.at().days_since(leaf.not_after()))
    );
    let place = upload.certificate().label(entry, format!("`{}`", leaf.subject().title()));
    vec![Finding::new(&RULE, message, place).with_help("renew it; the API takes it, clients do not")]
}

fn days(count: i64) -> String {
    match count {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        count => format!("{count} days"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-a-second-ago.pem:3:1 the leaf expired on 2026-10-31T23:59:59Z, less than a day ago
            renew it; the API takes it, clients do not
        bad-last-year.pem:3:1 the leaf expired on 2025-12-30T00:00:00Z, 306 days ago
            renew it; the API takes it, clients do not
        ");
    }
}
