#![doc = include_str!("principal_is_any_host.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::misnomer;
use crate::policy::Policy;
use crate::principal::PrincipalFault;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(413),
    name: "principal-is-any-host",
    summary: "a principal matches every host",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "OpenSSH 10.3 release notes; ssh_config(5), PATTERNS",
    explanation: include_str!("principal_is_any_host.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    misnomer::findings(subject, PrincipalFault::AnyHost, |name| {
        let message = format!(
            "{} matches hosts by wildcards alone: to OpenSSH from 10.3 on, whoever holds the key can pose as any of them",
            name.shown()
        );
        let help = if name.is_certified() {
            "revoke it, and issue another certificate with each host by its name"
        } else {
            "name the host as its users type it, one principal each: web-1.example.com, 192.0.2.7"
        };
        name.finding(&RULE, message, help)
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-question-marks.json --principal:1:1 `???` matches hosts by wildcards alone: to OpenSSH from 10.3 on, whoever holds the key can pose as any of them
            name the host as its users type it, one principal each: web-1.example.com, 192.0.2.7
        bad-star.json --principal:1:1 `*` matches hosts by wildcards alone: to OpenSSH from 10.3 on, whoever holds the key can pose as any of them
            name the host as its users type it, one principal each: web-1.example.com, 192.0.2.7
        bad-stars-and-dots.json --principal:1:1 `*.*` matches hosts by wildcards alone: to OpenSSH from 10.3 on, whoever holds the key can pose as any of them
            name the host as its users type it, one principal each: web-1.example.com, 192.0.2.7
        ");
    }
}
