#![doc = include_str!("principals_empty.md")]

use certgate_facts::SshRole;

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(411),
    name: "principals-empty",
    summary: "the certificate names no host, or no user",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2.1, valid principals; OpenSSH 10.3 release notes",
    explanation: include_str!("principals_empty.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    if subject.principals().is_none_or(|principals| !principals.is_empty()) {
        return Vec::new();
    }
    let (message, help, words) = match subject.role() {
        SshRole::User => (
            "no principals: `sshd` takes the certificate for no user, or, before OpenSSH 10.3 and where a line of \
             authorized_keys names the authority, for any",
            "name the user as they log in, one principal for each name: alice",
            "valid for no user in particular",
        ),
        _ => (
            "no principals: OpenSSH before 10.3 takes the certificate for every host, later ones for none",
            "name the host as its users type it, one principal each: web-1.example.com, 192.0.2.7",
            "valid for no host in particular",
        ),
    };
    vec![Finding::new(&RULE, message, subject.label(words)).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-none.json --public-key:1:1 no principals: OpenSSH before 10.3 takes the certificate for every host, later ones for none
            name the host as its users type it, one principal each: web-1.example.com, 192.0.2.7
        bad-user.json --public-key:1:1 no principals: `sshd` takes the certificate for no user, or, before OpenSSH 10.3 and where a line of authorized_keys names the authority, for any
            name the user as they log in, one principal for each name: alice
        ");
    }
}
