#![doc = include_str!("leaf_expires_soon.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::lifetime::{last_secs, lifetime_secs, roughly};
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(106),
    name: "leaf-expires-soon",
    summary: "little of the leaf's lifetime is left",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 5280 §4.1.2.5; RFC 9773 §1",
    explanation: include_str!("leaf_expires_soon.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, policy: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_meant() else { return Vec::new() };
    let Some(secs) = last_secs(leaf, policy.at(), policy.expires_soon()) else { return Vec::new() };
    let message = format!(
        "the leaf expires on {}: {} of its {} are left",
        leaf.not_after(),
        roughly(secs),
        roughly(lifetime_secs(leaf))
    );
    let place = upload.certificate().label(entry, format!("`{}`", Excerpt(&leaf.subject().title())));
    let help = "renew it now: certificates are renewed when a third of their lifetime is left";
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-a-third.pem:3:1 the leaf expires on 2026-11-30T23:58:59Z: 29 days of its 90 days are left
            renew it now: certificates are renewed when a third of their lifetime is left
        bad-four-days.pem:3:1 the leaf expires on 2026-11-05T00:00:00Z: 4 days of its 35 days are left
            renew it now: certificates are renewed when a third of their lifetime is left
        ");
    }
}
