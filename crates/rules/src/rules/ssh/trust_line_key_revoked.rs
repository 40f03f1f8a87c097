#![doc = include_str!("trust_line_key_revoked.md")]

use certgate_facts::known_hosts::Marker;

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::{Finding, Label};
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(453),
    name: "trust-line-key-revoked",
    summary: "a line trusts a key that another line revokes",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "sshd(8), SSH_KNOWN_HOSTS FILE FORMAT",
    explanation: include_str!("trust_line_key_revoked.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let Some(document) = subject.document() else { return Vec::new() };
    let entry = document.known_hosts().and_then(Result::ok);
    let Some(entry) = entry.filter(|entry| entry.marker() != Some(Marker::Revoked)) else {
        return Vec::new();
    };
    let Some(revoking) = document.line_revoking(entry.key()) else { return Vec::new() };
    let (what, help) = match entry.marker() {
        Some(_) => (
            "the authority's key is revoked in the same file: where both lines match, clients refuse all it signed",
            "take the line out once no host shows a certificate of that authority; the `@revoked` line stays",
        ),
        None => (
            "the host's key is revoked in the same file: where both lines match, clients refuse the host",
            "take the line out; the `@revoked` line stays",
        ),
    };
    let related = Label::new(document.reading(), revoking.span, "revoked here");
    let finding = Finding::new(&RULE, what, subject.label(format!("trusts {}", entry.key().fingerprint())));
    vec![finding.with_help(help).with_related([related])]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-authority.known_hosts:2:1 the authority's key is revoked in the same file: where both lines match, clients refuse all it signed
            take the line out once no host shows a certificate of that authority; the `@revoked` line stays
        bad-host.known_hosts:3:1 the host's key is revoked in the same file: where both lines match, clients refuse the host
            take the line out; the `@revoked` line stays
        ");
    }
}
