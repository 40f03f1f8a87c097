#![doc = include_str!("files_not_for_target.md")]

use certgate_facts::Entry;

use crate::case::{Slot, TargetUpload};
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::target::Files;

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(524),
    name: "files-not-for-target",
    summary: "the upload target wants certificates and key in other files",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "documents of the upload target, named with the finding",
    explanation: include_str!("files_not_for_target.md"),
    judge: Judge::Target(judge),
};

fn judge(case: &TargetUpload, _: &Policy) -> Vec<Finding> {
    let (upload, name) = (case.upload(), case.target().name());
    let is_packed =
        |slot: &Slot| slot.reading().source().origin().is_some_and(|origin| origin.paths().next().is_none());
    let Some((leaf, _)) = upload.leaf_meant().filter(|_| !is_packed(upload.certificate())) else {
        return Vec::new();
    };
    let leaf_place = upload.certificate().label(leaf, "the leaf");
    let place = |slot: &Slot, entry: &Entry| slot.label(entry, "");
    let others = upload.certificates_above().into_iter().map(|(entry, _)| place(upload.certificate(), entry));
    let key = upload.private_key_seen().map(|entry| place(upload.private_key(), entry));
    let (other, message, help) = match case.target().takes.files {
        Files::Any => return Vec::new(),
        Files::Apart => {
            let mut beside = others.chain(key).filter(|other| other.path() == leaf_place.path());
            let Some(other) = beside.next() else { return Vec::new() };
            let message = format!("`{name}` takes leaf, chain and key each in a field of its own");
            (
                other,
                message,
                "put the leaf alone into one file, what stands above it into a second, the key into a third",
            )
        }
        Files::Together => {
            let Some(other) = key.filter(|key| key.path() != leaf_place.path()) else { return Vec::new() };
            let message = format!("`{name}` takes certificate and key in one file");
            (
                other,
                message,
                "put them together: `certgate convert CHAIN.pem KEY.pem --to pem --output BOTH.pem`",
            )
        }
    };
    vec![Finding::new(&RULE, message, other).with_help(help).with_related([leaf_place])]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-apart.key:2:1 `azure-key-vault` takes certificate and key in one file
            put them together: `certgate convert CHAIN.pem KEY.pem --to pem --output BOTH.pem`
        bad-joined.pem:25:1 `aws-acm` takes leaf, chain and key each in a field of its own
            put the leaf alone into one file, what stands above it into a second, the key into a third
        ");
    }
}
