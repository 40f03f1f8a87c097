#![doc = include_str!("private_key_missing.md")]

use certgate_facts::Container;

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(2),
    name: "private-key-missing",
    summary: "the private key field holds no PEM block",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::KEY_MISSING),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1901",
    explanation: include_str!("private_key_missing.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let slot = upload.private_key();
    let is_missing = slot.entries().next().is_none() && slot.reading().defects().is_empty();
    // What is closed may hold it.
    if !is_missing || (!slot.is_given() && upload.certificate().closed().is_some()) {
        return Vec::new();
    }
    let first_certificate = upload.certificate().entries().find(|entry| entry.is_certificate());
    let finding = match (slot.is_given(), first_certificate) {
        (false, Some(leaf)) => {
            let place = upload.certificate().label(leaf, "this chain comes without its private key");
            Finding::new(&RULE, "no private key was given", place).with_help(
                "give the private key too; to judge the chain alone, add `--allow private-key-missing`",
            )
        }
        (false, None) => Finding::new(&RULE, "no private key was given", upload.certificate().start(""))
            .with_help(help(None)),
        (true, _) => {
            let is_empty = slot.reading().source().bytes().trim_ascii().is_empty();
            let message = if is_empty {
                "the private key file is empty"
            } else {
                "the private key file holds no PEM block"
            };
            Finding::new(&RULE, message, slot.start("")).with_help(help(slot.reading().container()))
        }
    };
    vec![finding]
}

fn help(container: Option<Container>) -> &'static str {
    match container {
        Some(Container::Pkcs12) => {
            "this is PKCS#12: `certgate convert FILE --to pem --split --output NEW.pem`, its private key in `NEW.key`"
        }
        Some(Container::PrivateKey) => {
            "this is a private key in DER: `certgate convert FILE --to pkcs8 --output NEW.key`"
        }
        _ => "give the unencrypted private key of the leaf as PEM, such as `-----BEGIN PRIVATE KEY-----`",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-comment.key:1:1 the private key file holds no PEM block
            give the unencrypted private key of the leaf as PEM, such as `-----BEGIN PRIVATE KEY-----`
        bad-empty.key:1:1 the private key file is empty
            give the unencrypted private key of the leaf as PEM, such as `-----BEGIN PRIVATE KEY-----`
        bad-prose.key:1:1 the private key file holds no PEM block
            give the unencrypted private key of the leaf as PEM, such as `-----BEGIN PRIVATE KEY-----`
        bad-whitespace.key:1:1 the private key file is empty
            give the unencrypted private key of the leaf as PEM, such as `-----BEGIN PRIVATE KEY-----`
        ");
    }
}
