#![doc = include_str!("chain_length_not_for_target.md")]

use crate::case::TargetUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(523),
    name: "chain-length-not-for-target",
    summary: "the upload target takes no chains of so many certificates",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "documents of the upload target, named with the finding",
    explanation: include_str!("chain_length_not_for_target.md"),
    judge: Judge::Target(judge),
};

fn judge(case: &TargetUpload, _: &Policy) -> Vec<Finding> {
    let (upload, target) = (case.upload(), case.target());
    let (slot, name) = (upload.certificate(), target.name());
    let certificates: Vec<_> = upload.certificates().collect();
    let (least, most) = (target.takes.certificates_min, target.takes.certificates_max);
    let excess = most.and_then(|most| Some((most, certificates.get(most)?)));
    let (place, message, help) = match (excess, certificates.first()) {
        (Some((most, (entry, _))), _) => (
            slot.label(entry, ""),
            format!(
                "`{name}` takes chains of {most} certificates at most, and this one has {}",
                certificates.len()
            ),
            "leave out what the chain does not need: its root, and what is there twice",
        ),
        (None, Some((entry, _))) if certificates.len() < least => (
            slot.label(entry, ""),
            format!(
                "`{name}` takes chains of {least} certificates at least, and this one has {}",
                certificates.len()
            ),
            "put the intermediate behind the leaf: `certgate fix --intermediates DIR FILE` finds it among others",
        ),
        _ => return Vec::new(),
    };
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-one.pem:3:1 `gcp` takes chains of 2 certificates at least, and this one has 1
            put the intermediate behind the leaf: `certgate fix --intermediates DIR FILE` finds it among others
        bad-six.pem:80:1 `gcp` takes chains of 5 certificates at most, and this one has 6
            leave out what the chain does not need: its root, and what is there twice
        ");
    }
}
