#![doc = include_str!("certificate_missing.md")]

use certgate_facts::Container;

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(1),
    name: "certificate-missing",
    summary: "the certificate field holds no PEM block",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::CERTIFICATE_MISSING),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1922",
    explanation: include_str!("certificate_missing.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let slot = upload.certificate();
    let is_missing = slot.entries().next().is_none() && slot.reading().defects().is_empty();
    if !is_missing {
        return Vec::new();
    }
    let finding = match (slot.is_given(), upload.private_key().first_private_key()) {
        (false, Some(key)) => {
            let place = upload.private_key().label(key, "this private key comes without a certificate");
            Finding::new(&RULE, "no certificate was given", place)
        }
        (false, None) => Finding::new(&RULE, "no certificate was given", upload.private_key().start("")),
        (true, _) => {
            let is_empty = slot.reading().source().bytes().trim_ascii().is_empty();
            let message = if is_empty {
                "the certificate file is empty"
            } else {
                "the certificate file holds no PEM block"
            };
            Finding::new(&RULE, message, slot.start(""))
        }
    };
    vec![finding.with_help(help(slot.reading().container()))]
}

fn help(container: Option<Container>) -> &'static str {
    match container {
        Some(Container::BareBase64) => {
            "this is base64 without its BEGIN and END lines: `certgate convert FILE --to pem --output NEW.pem`"
        }
        Some(Container::Certificate) => {
            "this is a certificate in DER: `certgate convert FILE --to pem --output NEW.pem`"
        }
        Some(Container::Pkcs7) => {
            "this is PKCS#7 in DER: `certgate convert FILE --to pem --output NEW.pem`, leaf first"
        }
        Some(Container::Pkcs12) => {
            "this is PKCS#12: `certgate convert FILE --to pem --split --output NEW.pem`, its private key in `NEW.key`"
        }
        Some(Container::PrivateKey) => "this is a private key in DER; give the chain that belongs to it",
        _ => "give the chain as PEM, leaf first: blocks of `-----BEGIN CERTIFICATE-----`",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-bare-base64.pem:1:1 the certificate file holds no PEM block
            give the chain as PEM, leaf first: blocks of `-----BEGIN CERTIFICATE-----`
        bad-comment.pem:1:1 the certificate file holds no PEM block
            give the chain as PEM, leaf first: blocks of `-----BEGIN CERTIFICATE-----`
        bad-empty.pem:1:1 the certificate file is empty
            give the chain as PEM, leaf first: blocks of `-----BEGIN CERTIFICATE-----`
        bad-prose.pem:1:1 the certificate file holds no PEM block
            give the chain as PEM, leaf first: blocks of `-----BEGIN CERTIFICATE-----`
        bad-whitespace.pem:1:1 the certificate file is empty
            give the chain as PEM, leaf first: blocks of `-----BEGIN CERTIFICATE-----`
        ");
    }
}
