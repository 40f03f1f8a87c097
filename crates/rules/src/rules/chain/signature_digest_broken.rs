#![doc = include_str!("signature_digest_broken.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(210),
    name: "signature-digest-broken",
    summary: "a certificate is signed over a digest that is broken",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 9155 §2; CA/Browser Forum Baseline Requirements §7.1.3.2",
    explanation: include_str!("signature_digest_broken.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let finding = |member: Member<'_>| {
        let algorithm = member.certificate.signature_algorithm();
        let message = format!("the signature of {member} is {algorithm}: clients refuse that digest");
        let help = match member.is_leaf {
            true => "have it issued again over SHA-256: `openssl x509 -req -sha256`",
            false => "take the issuer's current certificate, which has the same key and name",
        };
        algorithm.is_over_broken_digest().then(|| member.finding(&RULE, message).with_help(help))
    };
    Member::all_of(upload).filter(|member| !member.is_root()).filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-issuer.pem:25:1 the signature of `Test intermediate rsa-2048-b` is rsa with sha1: clients refuse that digest
            take the issuer's current certificate, which has the same key and name
        bad-md5.pem:3:1 the signature of the leaf is rsa with md5: clients refuse that digest
            have it issued again over SHA-256: `openssl x509 -req -sha256`
        bad-sha1.pem:3:1 the signature of the leaf is rsa with sha1: clients refuse that digest
            have it issued again over SHA-256: `openssl x509 -req -sha256`
        ");
    }
}
