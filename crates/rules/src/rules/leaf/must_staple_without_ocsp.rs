#![doc = include_str!("must_staple_without_ocsp.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(141),
    name: "must-staple-without-ocsp",
    summary: "the leaf asks for a stapled OCSP answer and names nobody who gives one",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 7633 §4.2.3; RFC 6960 §3.1",
    explanation: include_str!("must_staple_without_ocsp.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let is_found = |leaf: &Member<'_>| {
        let extensions = leaf.certificate.extensions();
        extensions.must_staple() && extensions.ocsp().is_empty()
    };
    let Some(leaf) = Member::all_of(upload).next().filter(is_found) else { return Vec::new() };
    let message = "the leaf must come with a stapled OCSP answer, and has no OCSP address to get one from";
    let help = "have it issued again without the TLS feature: certbot without `--must-staple`, openssl req without `tlsfeature`";
    vec![leaf.finding(&RULE, message.to_owned()).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-p256.pem:3:1 the leaf must come with a stapled OCSP answer, and has no OCSP address to get one from
            have it issued again without the TLS feature: certbot without `--must-staple`, openssl req without `tlsfeature`
        bad-rsa.pem:3:1 the leaf must come with a stapled OCSP answer, and has no OCSP address to get one from
            have it issued again without the TLS feature: certbot without `--must-staple`, openssl req without `tlsfeature`
        ");
    }
}
