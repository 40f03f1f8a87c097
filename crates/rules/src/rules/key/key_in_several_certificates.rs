#![doc = include_str!("key_in_several_certificates.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(312),
    name: "key-in-several-certificates",
    summary: "another certificate of the same run has the same key",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "NIST SP 800-57 Part 1 §5.2; NIST SP 1800-16 Volume B",
    explanation: include_str!("key_in_several_certificates.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, policy: &Policy) -> Vec<Finding> {
    let Some(leaf) = Member::all_of(upload).next() else { return Vec::new() };
    let Some(holders) = policy.census().holders(leaf.certificate) else { return Vec::new() };
    let digest = leaf.certificate.sha256();
    let places: Vec<String> = holders.others(&digest).map(|place| format!("`{}`", Excerpt(place))).collect();
    let others = holders.count - 1;
    let plural = if others == 1 { "" } else { "s" };
    let more = match others.saturating_sub(places.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "the key of the leaf is in {others} other certificate{plural} too: {}{more}",
        places.join(", ")
    );
    let help = "give each its own key: whoever takes one has them all, and all are to be replaced together";
    vec![leaf.finding(&RULE, message).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-three.yaml:9:12 the key of the leaf is in 2 other certificates too: `bad-three.yaml`, `bad-three.yaml`
            give each its own key: whoever takes one has them all, and all are to be replaced together
        bad-three.yaml:18:12 the key of the leaf is in 2 other certificates too: `bad-three.yaml`, `bad-three.yaml`
            give each its own key: whoever takes one has them all, and all are to be replaced together
        bad-three.yaml:27:12 the key of the leaf is in 2 other certificates too: `bad-three.yaml`, `bad-three.yaml`
            give each its own key: whoever takes one has them all, and all are to be replaced together
        bad-two.yaml:9:12 the key of the leaf is in 1 other certificate too: `bad-two.yaml`
            give each its own key: whoever takes one has them all, and all are to be replaced together
        bad-two.yaml:18:12 the key of the leaf is in 1 other certificate too: `bad-two.yaml`
            give each its own key: whoever takes one has them all, and all are to be replaced together
        ");
    }
}
