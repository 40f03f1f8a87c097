#![doc = include_str!("leaf_lifetime_over_limit.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::lifetime::{LifetimeLimit, in_days, lifetime_secs};
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(107),
    name: "leaf-lifetime-over-limit",
    summary: "the leaf is valid for longer than a public authority may let it be",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "CA/Browser Forum Baseline Requirements §6.3.2; RFC 5280 §4.1.2.5",
    explanation: include_str!("leaf_lifetime_over_limit.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_for_servers().filter(|_| upload.is_public()) else {
        return Vec::new();
    };
    let secs = lifetime_secs(leaf);
    let Some(limit) = LifetimeLimit::of(leaf).filter(|limit| limit.is_passed_by(secs)) else {
        return Vec::new();
    };
    let message = format!(
        "the leaf is valid for {}; the limit for what is issued from {} on is {} days",
        in_days(secs),
        limit.since(),
        limit.days()
    );
    let place =
        upload.certificate().label(entry, format!("from {} to {}", leaf.not_before(), leaf.not_after()));
    let help = format!("have it issued for {} days at most, and renew it by itself", limit.days() - 1);
    let finding = Finding::new(&RULE, message, place).with_help(help);
    vec![finding.with_clients_refuse(limit.is_refused_at(secs))]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-100-days.pem:3:1 the leaf is valid for 100 days and 1 second; the limit for what is issued from 2027-03-15T00:00:00Z on is 100 days
            have it issued for 99 days at most, and renew it by itself
        bad-200-days.pem:3:1 the leaf is valid for 200 days and 1 second; the limit for what is issued from 2026-03-15T00:00:00Z on is 200 days
            have it issued for 199 days at most, and renew it by itself
        bad-398-days.pem:3:1 the leaf is valid for 398 days and 1 second; the limit for what is issued from 2020-09-01T00:00:00Z on is 398 days
            have it issued for 397 days at most, and renew it by itself
        bad-47-days.pem:3:1 the leaf is valid for 47 days and 1 second; the limit for what is issued from 2029-03-15T00:00:00Z on is 47 days
            have it issued for 46 days at most, and renew it by itself
        bad-825-days.pem:3:1 the leaf is valid for 825 days and 1 second; the limit for what is issued from 2018-03-02T00:00:00Z on is 825 days
            have it issued for 824 days at most, and renew it by itself
        bad-day-before.pem:3:1 the leaf is valid for 398 days and 1 second; the limit for what is issued from 2020-09-01T00:00:00Z on is 398 days
            have it issued for 397 days at most, and renew it by itself
        ");
    }
}
