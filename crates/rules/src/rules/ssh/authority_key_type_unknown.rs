#![doc = include_str!("authority_key_type_unknown.md")]

use crate::case::SshAuthorityRequest;
use crate::code::{ApiCode, RuleCode};
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(461),
    name: "authority-key-type-unknown",
    summary: "the authority is to have a key of a type that the API does not know",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::AUTHORITY_KEY_TYPE),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1936; API reference, create SSH certificate authority, private_key_type",
    explanation: include_str!("authority_key_type_unknown.md"),
    judge: Judge::SshAuthority(judge),
};

/// The types of key that the API makes.
pub(super) const KEY_TYPES: [&str; 3] = ["rsa", "ecdsa", "ed25519"];

fn judge(request: &SshAuthorityRequest, _: &Policy) -> Vec<Finding> {
    let Some(key_type) = request.private_key_type() else { return Vec::new() };
    let text = key_type.text();
    if KEY_TYPES.contains(&text) {
        return Vec::new();
    }
    let message = format!("`{}` is no type of key: the API makes rsa, ecdsa and ed25519", Excerpt(text));
    vec![Finding::new(&RULE, message, key_type.label("")).with_help(meant(text))]
}

/// What is to be written instead, where that can be told.
fn meant(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let curve = ["256", "384", "521"].into_iter().find(|curve| lower.ends_with(curve));
    match (KEY_TYPES.into_iter().find(|known| lower.contains(known)), curve) {
        (Some("ecdsa"), Some(curve)) => {
            format!("write ecdsa, and p{curve} as the elliptic curve")
        }
        (Some(known), _) => format!("write {known}"),
        (None, _) => "write ed25519, unless something old has to verify what it signs".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @r"
        bad-control-character.json --private-key-type:1:1 `\u{1b}[31m` is no type of key: the API makes rsa, ecdsa and ed25519
            write ed25519, unless something old has to verify what it signs
        bad-of-openssh.json --private-key-type:1:1 `ssh-ed25519` is no type of key: the API makes rsa, ecdsa and ed25519
            write ed25519
        bad-old.json --private-key-type:1:1 `dsa` is no type of key: the API makes rsa, ecdsa and ed25519
            write ed25519, unless something old has to verify what it signs
        bad-upper-case.json --private-key-type:1:1 `RSA` is no type of key: the API makes rsa, ecdsa and ed25519
            write rsa
        bad-white-space.json --private-key-type:1:1 `ed25519\n` is no type of key: the API makes rsa, ecdsa and ed25519
            write ed25519
        bad-with-curve.json --private-key-type:1:1 `ecdsa-p256` is no type of key: the API makes rsa, ecdsa and ed25519
            write ecdsa, and p256 as the elliptic curve
        ");
    }
}
