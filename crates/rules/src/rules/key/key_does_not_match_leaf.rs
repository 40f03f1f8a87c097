#![doc = include_str!("key_does_not_match_leaf.md")]

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(301),
    name: "key-does-not-match-leaf",
    summary: "the private key is not that of the first certificate",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::KEY_MISMATCH),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1923",
    explanation: include_str!("key_does_not_match_leaf.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let (Some(key), Some((leaf_entry, leaf)), Some(key_entry)) =
        (upload.public_key(), upload.leaf(), upload.private_key_seen())
    else {
        return Vec::new();
    };
    // What the API takes for the leaf instead of a hidden one is the matter of whatever hides it.
    if upload.leaf_is_hidden() || leaf.public_key().matches(key) {
        return Vec::new();
    }
    let leaf_key = leaf.public_key().key_type();
    let title = leaf.subject().title();
    let mut related = vec![
        upload.certificate().label(leaf_entry, format!("the leaf, `{title}`, holds another key: {leaf_key}")),
    ];
    let fitting =
        upload.certificates().enumerate().find(|(_, (_, certificate))| certificate.public_key().matches(key));
    let help = match fitting {
        Some((index, (entry, certificate))) => {
            let title = certificate.subject().title();
            related.push(
                upload
                    .certificate()
                    .label(entry, format!("certificate {}, `{title}`, is the one this key fits", index + 1)),
            );
            format!(
                "the key fits certificate {}, `{title}`: put that one first, or give the key of the leaf",
                index + 1
            )
        }
        None if leaf_key == key.key_type() => {
            "the key fits no certificate of the chain: was the certificate renewed with a new key?".to_owned()
        }
        None => format!(
            "the key fits no certificate of the chain: it is {}, the leaf wants {leaf_key}",
            key.key_type()
        ),
    };
    let place = upload.private_key().label(key_entry, format!("this key is {}", key.key_type()));
    vec![
        Finding::new(&RULE, "the private key does not match the leaf", place)
            .with_related(related)
            .with_help(help),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-another-curve.key:3:1 the private key does not match the leaf
            the key fits no certificate of the chain: it is ecdsa p384, the leaf wants ecdsa p521
        bad-another-edwards.key:3:1 the private key does not match the leaf
            the key fits no certificate of the chain: was the certificate renewed with a new key?
        bad-another-type.key:3:1 the private key does not match the leaf
            the key fits no certificate of the chain: it is ecdsa p256, the leaf wants rsa 2048
        bad-of-the-intermediate.key:3:1 the private key does not match the leaf
            the key fits certificate 2, `Test intermediate p384-b`: put that one first, or give the key of the leaf
        bad-reversed.key:3:1 the private key does not match the leaf
            the key fits certificate 3, `gate.example.com`: put that one first, or give the key of the leaf
        bad-same-curve.key:3:1 the private key does not match the leaf
            the key fits certificate 3, `Test root p256-c`: put that one first, or give the key of the leaf
        bad-same-size.key:3:1 the private key does not match the leaf
            the key fits certificate 2, `Test root rsa-2048-c`: put that one first, or give the key of the leaf
        ");
    }
}
