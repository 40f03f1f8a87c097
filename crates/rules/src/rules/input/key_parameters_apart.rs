#![doc = include_str!("key_parameters_apart.md")]

use certgate_facts::{Content, PrivateKey, PrivateKeyState};

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(13),
    name: "key-parameters-apart",
    summary: "the key's curve stands in a block beside the key too",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 5915 §3 and §4",
    explanation: include_str!("key_parameters_apart.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let slot = upload.private_key();
    // Only a key that names its curve itself is usable without the block.
    let is_usable = |key: &PrivateKey| matches!(key.state(), PrivateKeyState::Usable(_));
    let key = upload.private_key_seen().filter(|entry| entry.private_key().is_some_and(is_usable));
    let parameters = slot.entries().find(|entry| matches!(entry.content(), Content::KeyParameters));
    let (Some(key), Some(parameters)) = (key, parameters) else { return Vec::new() };
    let message = format!("block `{}` stands beside the private key", parameters.block().label());
    let help = "leave it out, as `certgate fix --unsafe FILE` does: the key names its curve itself";
    vec![
        Finding::new(&RULE, message, slot.label(parameters, "some programs read this and stop"))
            .with_help(help)
            .with_related([slot.label(key, "the key")]),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-above.key:3:1 block `EC PARAMETERS` stands beside the private key
            leave it out, as `certgate fix --unsafe FILE` does: the key names its curve itself
        bad-below.key:8:1 block `EC PARAMETERS` stands beside the private key
            leave it out, as `certgate fix --unsafe FILE` does: the key names its curve itself
        ");
    }
}
