#![doc = include_str!("rsa_modulus_not_whole_bytes.md")]

use certgate_facts::KeyType;

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(306),
    name: "rsa-modulus-not-whole-bytes",
    summary: "the modulus of an RSA key has a number of bits that 8 does not divide",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "CA/Browser Forum Baseline Requirements §6.1.5",
    explanation: include_str!("rsa_modulus_not_whole_bytes.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let finding = |member: Member<'_>| {
        let KeyType::Rsa { bits } = *member.certificate.public_key().key_type() else { return None };
        let message = format!("the RSA key of {member} has {bits} bits, which 8 does not divide");
        let help = match member.is_leaf {
            true => {
                "have a new key certified: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`"
            }
            false => "take a certificate of an authority with a key of 2048, 3072 or 4096 bits",
        };
        (bits % 8 != 0).then(|| member.finding(&RULE, message).with_help(help))
    };
    let members = Member::all_of(upload).filter(|member| upload.is_public() && !member.is_root());
    members.filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-2050-bits.pem:3:1 the RSA key of the leaf has 2050 bits, which 8 does not divide
            have a new key certified: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`
        bad-3076-bits.pem:3:1 the RSA key of the leaf has 3076 bits, which 8 does not divide
            have a new key certified: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`
        bad-public.pem:3:1 the RSA key of the leaf has 2050 bits, which 8 does not divide
            have a new key certified: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`
        ");
    }
}
