#![doc = include_str!("principal_not_ascii.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::misnomer;
use crate::policy::Policy;
use crate::principal::PrincipalFault;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(421),
    name: "principal-not-ascii",
    summary: "a principal is not in ASCII",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 5890 §2.3.2.1; UTS 46 §4",
    explanation: include_str!("principal_not_ascii.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    misnomer::findings(subject, PrincipalFault::NotAscii, |name| {
        let foreign = name.text().chars().find(|character| !character.is_ascii()).unwrap_or_default();
        let message = format!(
            "{} has `{}` (U+{:04X}), which is not ASCII: hosts are looked up and compared by their A-label",
            name.shown(),
            foreign.escape_debug(),
            u32::from(foreign)
        );
        name.never_found(
            &RULE,
            message,
            "give the name that DNS has, in ASCII: no A-label can be made of this text",
        )
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-capitals.json --principal:1:1 `BÜCHER.example.` has `Ü` (U+00DC), which is not ASCII: hosts are looked up and compared by their A-label
            write `xn--bcher-kva.example`
        bad-look-alike.json --principal:1:1 `wеb-1.example.com` has `е` (U+0435), which is not ASCII: hosts are looked up and compared by their A-label
            write `xn--wb-1-v4d.example.com`
        bad-no-a-label.json --principal:1:1 `web-�.example.com` has `�` (U+FFFD), which is not ASCII: hosts are looked up and compared by their A-label
            give the name that DNS has, in ASCII: no A-label can be made of this text
        bad-u-label.json --principal:1:1 `bücher.example` has `ü` (U+00FC), which is not ASCII: hosts are looked up and compared by their A-label
            write `xn--bcher-kva.example`
        ");
    }
}
