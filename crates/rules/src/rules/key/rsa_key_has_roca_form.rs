#![doc = include_str!("rsa_key_has_roca_form.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::modulus::Modulus;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(309),
    name: "rsa-key-has-roca-form",
    summary: "the modulus of an RSA key shows that it comes from a chip with a faulty library (ROCA)",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "CVE-2017-15361; CA/Browser Forum Baseline Requirements §6.1.1.3",
    explanation: include_str!("rsa_key_has_roca_form.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let finding = |member: Member<'_>| {
        let modulus = Modulus::of(member.certificate.public_key().rsa_modulus()?)?;
        modulus.has_roca_form().then_some(())?;
        let message = format!(
            "the modulus of the RSA key of {member} has the form of CVE-2017-15361 (ROCA): its primes can be computed"
        );
        Some(member.finding(&RULE, message).with_help(member.help_for_broken_key()))
    };
    Member::all_of(upload).filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-2048-bits.pem:3:1 the modulus of the RSA key of the leaf has the form of CVE-2017-15361 (ROCA): its primes can be computed
            make a new key with another tool, and have the old certificate revoked
        bad-3072-bits.pem:3:1 the modulus of the RSA key of the leaf has the form of CVE-2017-15361 (ROCA): its primes can be computed
            make a new key with another tool, and have the old certificate revoked
        bad-issuer.pem:25:1 the modulus of the RSA key of `Test intermediate rsa-2048-roca` has the form of CVE-2017-15361 (ROCA): its primes can be computed
            tell the authority, and take a certificate of another one
        ");
    }
}
