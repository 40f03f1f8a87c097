#![doc = include_str!("root_not_for_target.md")]

use crate::case::TargetUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(526),
    name: "root-not-for-target",
    summary: "the upload target takes no chain that leads to no public root",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "documents of the upload target, named with the finding",
    explanation: include_str!("root_not_for_target.md"),
    judge: Judge::Target(judge),
};

fn judge(case: &TargetUpload, _: &Policy) -> Vec<Finding> {
    let (upload, target) = (case.upload(), case.target());
    let Some((entry, leaf)) = upload.leaf_meant() else { return Vec::new() };
    let is_trusted = upload.is_public() && !matches!(upload.path(), Some(Err(_)));
    if !target.takes.asks_for_trust || is_trusted {
        return Vec::new();
    }
    let message = format!(
        "`{}` takes chains of public authorities that clients trust, and this is none",
        target.name()
    );
    let place = upload.certificate().label(entry, format!("`{}`", leaf.subject().title()));
    let help = "give a certificate of a public authority, with its intermediates";
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-another-root.pem:3:1 `cloudflare` takes chains of public authorities that clients trust, and this is none
            give a certificate of a public authority, with its intermediates
        bad-self-signed.pem:3:1 `fastly` takes chains of public authorities that clients trust, and this is none
            give a certificate of a public authority, with its intermediates
        ");
    }
}
