#![doc = include_str!("key_format_not_for_target.md")]

use certgate_facts::{PrivateKey, PrivateKeyState};

use crate::case::TargetUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(521),
    name: "key-format-not-for-target",
    summary: "the upload target does not read private keys in this format",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "documents of the upload target, named with the finding",
    explanation: include_str!("key_format_not_for_target.md"),
    judge: Judge::Target(judge),
};

fn judge(case: &TargetUpload, _: &Policy) -> Vec<Finding> {
    let (upload, target) = (case.upload(), case.target());
    let Some(entry) = upload.private_key_seen() else { return Vec::new() };
    let formats = target.takes.key_formats;
    let is_readable = |key: &&PrivateKey| matches!(key.state(), PrivateKeyState::Usable(_));
    let Some(key) = entry.private_key().filter(is_readable) else { return Vec::new() };
    if formats.is_empty() || formats.contains(&key.format()) {
        return Vec::new();
    }
    let formats: Vec<String> = formats.iter().map(ToString::to_string).collect();
    let (name, formats) = (target.name(), formats.join(" or "));
    let message = format!("`{name}` takes private keys in {formats}, and this one is in {}", key.format());
    let help = format!(
        "write it in {formats}, as `certgate fix --for {name} --unsafe FILE` does: it stays the same key"
    );
    vec![Finding::new(&RULE, message, upload.private_key().label(entry, "")).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-pkcs1.pem:61:1 `azure-key-vault` takes private keys in PKCS#8, and this one is in PKCS#1
            write it in PKCS#8, as `certgate fix --for azure-key-vault --unsafe FILE` does: it stays the same key
        bad-sec1.pem:35:1 `azure-key-vault` takes private keys in PKCS#8, and this one is in SEC 1
            write it in PKCS#8, as `certgate fix --for azure-key-vault --unsafe FILE` does: it stays the same key
        ");
    }
}
