#![doc = include_str!("authority_key_id_missing.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(140),
    name: "authority-key-id-missing",
    summary: "the leaf does not say which key of its issuer signed it",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 5280 §4.2.1.1; CA/Browser Forum Baseline Requirements §7.1.2.7.6",
    explanation: include_str!("authority_key_id_missing.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let leaf = Member::all_of(upload).next().filter(|leaf| upload.is_public() && !leaf.is_self_signed);
    let Some(leaf) = leaf.filter(|leaf| leaf.certificate.extensions().authority_key_id().is_none()) else {
        return Vec::new();
    };
    let said = match leaf.certificate.extensions().authority_key_identifier() {
        Some(_) => "its authorityKeyIdentifier holds no key identifier",
        None => "it has no authorityKeyIdentifier",
    };
    let message = format!("the leaf does not say which key of its issuer signed it: {said}");
    let help = "have it issued again with `authorityKeyIdentifier = keyid:always`, in the extensions of `openssl x509 -extfile`";
    vec![leaf.finding(&RULE, message).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-p256.pem:3:1 the leaf does not say which key of its issuer signed it: it has no authorityKeyIdentifier
            have it issued again with `authorityKeyIdentifier = keyid:always`, in the extensions of `openssl x509 -extfile`
        bad-public.pem:3:1 the leaf does not say which key of its issuer signed it: it has no authorityKeyIdentifier
            have it issued again with `authorityKeyIdentifier = keyid:always`, in the extensions of `openssl x509 -extfile`
        bad-rsa.pem:3:1 the leaf does not say which key of its issuer signed it: it has no authorityKeyIdentifier
            have it issued again with `authorityKeyIdentifier = keyid:always`, in the extensions of `openssl x509 -extfile`
        ");
    }
}
