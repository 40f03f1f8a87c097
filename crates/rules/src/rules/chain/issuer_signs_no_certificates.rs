#![doc = include_str!("issuer_signs_no_certificates.md")]

use certgate_facts::{Certificate, Entry};

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(209),
    name: "issuer-signs-no-certificates",
    summary: "a certificate that issued another may not sign certificates, by its key usage",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 5280 §4.2.1.3; RFC 5280 §6.1.4",
    explanation: include_str!("issuer_signs_no_certificates.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let has_way_around = matches!(upload.path(), Some(Ok(_)));
    let issuers = upload.chain().order().iter().skip(1).filter_map(|index| upload.certificates().nth(*index));
    let finding = |(entry, issuer): (&Entry, &Certificate)| {
        let usage = issuer.extensions().key_usage()?;
        if usage.may_sign_certificates() {
            return None;
        }
        let subject = issuer.subject().title();
        let message =
            format!("`{}` issued a certificate, and its key usage lacks keyCertSign", Excerpt(&subject));
        let place = upload.certificate().label(entry, "");
        let help = "have it issued again: `-addext keyUsage=critical,keyCertSign,cRLSign` for openssl req";
        Some(Finding::new(&RULE, message, place).with_help(help).with_clients_refuse(!has_way_around))
    };
    issuers.filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-lists-alone.pem:17:1 `Test intermediate p256-b` issued a certificate, and its key usage lacks keyCertSign
            have it issued again: `-addext keyUsage=critical,keyCertSign,cRLSign` for openssl req
        bad-server.pem:25:1 `Test intermediate rsa-2048-b` issued a certificate, and its key usage lacks keyCertSign
            have it issued again: `-addext keyUsage=critical,keyCertSign,cRLSign` for openssl req
        ");
    }
}
