#![doc = include_str!("dns_name_has_underscore.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::listed::Listed;
use crate::name_fault::NameFault;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(110),
    name: "dns-name-has-underscore",
    summary: "an alternative name has an underscore",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 5280 §4.2.1.6; CA/Browser Forum Baseline Requirements §7.1.4.2",
    explanation: include_str!("dns_name_has_underscore.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_meant() else { return Vec::new() };
    let found = NameFault::all_of(leaf).filter(|(_, fault)| *fault == NameFault::Underscore);
    let Some(names) = Listed::of(found.map(|(name, _)| name)) else { return Vec::new() };
    let message = names
        .sentence("has an underscore, which no host name has", "have underscores, which no host name has");
    let place = upload.certificate().label(entry, "");
    vec![
        Finding::new(&RULE, message, place)
            .with_help("name the host with a hyphen instead; public authorities issue no such name"),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-host.pem:3:1 the alternative name `gate_1.example.com` has an underscore, which no host name has
            name the host with a hyphen instead; public authorities issue no such name
        bad-wildcard.pem:3:1 2 alternative names have underscores, which no host name has: `*.gate_1.example.com`, `_gate.example.com`
            name the host with a hyphen instead; public authorities issue no such name
        ");
    }
}
