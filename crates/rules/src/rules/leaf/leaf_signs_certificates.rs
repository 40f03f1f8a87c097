#![doc = include_str!("leaf_signs_certificates.md")]

use certgate_facts::Certificate;

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(121),
    name: "leaf-signs-certificates",
    summary: "the leaf's key usage lets it sign certificates, though it is no authority",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 5280 §4.2.1.9; RFC 5280 §4.2.1.3",
    explanation: include_str!("leaf_signs_certificates.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let signs = |leaf: &Certificate| {
        leaf.extensions().key_usage().is_some_and(certgate_facts::KeyUsage::may_sign_certificates)
    };
    let found = upload.leaf_meant().filter(|(_, leaf)| !leaf.is_ca() && signs(leaf));
    let Some((entry, leaf)) = found else { return Vec::new() };
    let said = match leaf.extensions().basic_constraints() {
        Some(_) => "its basic constraints say CA:FALSE",
        None => "it has no basic constraints",
    };
    let message = format!("the leaf's key usage has keyCertSign, and {said}");
    let help = "issue it again without: `-addext keyUsage=critical,digitalSignature` for openssl req";
    vec![Finding::new(&RULE, message, upload.certificate().label(entry, said)).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-no-authority.pem:3:1 the leaf's key usage has keyCertSign, and its basic constraints say CA:FALSE
            issue it again without: `-addext keyUsage=critical,digitalSignature` for openssl req
        bad-no-constraints.pem:3:1 the leaf's key usage has keyCertSign, and it has no basic constraints
            issue it again without: `-addext keyUsage=critical,digitalSignature` for openssl req
        ");
    }
}
