#![doc = include_str!("extended_key_usage_missing.md")]

use certgate_facts::Timestamp;

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(119),
    name: "extended-key-usage-missing",
    summary: "the leaf does not say what it is for",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "CA/Browser Forum Baseline Requirements §7.1.2.7.6; RFC 5280 §4.2.1.12",
    explanation: include_str!("extended_key_usage_missing.md"),
    judge: Judge::Tls(judge),
};

/// The first day from which Apple's systems ask every leaf for it, whoever issued it: 2019-07-02.
const SINCE: Timestamp = Timestamp::from_unix_secs(1_562_025_600);

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let silent = upload.leaf_for_servers().filter(|(_, leaf)| {
        leaf.extensions().extended_key_usages().is_none()
            && (leaf.not_before() >= SINCE || upload.is_public())
    });
    let Some((entry, _)) = silent else { return Vec::new() };
    let message = "the leaf has no extended key usage: it does not say that it is for servers";
    let help = "issue it again for servers: `-addext extendedKeyUsage=serverAuth` for openssl req";
    vec![Finding::new(&RULE, message, upload.certificate().label(entry, "")).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-first-day.pem:3:1 the leaf has no extended key usage: it does not say that it is for servers
            issue it again for servers: `-addext extendedKeyUsage=serverAuth` for openssl req
        bad-self-signed.pem:3:1 the leaf has no extended key usage: it does not say that it is for servers
            issue it again for servers: `-addext extendedKeyUsage=serverAuth` for openssl req
        ");
    }
}
