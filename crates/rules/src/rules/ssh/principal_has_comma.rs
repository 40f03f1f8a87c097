#![doc = include_str!("principal_has_comma.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::misnomer;
use crate::party::Party;
use crate::policy::Policy;
use crate::principal::PrincipalFault;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(416),
    name: "principal-has-comma",
    summary: "a principal has a comma",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "CVE-2026-35414; draft-ietf-sshm-cert-01 §2, valid principals",
    explanation: include_str!("principal_has_comma.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    misnomer::findings(subject, PrincipalFault::Comma, |name| {
        let Party { noun, judges, .. } = name.party;
        let message =
            format!("{} has a comma: {judges} take it for one name, which no {noun} has", name.shown());
        name.never_found(&RULE, message, "give each name as a principal of its own")
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-at-the-end.json --principal:1:1 `web-1.example.com,` has a comma: clients take it for one name, which no host has
            write `web-1.example.com`
        bad-many.json --principal:1:1 `a,b,c,d,e,f,g,h,i` has a comma: clients take it for one name, which no host has
            give each name as a principal of its own
        bad-two-names.json --principal:1:1 `web-1.example.com,192.0.2.7` has a comma: clients take it for one name, which no host has
            give each on its own: `web-1.example.com`, `192.0.2.7`
        bad-user.json --principal:1:1 `alice,root` has a comma: servers take it for one name, which no user has
            give each on its own: `alice`, `root`
        ");
    }
}
