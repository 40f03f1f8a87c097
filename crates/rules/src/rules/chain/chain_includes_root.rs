#![doc = include_str!("chain_includes_root.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(202),
    name: "chain-includes-root",
    summary: "the chain ends in its trust anchor, which clients have already",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 8446 §4.4.2",
    explanation: include_str!("chain_includes_root.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let certificates: Vec<_> = upload.certificates().collect();
    let above_the_leaf = upload
        .chain()
        .self_signed()
        .iter()
        .filter(|index| **index > 0 && upload.chain().order().contains(index));
    let first = above_the_leaf.min().and_then(|index| certificates.get(*index));
    let Some((entry, root)) = first else { return Vec::new() };
    let message = format!("the chain includes its root, `{}`", root.subject().title());
    let place = upload
        .certificate()
        .label(entry, "self-signed: clients trust it because they have it, not because it is sent");
    vec![
        Finding::new(&RULE, message, place)
            .with_help("leave it out: it is sent with every handshake for nothing"),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-after-intermediate.pem:29:1 the chain includes its root, `Test root p256-c`
            leave it out: it is sent with every handshake for nothing
        bad-after-leaf.pem:25:1 the chain includes its root, `Test root rsa-2048-c`
            leave it out: it is sent with every handshake for nothing
        ");
    }
}
