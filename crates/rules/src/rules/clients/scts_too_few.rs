#![doc = include_str!("scts_too_few.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::ct_log;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(601),
    name: "scts-too-few",
    summary: "the leaf of a public authority has too few timestamps of certificate logs for browsers",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "Chrome, Apple and Mozilla: Certificate Transparency policies; RFC 6962 §3.3",
    explanation: include_str!("scts_too_few.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, policy: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_meant().filter(|_| upload.is_public()) else { return Vec::new() };
    let Some(lack) = ct_log::lack(leaf, policy.at()) else { return Vec::new() };
    let message = format!("the leaf, `{}`, is not logged enough: {lack}", leaf.subject().title());
    let place = upload.certificate().label(entry, "");
    let help = "have it issued without asking the authority to leave the logs out, or let the server send more SCTs in \
        the TLS handshake";
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-more-than-180-days.pem:3:1 the leaf, `gate.example.com`, is not logged enough: its embedded SCTs number 2; browsers ask for 3 of a certificate that is valid for 182 days, from as many logs
            have it issued without asking the authority to leave the logs out, or let the server send more SCTs in the TLS handshake
        bad-none.pem:3:1 the leaf, `gate.example.com`, is not logged enough: it has no embedded SCT; browsers ask for 2 of a certificate that is valid for 90 days
            have it issued without asking the authority to leave the logs out, or let the server send more SCTs in the TLS handshake
        bad-one-operator.pem:3:1 the leaf, `gate.example.com`, is not logged enough: its embedded SCTs are all from logs of Google; browsers ask for 2 operators
            have it issued without asking the authority to leave the logs out, or let the server send more SCTs in the TLS handshake
        bad-unknown-log.pem:3:1 the leaf, `gate.example.com`, is not logged enough: its embedded SCTs number 2, 1 of them from unknown logs; browsers ask for 2 of a certificate that is valid for 90 days, from as many logs
            have it issued without asking the authority to leave the logs out, or let the server send more SCTs in the TLS handshake
        ");
    }

    #[test]
    fn private_authorities_need_no_logs() {
        let stem = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/rules/scts-too-few/bad-none");
        let verdict = crate::judge(crate::fixture::upload(stem.as_ref()), &crate::fixture::policy());
        assert!(verdict.findings().iter().all(|finding| finding.rule().name() != "scts-too-few"));
    }
}
