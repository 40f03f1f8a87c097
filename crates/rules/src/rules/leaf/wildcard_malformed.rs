#![doc = include_str!("wildcard_malformed.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::listed::Listed;
use crate::name_fault::NameFault;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(111),
    name: "wildcard-malformed",
    summary: "an alternative name has a `*` that is not the whole of its first label",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 9525 §6.3; CA/Browser Forum Baseline Requirements §3.2.2.6",
    explanation: include_str!("wildcard_malformed.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_meant() else { return Vec::new() };
    let found = NameFault::all_of(leaf).filter(|(_, fault)| *fault == NameFault::Wildcard);
    let Some(names) = Listed::of(found.map(|(name, _)| name)) else { return Vec::new() };
    let message = names.sentence(
        "covers nothing: `*` stands for the whole first label alone",
        "cover nothing: `*` stands for the whole first label alone",
    );
    let place = upload.certificate().label(entry, "");
    vec![
        Finding::new(&RULE, message, place)
            .with_help("issue it again with `*` as the whole first label, or with each name"),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-inner.pem:3:1 the alternative name `www.*.example.com` covers nothing: `*` stands for the whole first label alone
            issue it again with `*` as the whole first label, or with each name
        bad-partial.pem:3:1 the alternative name `www*.gate.example.com` covers nothing: `*` stands for the whole first label alone
            issue it again with `*` as the whole first label, or with each name
        bad-several.pem:3:1 2 alternative names cover nothing: `*` stands for the whole first label alone: `*.*.example.com`, `*`
            issue it again with `*` as the whole first label, or with each name
        ");
    }
}
