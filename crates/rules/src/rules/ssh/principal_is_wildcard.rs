#![doc = include_str!("principal_is_wildcard.md")]

use certgate_facts::SshRole;

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::misnomer;
use crate::policy::Policy;
use crate::principal::PrincipalFault;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(412),
    name: "principal-is-wildcard",
    summary: "a principal is a pattern and no name",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "OpenSSH 10.3 release notes; ssh_config(5), PATTERNS",
    explanation: include_str!("principal_is_wildcard.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let is_for_users = subject.role() == SshRole::User;
    misnomer::findings(subject, PrincipalFault::Wildcard, |name| {
        if is_for_users {
            let message = format!(
                "{} is a pattern, and servers compare it as it stands: no user is called so",
                name.shown()
            );
            return name.finding(
                &RULE,
                message,
                "name the user, or a group that the server's AuthorizedPrincipalsFile has",
            );
        }
        let crossing = if name.text().contains('*') { ", and `*` crosses dots" } else { "" };
        let message = format!(
            "{} is a pattern: OpenSSH up to 10.2 compares it as it stands and finds no host under it, later ones match it{crossing}",
            name.shown()
        );
        if name.is_certified() {
            let help = "issue another certificate with each host by its name";
            return name.finding(&RULE, message, help).at_level(Level::Warning);
        }
        let help = "give each host by its name; `--allow-wildcard` is for where all clients are OpenSSH 10.3 or later";
        name.finding(&RULE, message, help)
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-address.json --principal:1:1 `192.0.2.*` is a pattern: OpenSSH up to 10.2 compares it as it stands and finds no host under it, later ones match it, and `*` crosses dots
            give each host by its name; `--allow-wildcard` is for where all clients are OpenSSH 10.3 or later
        bad-question-mark.json --principal:1:1 `web-?.example.com` is a pattern: OpenSSH up to 10.2 compares it as it stands and finds no host under it, later ones match it
            give each host by its name; `--allow-wildcard` is for where all clients are OpenSSH 10.3 or later
        bad-star.json --principal:1:1 `*.example.com` is a pattern: OpenSSH up to 10.2 compares it as it stands and finds no host under it, later ones match it, and `*` crosses dots
            give each host by its name; `--allow-wildcard` is for where all clients are OpenSSH 10.3 or later
        bad-user.json --principal:1:1 `*` is a pattern, and servers compare it as it stands: no user is called so
            name the user, or a group that the server's AuthorizedPrincipalsFile has
        ");
    }
}
