#![doc = include_str!("rsa_primes_close.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::modulus::Modulus;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(308),
    name: "rsa-primes-close",
    summary: "the two primes of an RSA key are so close that they can be computed",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "CA/Browser Forum Baseline Requirements §6.1.1.3",
    explanation: include_str!("rsa_primes_close.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let finding = |member: Member<'_>| {
        let modulus = Modulus::of(member.certificate.public_key().rsa_modulus()?)?;
        let round = modulus.fermat_round()?;
        let message = format!(
            "the primes of the RSA key of {member} are too close to each other: Fermat's method finds them in round {round}"
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
        bad-300-bits.pem:3:1 the primes of the RSA key of the leaf are too close to each other: Fermat's method finds them in round 1
            make a new key with another tool, and have the old certificate revoked
        bad-issuer.pem:25:1 the primes of the RSA key of `Test intermediate rsa-2048-next-primes` are too close to each other: Fermat's method finds them in round 1
            tell the authority, and take a certificate of another one
        bad-next.pem:3:1 the primes of the RSA key of the leaf are too close to each other: Fermat's method finds them in round 1
            make a new key with another tool, and have the old certificate revoked
        ");
    }
}
