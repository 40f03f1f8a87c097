#![doc = include_str!("key_type_not_for_target.md")]

use crate::case::TargetUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(520),
    name: "key-type-not-for-target",
    summary: "the upload target takes no keys of this type or size",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "documents of the upload target, named with the finding",
    explanation: include_str!("key_type_not_for_target.md"),
    judge: Judge::Target(judge),
};

fn judge(case: &TargetUpload, _: &Policy) -> Vec<Finding> {
    let (upload, target) = (case.upload(), case.target());
    let kinds = target.takes.keys;
    let of_key = upload.private_key_seen().and_then(|entry| {
        Some((upload.private_key().label(entry, ""), entry.private_key()?.public_key()?.key_type()))
    });
    let of_leaf = || {
        let (entry, leaf) = upload.leaf_meant()?;
        Some((upload.certificate().label(entry, ""), leaf.public_key().key_type()))
    };
    let Some((place, key)) = of_key.or_else(of_leaf) else { return Vec::new() };
    if kinds.is_empty() || kinds.iter().any(|kind| kind.is_of(key)) {
        return Vec::new();
    }
    let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
    let message = format!("`{}` takes no {key} keys", target.name());
    let help = format!("have the certificate issued for another key: it takes {}", kinds.join(", "));
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-algorithm.key:3:1 `aws-acm` takes no ed25519 keys
            have the certificate issued for another key: it takes rsa 1024, rsa 2048, rsa 3072, rsa 4096, ecdsa p256, ecdsa p384, ecdsa p521
        bad-curve.key:3:1 `gcp` takes no ecdsa p384 keys
            have the certificate issued for another key: it takes rsa 2048, ecdsa p256
        bad-size.key:3:1 `fastly` takes no rsa 4096 keys
            have the certificate issued for another key: it takes rsa 2048, ecdsa p256, ecdsa p384
        ");
    }
}
