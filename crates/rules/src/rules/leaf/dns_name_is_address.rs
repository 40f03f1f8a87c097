#![doc = include_str!("dns_name_is_address.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::listed::Listed;
use crate::name_fault::NameFault;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(113),
    name: "dns-name-is-address",
    summary: "an address stands among the DNS names",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 5280 §4.2.1.6; RFC 9525 §6.5; CA/Browser Forum Baseline Requirements §7.1.4.2",
    explanation: include_str!("dns_name_is_address.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_meant() else { return Vec::new() };
    let found = NameFault::all_of(leaf).filter(|(_, fault)| *fault == NameFault::Address);
    let Some(names) = Listed::of(found.map(|(name, _)| name)) else { return Vec::new() };
    let message = names.sentence(
        "is an address among the DNS names, where clients look for none",
        "are addresses among the DNS names, where clients look for none",
    );
    let place = upload.certificate().label(entry, "");
    vec![Finding::new(&RULE, message, place).with_help(
        "issue it again with the address as one: `-addext subjectAltName=IP:ADDRESS` for openssl req",
    )]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-ipv4.pem:3:1 the alternative name `192.0.2.77` is an address among the DNS names, where clients look for none
            issue it again with the address as one: `-addext subjectAltName=IP:ADDRESS` for openssl req
        bad-ipv6.pem:3:1 the alternative name `2001:db8::77` is an address among the DNS names, where clients look for none
            issue it again with the address as one: `-addext subjectAltName=IP:ADDRESS` for openssl req
        ");
    }
}
