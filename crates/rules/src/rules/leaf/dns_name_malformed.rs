#![doc = include_str!("dns_name_malformed.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::listed::Listed;
use crate::name_fault::NameFault;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(109),
    name: "dns-name-malformed",
    summary: "an alternative name is no DNS name",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 5280 §4.2.1.6; RFC 1035 §2.3.1; RFC 5891 §4.2",
    explanation: include_str!("dns_name_malformed.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_meant() else { return Vec::new() };
    let found = NameFault::all_of(leaf).filter_map(|(name, fault)| match fault {
        NameFault::Malformed(reason) => Some((name, reason)),
        _ => None,
    });
    let Some(names) = Listed::with_reasons(found) else { return Vec::new() };
    let message = names.sentence("is no DNS name", "are no DNS names");
    let place = upload.certificate().label(entry, "");
    vec![Finding::new(&RULE, message, place).with_help("issue it again with the name as clients ask for it")]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-a-label.pem:3:1 the alternative name `xn--a.example.com` (`xn--a` stands for no international label) is no DNS name
            issue it again with the name as clients ask for it
        bad-label-too-long.pem:3:1 the alternative name `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…` (it has a label of 64 characters, 63 are the most) is no DNS name
            issue it again with the name as clients ask for it
        bad-several.pem:3:1 4 alternative names are no DNS names: `https://gate.example.com` (it has a `:`), `gate.example.com.` (it ends in a dot), `a..example.com` (it has an empty label), `-a.example.com` (a label begins or ends with a hyphen)
            issue it again with the name as clients ask for it
        bad-space.pem:3:1 the alternative name `www gate.example.com` (it has a space) is no DNS name
            issue it again with the name as clients ask for it
        ");
    }
}
