#![doc = include_str!("wildcard_on_public_suffix.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::listed::Listed;
use crate::path::is_public_suffix;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(112),
    name: "wildcard-on-public-suffix",
    summary: "a wildcard stands right below a name under which registries hand out others",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "CA/Browser Forum Baseline Requirements §3.2.2.6; RFC 9525 §6.3",
    explanation: include_str!("wildcard_on_public_suffix.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_meant() else { return Vec::new() };
    let found = leaf.dns_names().filter(|name| name.strip_prefix("*.").is_some_and(is_public_suffix));
    let Some(names) = Listed::of(found) else { return Vec::new() };
    let message = names.sentence(
        "stands for names of many owners: registries hand out what is below it",
        "stand for names of many owners: registries hand out what is below them",
    );
    let place = upload.certificate().label(entry, "");
    vec![
        Finding::new(&RULE, message, place)
            .with_help("issue it again for names of your own, one label deeper"),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-country.pem:3:1 the alternative name `*.co.uk` stands for names of many owners: registries hand out what is below it
            issue it again for names of your own, one label deeper
        bad-private.pem:3:1 the alternative name `*.github.io` stands for names of many owners: registries hand out what is below it
            issue it again for names of your own, one label deeper
        ");
    }
}
