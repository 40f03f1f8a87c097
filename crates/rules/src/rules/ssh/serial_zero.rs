#![doc = include_str!("serial_zero.md")]

use certgate_facts::SshCertificate;

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(447),
    name: "serial-zero",
    summary: "the certificate has no serial number",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "ssh-keygen(1), KEY REVOCATION LISTS; PROTOCOL.krl",
    explanation: include_str!("serial_zero.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let fields = subject.certificate().and_then(SshCertificate::fields);
    if fields.is_none_or(|fields| fields.serial() != 0) {
        return Vec::new();
    }
    let message = "the serial is 0: no revocation list can name the certificate by it";
    let help = "give each certificate a serial of its own: `ssh-keygen -z N`; this one can be revoked by key id, or by key";
    vec![Finding::new(&RULE, message, subject.label("serial 0")).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-host-cert.pub:2:1 the serial is 0: no revocation list can name the certificate by it
            give each certificate a serial of its own: `ssh-keygen -z N`; this one can be revoked by key id, or by key
        bad-user-cert.pub:2:1 the serial is 0: no revocation list can name the certificate by it
            give each certificate a serial of its own: `ssh-keygen -z N`; this one can be revoked by key id, or by key
        ");
    }
}
