#![doc = include_str!("ignore_expired.md")]

use crate::case::IgnoreList;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(702),
    name: "ignore-expired",
    summary: "an ignore of the configuration is past its last day",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 3339 §5.6",
    explanation: include_str!("ignore_expired.md"),
    judge: Judge::Ignores(judge),
};

fn judge(list: &IgnoreList, policy: &Policy) -> Vec<Finding> {
    let ended = list.entries().iter().filter_map(|ignore| Some((ignore, ignore.ended(policy.at())?)));
    let findings = ended.map(|(ignore, last)| {
        let (rule, what) = (ignore.rule().name(), ignore.what().text());
        let message = format!("what `{rule}` finds at `{what}` was to be ignored until {}", last.text());
        Finding::new(&RULE, message, last.label("this day is over: nothing is ignored any more"))
            .with_help("mend what it was for and take it out, or say anew until when, and why")
    });
    findings.collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-of-nothing.toml:4:9 what `leaf-expired` finds at `00112233445566778899aabbccddeeff` was to be ignored until 2020-02-29
            mend what it was for and take it out, or say anew until when, and why
        bad-yesterday.toml:4:9 what `leaf-expired` finds at `e7f27e3975e09079a8f2d785a5072663` was to be ignored until 2026-10-31
            mend what it was for and take it out, or say anew until when, and why
        ");
    }
}
