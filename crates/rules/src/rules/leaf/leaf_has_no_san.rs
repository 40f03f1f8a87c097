#![doc = include_str!("leaf_has_no_san.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(103),
    name: "leaf-has-no-san",
    summary: "the leaf names no host",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 9525 §2; CA/Browser Forum Baseline Requirements §7.1.2.7.12",
    explanation: include_str!("leaf_has_no_san.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let unnamed = upload
        .leaf()
        .filter(|(_, leaf)| leaf.dns_names().next().is_none() && leaf.ip_addresses().next().is_none());
    let Some((entry, leaf)) = unnamed else { return Vec::new() };
    let common_name = leaf.subject().first("CN");
    let message = match common_name {
        Some(name) => format!(
            "the leaf names no host in its subject alternative name; clients ignore the common name `{name}`"
        ),
        None => "the leaf names no host in its subject alternative name".to_owned(),
    };
    let host = common_name
        .filter(|name| {
            name.contains('.')
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-*".contains(&byte))
        })
        .unwrap_or("HOST");
    let help = format!("issue it again with a name: `-addext subjectAltName=DNS:{host}` for openssl req");
    vec![Finding::new(&RULE, message, upload.certificate().label(entry, "")).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-issued.pem:3:1 the leaf names no host in its subject alternative name; clients ignore the common name `gate.example.com`
            issue it again with a name: `-addext subjectAltName=DNS:gate.example.com` for openssl req
        bad-self-signed.pem:3:1 the leaf names no host in its subject alternative name; clients ignore the common name `gate.example.com`
            issue it again with a name: `-addext subjectAltName=DNS:gate.example.com` for openssl req
        ");
    }
}
