#![doc = include_str!("principal_has_brackets.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::misnomer;
use crate::policy::Policy;
use crate::principal::PrincipalFault;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(415),
    name: "principal-has-brackets",
    summary: "a principal has brackets",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2, valid principals; RFC 5952 §6",
    explanation: include_str!("principal_has_brackets.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    misnomer::findings(subject, PrincipalFault::Brackets, |name| {
        let message = format!("{} has brackets, and clients compare hosts without them", name.shown());
        name.never_found(
            &RULE,
            message,
            "give each host on its own: brackets stand for no range and no choice",
        )
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-address.json --principal:1:1 `[2001:db8::1]` has brackets, and clients compare hosts without them
            write `2001:db8::1`
        bad-name.json --principal:1:1 `[web-1.example.com]` has brackets, and clients compare hosts without them
            write `web-1.example.com`
        bad-range.json --principal:1:1 `web-[1-2].example.com` has brackets, and clients compare hosts without them
            give each host on its own: brackets stand for no range and no choice
        ");
    }
}
