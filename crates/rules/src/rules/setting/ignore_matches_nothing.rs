#![doc = include_str!("ignore_matches_nothing.md")]

use crate::case::{Ignore, IgnoreList};
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(701),
    name: "ignore-matches-nothing",
    summary: "an ignore of the configuration matches nothing that was found",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "SARIF 2.1.0 §3.35",
    explanation: include_str!("ignore_matches_nothing.md"),
    judge: Judge::Ignores(judge),
};

fn judge(list: &IgnoreList, policy: &Policy) -> Vec<Finding> {
    let unmatched = |ignore: &&Ignore| !ignore.has_matched() && ignore.ended(policy.at()).is_none();
    list.entries().iter().filter(unmatched).map(finding).collect()
}

fn finding(ignore: &Ignore) -> Finding {
    let (rule, what) = (ignore.rule().name(), ignore.what());
    let message = format!("`{rule}` finds nothing at `{}` that could be ignored", what.text());
    Finding::new(&RULE, message, what.label("nothing was ignored because of this"))
        .with_help("take it out if what it was for is mended; paths are from the folder of this file, and `**/` is any folder")
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-both.toml:3:8 `leaf-expired` finds nothing at `*.pem` that could be ignored
            take it out if what it was for is mended; paths are from the folder of this file, and `**/` is any folder
        bad-fingerprint.toml:3:15 `leaf-expired` finds nothing at `00112233445566778899aabbccddeeff` that could be ignored
            take it out if what it was for is mended; paths are from the folder of this file, and `**/` is any folder
        bad-path.toml:3:8 `leaf-expired` finds nothing at `*.pem` that could be ignored
            take it out if what it was for is mended; paths are from the folder of this file, and `**/` is any folder
        ");
    }
}
