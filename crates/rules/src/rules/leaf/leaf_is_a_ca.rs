#![doc = include_str!("leaf_is_a_ca.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(104),
    name: "leaf-is-a-ca",
    summary: "the leaf may issue certificates itself",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 5280 §4.2.1.9; CA/Browser Forum Baseline Requirements §7.1.2.7.8",
    explanation: include_str!("leaf_is_a_ca.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_meant().filter(|(_, leaf)| leaf.is_ca()) else { return Vec::new() };
    let place = upload.certificate().label(entry, "basic constraints say CA:TRUE");
    let message = format!("the leaf, `{}`, is a certificate authority", leaf.subject().title());
    let help =
        "issue the leaf with CA:FALSE; a stolen CA key makes certificates for every host that trusts it";
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-issued.pem:3:1 the leaf, `gate.example.com`, is a certificate authority
            issue the leaf with CA:FALSE; a stolen CA key makes certificates for every host that trusts it
        bad-self-signed.pem:3:1 the leaf, `gate.example.com`, is a certificate authority
            issue the leaf with CA:FALSE; a stolen CA key makes certificates for every host that trusts it
        ");
    }
}
