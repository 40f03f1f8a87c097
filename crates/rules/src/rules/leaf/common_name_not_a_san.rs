#![doc = include_str!("common_name_not_a_san.md")]

use certgate_facts::Certificate;

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::listed::Listed;
use crate::path::ReferenceName;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(108),
    name: "common-name-not-a-san",
    summary: "the common name is a host that is not among the alternative names",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "CA/Browser Forum Baseline Requirements §7.1.4.3; RFC 9525 §2",
    explanation: include_str!("common_name_not_a_san.md"),
    judge: Judge::Tls(judge),
};

/// The object identifier of a common name.
const COMMON_NAME: &str = "2.5.4.3";

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_meant() else { return Vec::new() };
    // Without any name `leaf-has-no-san` says so.
    if leaf.dns_names().next().is_none() && leaf.ip_addresses().next().is_none() {
        return Vec::new();
    }
    let is_public = upload.is_public();
    let attributes = leaf.subject().attributes().iter().filter(|attribute| attribute.oid == COMMON_NAME);
    let apart = attributes.map(|attribute| attribute.value.as_str()).filter(|name| {
        !is_among(name, leaf, is_public) && (is_public || ReferenceName::host(name).is_some_and(is_host))
    });
    let Some(names) = Listed::of(apart) else { return Vec::new() };
    let message =
        format!("the common name {names} is not among the alternative names, which clients read alone");
    let place = upload.certificate().label(entry, format!("`{}`", Excerpt(&leaf.subject().title())));
    let help = "have it added to the alternative names, or leave the common name out";
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

/// Of public authorities it must be one of them character by character, addresses in the form of RFC 5952.
fn is_among(common_name: &str, leaf: &Certificate, is_public: bool) -> bool {
    leaf.dns_names().any(|name| match is_public {
        true => name == common_name,
        false => name.eq_ignore_ascii_case(common_name),
    }) || leaf.ip_addresses().any(|address| match is_public {
        true => address.to_string() == common_name,
        false => common_name.parse() == Ok(address),
    })
}

/// Whether somebody may ask for it: a single word is as well the name of a person or a thing.
fn is_host(name: ReferenceName) -> bool {
    match name {
        ReferenceName::Dns(name) => name.contains('.'),
        ReferenceName::Email(_) => false,
        ReferenceName::Ip(_) => true,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-address.pem:3:1 the common name `192.0.2.10` is not among the alternative names, which clients read alone
            have it added to the alternative names, or leave the common name out
        bad-forgotten.pem:3:1 the common name `gate.example.com` is not among the alternative names, which clients read alone
            have it added to the alternative names, or leave the common name out
        bad-other-host.pem:3:1 the common name `gate.example.com` is not among the alternative names, which clients read alone
            have it added to the alternative names, or leave the common name out
        bad-public-case.pem:3:1 the common name `GATE.example.com` is not among the alternative names, which clients read alone
            have it added to the alternative names, or leave the common name out
        bad-public-title.pem:3:1 the common name `Web server 1` is not among the alternative names, which clients read alone
            have it added to the alternative names, or leave the common name out
        ");
    }
}
