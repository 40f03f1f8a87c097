#![doc = include_str!("client_auth_included.md")]

use certgate_facts::Timestamp;

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(118),
    name: "client-auth-included",
    summary: "the leaf is for clients too, which public leaves may be no longer",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "Chrome Root Program Policy v1.8 §3.2; RFC 5280 §4.2.1.12",
    explanation: include_str!("client_auth_included.md"),
    judge: Judge::Tls(judge),
};

/// The first day on which no public authority may issue such a leaf: 2027-03-15.
const SINCE: Timestamp = Timestamp::from_unix_secs(1_805_068_800);

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_for_servers() else { return Vec::new() };
    let purposes = leaf.extensions().extended_key_usages().unwrap_or_default();
    let is_for_clients = purposes.iter().any(|purpose| purpose.name() == Some("client_auth"));
    if !is_for_clients || leaf.not_before() < SINCE || !upload.is_public() {
        return Vec::new();
    }
    let message = format!(
        "the leaf's extended key usage has clientAuth, which public leaves issued from {SINCE} on must not have"
    );
    let place = upload.certificate().label(entry, "");
    let help = "have it issued again for serverAuth alone; for clients use a private authority";
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-first-day.pem:3:1 the leaf's extended key usage has clientAuth, which public leaves issued from 2027-03-15T00:00:00Z on must not have
            have it issued again for serverAuth alone; for clients use a private authority
        bad-later.pem:3:1 the leaf's extended key usage has clientAuth, which public leaves issued from 2027-03-15T00:00:00Z on must not have
            have it issued again for serverAuth alone; for clients use a private authority
        ");
    }
}
