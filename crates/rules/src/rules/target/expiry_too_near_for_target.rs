#![doc = include_str!("expiry_too_near_for_target.md")]

use crate::case::TargetUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

const SECS_OF_DAY: i64 = 86_400;

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(525),
    name: "expiry-too-near-for-target",
    summary: "the upload target takes no leaf that expires so soon",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "documents of the upload target, named with the finding",
    explanation: include_str!("expiry_too_near_for_target.md"),
    judge: Judge::Target(judge),
};

fn judge(case: &TargetUpload, policy: &Policy) -> Vec<Finding> {
    let (upload, target) = (case.upload(), case.target());
    let due = target.takes.days_left_min;
    let Some((entry, leaf)) = upload.leaf_meant() else { return Vec::new() };
    let secs_left = leaf.not_after().unix_secs() - policy.at().unix_secs();
    // One that has expired is told of as that.
    if secs_left < 0 || secs_left >= due * SECS_OF_DAY {
        return Vec::new();
    }
    let message = format!(
        "`{}` takes no leaf that is valid for less than {due} days, and this one expires on {}",
        target.name(),
        leaf.not_after()
    );
    let place = upload.certificate().label(entry, format!("`{}`", leaf.subject().title()));
    vec![Finding::new(&RULE, message, place).with_help("renew it and upload the new one")]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-a-second-short.pem:3:1 `cloudflare` takes no leaf that is valid for less than 14 days, and this one expires on 2026-11-14T23:59:59Z
            renew it and upload the new one
        bad-ten-days.pem:3:1 `cloudflare` takes no leaf that is valid for less than 14 days, and this one expires on 2026-12-30T00:00:00Z
            renew it and upload the new one
        bad-tomorrow.pem:3:1 `cloudflare` takes no leaf that is valid for less than 14 days, and this one expires on 2026-11-02T00:00:00Z
            renew it and upload the new one
        ");
    }
}
