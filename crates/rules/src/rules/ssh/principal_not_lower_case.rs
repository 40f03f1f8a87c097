#![doc = include_str!("principal_not_lower_case.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::misnomer;
use crate::policy::Policy;
use crate::principal::PrincipalFault;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(419),
    name: "principal-not-lower-case",
    summary: "a principal has capital letters",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "ssh.c, lowercase; RFC 4343 §3",
    explanation: include_str!("principal_not_lower_case.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    misnomer::findings(subject, PrincipalFault::NotLowerCase, |name| {
        let message = format!(
            "{} has capital letters: clients put what was typed in lower case, then compare bytes",
            name.shown()
        );
        name.never_found(&RULE, message, "write it in lower case")
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-already-there.json --principal:1:1 `WEB-1.example.com` has capital letters: clients put what was typed in lower case, then compare bytes
            leave it out: `web-1.example.com` is asked for already
        bad-name.json --principal:1:1 `Web-1.Example.COM` has capital letters: clients put what was typed in lower case, then compare bytes
            write `web-1.example.com`
        bad-several.json --principal:1:1 `A` has capital letters: clients put what was typed in lower case, then compare bytes
            write `a`
        bad-several.json --principal:1:1 `B` has capital letters: clients put what was typed in lower case, then compare bytes
            write `b`
        bad-several.json --principal:1:1 `C` has capital letters: clients put what was typed in lower case, then compare bytes
            write `c`
        bad-several.json --principal:1:1 `D` has capital letters: clients put what was typed in lower case, then compare bytes
            write `d`
        bad-several.json --principal:1:1 `E` has capital letters: clients put what was typed in lower case, then compare bytes
            write `e`
        bad-several.json --principal:1:1 `F` has capital letters: clients put what was typed in lower case, then compare bytes
            write `f`
        bad-several.json --principal:1:1 `G` has capital letters: clients put what was typed in lower case, then compare bytes
            write `g`
        bad-several.json --principal:1:1 `H` has capital letters: clients put what was typed in lower case, then compare bytes
            write `h`; 2 more principals have the same fault
        ");
    }
}
