#![doc = include_str!("principal_has_port.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::misnomer;
use crate::policy::Policy;
use crate::principal::PrincipalFault;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(414),
    name: "principal-has-port",
    summary: "a principal has a port",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2, valid principals; sshconnect.c, check_host_key",
    explanation: include_str!("principal_has_port.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    misnomer::findings(subject, PrincipalFault::Port, |name| {
        let message = format!("{} has a port, and clients compare hosts without one", name.shown());
        name.never_found(&RULE, message, "give the host alone, by name or address")
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-address.json --principal:1:1 `192.0.2.7:22` has a port, and clients compare hosts without one
            write `192.0.2.7`
        bad-address.json --principal:1:1 `[2001:db8::1]:22` has a port, and clients compare hosts without one
            write `2001:db8::1`
        bad-brackets.json --principal:1:1 `[WEB-1.example.com]:2222` has a port, and clients compare hosts without one
            write `web-1.example.com`
        bad-name.json --principal:1:1 `web-1.example.com:22` has a port, and clients compare hosts without one
            write `web-1.example.com`
        bad-pattern.json --principal:1:1 `*:22` has a port, and clients compare hosts without one
            give the host alone, by name or address
        ");
    }
}
