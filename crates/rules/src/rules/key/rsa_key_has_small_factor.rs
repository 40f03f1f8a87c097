#![doc = include_str!("rsa_key_has_small_factor.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::modulus::Modulus;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(307),
    name: "rsa-key-has-small-factor",
    summary: "the modulus of an RSA key has a factor below 752",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "CA/Browser Forum Baseline Requirements §6.1.6",
    explanation: include_str!("rsa_key_has_small_factor.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let finding = |member: Member<'_>| {
        let modulus = Modulus::of(member.certificate.public_key().rsa_modulus()?)?;
        let factor = modulus.small_factor()?;
        let message = format!("the modulus of the RSA key of {member} is a multiple of {factor}");
        Some(member.finding(&RULE, message).with_help(member.help_for_broken_key()))
    };
    Member::all_of(upload).filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-3.pem:3:1 the modulus of the RSA key of the leaf is a multiple of 3
            make a new key with another tool, and have the old certificate revoked
        bad-751.pem:3:1 the modulus of the RSA key of the leaf is a multiple of 751
            make a new key with another tool, and have the old certificate revoked
        bad-issuer.pem:25:1 the modulus of the RSA key of `Test intermediate rsa-2048-factor-751` is a multiple of 751
            tell the authority, and take a certificate of another one
        ");
    }
}
