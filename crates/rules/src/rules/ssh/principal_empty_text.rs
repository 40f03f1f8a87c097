#![doc = include_str!("principal_empty_text.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::misnomer;
use crate::policy::Policy;
use crate::principal::PrincipalFault;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(424),
    name: "principal-empty-text",
    summary: "a principal is an empty text",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2, valid principals; ssh-keygen(1), -n",
    explanation: include_str!("principal_empty_text.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    misnomer::findings(subject, PrincipalFault::Empty, |name| {
        let kind = if name.text().is_empty() { "empty" } else { "nothing but white space" };
        let noun = name.party.noun;
        let message =
            format!("principal {} of {} is {kind}: no {noun} has that name", name.number(), name.count());
        if !name.is_certified() {
            return name.finding(&RULE, message, &format!("leave it out, or name the {noun}"));
        }
        let finding = name.finding(&RULE, message, "leave it out when you issue the next one");
        if name.is_alone() { finding } else { finding.at_level(Level::Warning).with_clients_refuse(false) }
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-alone.json --principal:1:1 principal 1 of 1 is empty: no host has that name
            leave it out, or name the host
        bad-blank.json --principal:1:1 principal 1 of 2 is nothing but white space: no host has that name
            leave it out, or name the host
        bad-last.json --principal:1:1 principal 2 of 2 is empty: no host has that name
            leave it out, or name the host
        bad-user.json --principal:1:1 principal 2 of 2 is empty: no user has that name
            leave it out, or name the user
        ");
    }
}
