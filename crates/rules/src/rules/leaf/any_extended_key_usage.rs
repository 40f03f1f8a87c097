#![doc = include_str!("any_extended_key_usage.md")]

use certgate_facts::Timestamp;

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(117),
    name: "any-extended-key-usage",
    summary: "the leaf is for any purpose at all",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "CA/Browser Forum Baseline Requirements §7.1.2.7.10; RFC 5280 §4.2.1.12",
    explanation: include_str!("any_extended_key_usage.md"),
    judge: Judge::Tls(judge),
};

/// The day from which the Baseline Requirements say what a leaf may hold, extension by extension: 2023-09-15 (ballot SC-062v2).
const SINCE: Timestamp = Timestamp::from_unix_secs(1_694_736_000);

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_for_servers() else { return Vec::new() };
    let purposes = leaf.extensions().extended_key_usages().unwrap_or_default();
    let is_for_any = purposes.iter().any(|purpose| purpose.name() == Some("any"));
    if !is_for_any || leaf.not_before() < SINCE || !upload.is_public() {
        return Vec::new();
    }
    let message = format!(
        "the leaf's extended key usage has anyExtendedKeyUsage, which public leaves issued from {SINCE} on must not have"
    );
    let place = upload.certificate().label(entry, "");
    vec![Finding::new(&RULE, message, place).with_help("have it issued again for serverAuth alone")]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-alone.pem:3:1 the leaf's extended key usage has anyExtendedKeyUsage, which public leaves issued from 2023-09-15T00:00:00Z on must not have
            have it issued again for serverAuth alone
        bad-beside-server.pem:3:1 the leaf's extended key usage has anyExtendedKeyUsage, which public leaves issued from 2023-09-15T00:00:00Z on must not have
            have it issued again for serverAuth alone
        ");
    }
}
