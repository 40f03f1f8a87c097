#![doc = include_str!("principals_over_limit.md")]

use certgate_facts::PRINCIPALS_MAX;

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::party::Party;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(423),
    name: "principals-over-limit",
    summary: "there are more principals than OpenSSH reads",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "sshkey.h, SSHKEY_CERT_MAX_PRINCIPALS",
    explanation: include_str!("principals_over_limit.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let principals = subject.principals().unwrap_or_default();
    let Some(first_over) = principals.get(PRINCIPALS_MAX) else { return Vec::new() };
    let (count, over) = (principals.len(), principals.len() - PRINCIPALS_MAX);
    let message =
        format!("{count} principals, {over} more than OpenSSH reads in a certificate: {PRINCIPALS_MAX}");
    let noun = Party::of(subject.role()).noun;
    let help = format!("leave out {over}: one certificate is for the names of one {noun}");
    let place = first_over.label(format!("principal {}", PRINCIPALS_MAX + 1));
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-by-many.json --principal:1:1 400 principals, 144 more than OpenSSH reads in a certificate: 256
            leave out 144: one certificate is for the names of one host
        bad-by-one.json --principal:1:1 257 principals, 1 more than OpenSSH reads in a certificate: 256
            leave out 1: one certificate is for the names of one host
        bad-user.json --principal:1:1 257 principals, 1 more than OpenSSH reads in a certificate: 256
            leave out 1: one certificate is for the names of one user
        ");
    }
}
