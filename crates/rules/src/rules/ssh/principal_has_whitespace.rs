#![doc = include_str!("principal_has_whitespace.md")]

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
    code: RuleCode(417),
    name: "principal-has-whitespace",
    summary: "a principal has white space",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 952, names of hosts; ssh(1)",
    explanation: include_str!("principal_has_whitespace.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    misnomer::findings(subject, PrincipalFault::Whitespace, |name| {
        let Party { noun, judges, .. } = name.party;
        let message = format!("{} has white space, and {judges} know no such {noun}", name.shown());
        name.never_found(&RULE, message, "give each name as a principal of its own, without white space")
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @r"
        bad-line-end.json --principal:1:1 `web-1.example.com\n` has white space, and clients know no such host
            write `web-1.example.com`
        bad-no-break-space.json --principal:1:1 `\u{a0}web-1.example.com` has white space, and clients know no such host
            write `web-1.example.com`
        bad-two-names.json --principal:1:1 `web-1.example.com 192.0.2.7` has white space, and clients know no such host
            give each on its own: `web-1.example.com`, `192.0.2.7`
        bad-user.json --principal:1:1 `Alice Example` has white space, and servers know no such user
            give each on its own: `Alice`, `Example`
        ");
    }
}
