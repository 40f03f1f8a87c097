#![doc = include_str!("rsa_key_size_refused.md")]

use certgate_facts::KeyType;

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(304),
    name: "rsa-key-size-refused",
    summary: "an RSA key is shorter or longer than clients take",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "CA/Browser Forum Baseline Requirements §6.1.5",
    explanation: include_str!("rsa_key_size_refused.md"),
    judge: Judge::Tls(judge),
};

/// Fewest bits that clients take.
const BITS_MIN: u32 = 2048;
/// Most bits that they take.
const BITS_MAX: u32 = 8192;

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let finding = |member: Member<'_>| {
        let KeyType::Rsa { bits } = *member.certificate.public_key().key_type() else { return None };
        let limit = match bits {
            ..BITS_MIN => format!("fewer than {BITS_MIN}"),
            BITS_MIN..=BITS_MAX => return None,
            _ => format!("more than {BITS_MAX}"),
        };
        let message = format!("the RSA key of {member} has {bits} bits, {limit}: clients refuse it");
        let help = match member.is_leaf {
            true => {
                "have a new key certified: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`"
            }
            false => "take a certificate of an authority whose keys have 2048 to 8192 bits",
        };
        Some(member.finding(&RULE, message).with_help(help))
    };
    Member::all_of(upload).filter(|member| !member.is_root()).filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-1024-bits.pem:3:1 the RSA key of the leaf has 1024 bits, fewer than 2048: clients refuse it
            have a new key certified: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`
        bad-1536-bits.pem:3:1 the RSA key of the leaf has 1536 bits, fewer than 2048: clients refuse it
            have a new key certified: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`
        bad-issuer.pem:24:1 the RSA key of `Test intermediate rsa-1536` has 1536 bits, fewer than 2048: clients refuse it
            take a certificate of an authority whose keys have 2048 to 8192 bits
        ");
    }
}
