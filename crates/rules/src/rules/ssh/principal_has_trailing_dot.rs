#![doc = include_str!("principal_has_trailing_dot.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::misnomer;
use crate::policy::Policy;
use crate::principal::PrincipalFault;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(420),
    name: "principal-has-trailing-dot",
    summary: "a principal ends with a dot",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "sshkey.c, sshkey_cert_check_host; RFC 1034 §3.1",
    explanation: include_str!("principal_has_trailing_dot.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    misnomer::findings(subject, PrincipalFault::TrailingDot, |name| {
        let message =
            format!("{} ends with a dot: clients find it only where the dot is typed too", name.shown());
        name.never_found(&RULE, message, "give the name of a host: there is none beside the dots")
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-address.json --principal:1:1 `192.0.2.7.` ends with a dot: clients find it only where the dot is typed too
            write `192.0.2.7`
        bad-dot.json --principal:1:1 `.` ends with a dot: clients find it only where the dot is typed too
            give the name of a host: there is none beside the dots
        bad-name.json --principal:1:1 `web-1.example.com.` ends with a dot: clients find it only where the dot is typed too
            write `web-1.example.com`
        ");
    }
}
