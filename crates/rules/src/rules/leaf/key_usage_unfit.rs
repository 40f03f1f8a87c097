#![doc = include_str!("key_usage_unfit.md")]

use certgate_facts::KeyType;

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(120),
    name: "key-usage-unfit",
    summary: "the leaf's key usage does not fit its key",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 5280 §4.2.1.3; RFC 8813 §3; RFC 9295 §3",
    explanation: include_str!("key_usage_unfit.md"),
    judge: Judge::Tls(judge),
};

/// What no key for signatures is good for, as facts and as RFC 5280 call it; the last of Ed25519 alone.
const UNFIT: [(&str, &str); 3] = [
    ("key_encipherment", "keyEncipherment"),
    ("data_encipherment", "dataEncipherment"),
    ("key_agreement", "keyAgreement"),
];

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_for_servers() else { return Vec::new() };
    let Some(usage) = leaf.extensions().key_usage() else { return Vec::new() };
    let key = leaf.public_key().key_type();
    let has = |name| usage.names().any(|known| known == name);
    let unfit: &[(&str, &str)] = match key {
        KeyType::Rsa { .. } => &[],
        KeyType::Ecdsa { .. } => &UNFIT[..2],
        KeyType::Ed25519 => &UNFIT,
        _ => return Vec::new(),
    };
    let unfit: Vec<&str> = unfit.iter().filter(|(name, _)| has(*name)).map(|(_, word)| *word).collect();
    let signs = has("digital_signature");
    let fault = match (signs, unfit.is_empty()) {
        (true, true) => return Vec::new(),
        (false, true) => "it lacks digitalSignature".to_owned(),
        (true, false) => format!("it has {}", unfit.join(" and ")),
        (false, false) => format!("it lacks digitalSignature and has {}", unfit.join(" and ")),
    };
    let message = format!("the leaf's key usage does not fit its key, {key}: {fault}");
    let finding = Finding::new(&RULE, message, upload.certificate().label(entry, ""));
    vec![finding.with_help(help(key)).with_clients_refuse(!signs)]
}

fn help(key: &KeyType) -> &'static str {
    match key {
        KeyType::Rsa { .. } => {
            "issue it again: `-addext keyUsage=critical,digitalSignature,keyEncipherment` for openssl req"
        }
        _ => "issue it again: `-addext keyUsage=critical,digitalSignature` for openssl req",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-ecdsa-encipherment.pem:3:1 the leaf's key usage does not fit its key, ecdsa p256: it has keyEncipherment
            issue it again: `-addext keyUsage=critical,digitalSignature` for openssl req
        bad-ed25519-agreement.pem:3:1 the leaf's key usage does not fit its key, ed25519: it lacks digitalSignature and has keyAgreement
            issue it again: `-addext keyUsage=critical,digitalSignature` for openssl req
        bad-rsa-encipherment.pem:3:1 the leaf's key usage does not fit its key, rsa 2048: it lacks digitalSignature
            issue it again: `-addext keyUsage=critical,digitalSignature,keyEncipherment` for openssl req
        bad-rsa-neither.pem:3:1 the leaf's key usage does not fit its key, rsa 2048: it lacks digitalSignature
            issue it again: `-addext keyUsage=critical,digitalSignature,keyEncipherment` for openssl req
        ");
    }
}
