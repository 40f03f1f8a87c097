#![doc = include_str!("rsa_prime_shared.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(311),
    name: "rsa-prime-shared",
    summary: "the RSA key of another certificate of the same run has a prime in common with this one",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "CA/Browser Forum Baseline Requirements §6.1.1.3; Heninger et al., USENIX Security 2012",
    explanation: include_str!("rsa_prime_shared.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, policy: &Policy) -> Vec<Finding> {
    let Some(leaf) = Member::all_of(upload).next() else { return Vec::new() };
    let Some(place) = policy.census().relative(leaf.certificate) else { return Vec::new() };
    let message = format!(
        "the RSA key of the leaf has a prime in common with the one in `{}`: both can be computed",
        Excerpt(place)
    );
    let help = "make new keys where there is enough randomness, and have the certificates of both revoked";
    vec![leaf.finding(&RULE, message).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-third.yaml:18:12 the RSA key of the leaf has a prime in common with the one in `bad-third.yaml`: both can be computed
            make new keys where there is enough randomness, and have the certificates of both revoked
        bad-third.yaml:27:12 the RSA key of the leaf has a prime in common with the one in `bad-third.yaml`: both can be computed
            make new keys where there is enough randomness, and have the certificates of both revoked
        bad-two.yaml:9:12 the RSA key of the leaf has a prime in common with the one in `bad-two.yaml`: both can be computed
            make new keys where there is enough randomness, and have the certificates of both revoked
        bad-two.yaml:18:12 the RSA key of the leaf has a prime in common with the one in `bad-two.yaml`: both can be computed
            make new keys where there is enough randomness, and have the certificates of both revoked
        ");
    }
}
