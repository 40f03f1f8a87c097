#![doc = include_str!("key_slot_holds_certificate.md")]

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(4),
    name: "key-slot-holds-certificate",
    summary: "the private key field begins with a certificate",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::KEY_IS_CERTIFICATE),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1924",
    explanation: include_str!("key_slot_holds_certificate.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let slot = upload.private_key();
    let first = slot.entries_found_by_api().next();
    let Some(certificate) = first.filter(|entry| entry.is_certificate()) else { return Vec::new() };
    let place = slot.label(certificate, "a certificate, where the private key belongs");
    let help = match slot.first_private_key() {
        Some(_) => "take the certificate out of this file: the private key must come first, best alone",
        None => "give the private key that belongs to the leaf; the chain goes into the certificate field",
    };
    vec![Finding::new(&RULE, "the private key field holds a certificate", place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-chain.key:3:1 the private key field holds a certificate
            give the private key that belongs to the leaf; the chain goes into the certificate field
        bad-leaf-then-key.key:3:1 the private key field holds a certificate
            take the certificate out of this file: the private key must come first, best alone
        bad-leaf.key:3:1 the private key field holds a certificate
            give the private key that belongs to the leaf; the chain goes into the certificate field
        ");
    }
}
