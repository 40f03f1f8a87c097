#![doc = include_str!("ssh_certificate_unreadable.md")]

use certgate_facts::{SshContent, SshDefect};

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::{Finding, Label};
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(440),
    name: "ssh-certificate-unreadable",
    summary: "an OpenSSH certificate does not read",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2",
    explanation: include_str!("ssh_certificate_unreadable.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let (reading, line) = match (subject.request(), subject.line()) {
        (None, Some(line)) if line.names_certificate(subject.reading().source()) => (subject.reading(), line),
        _ => return Vec::new(),
    };
    match &line.content {
        // It reads, and has a rule of its own.
        SshContent::Unreadable(SshDefect::AuthorityKeyIsCertificate { .. }) => Vec::new(),
        SshContent::Unreadable(defect) => {
            let place = Label::new(reading, line.place(reading.source(), defect.column()), "here");
            vec![
                Finding::new(&RULE, format!("the certificate does not read: {defect}"), place)
                    .with_help(help(defect)),
            ]
        }
        _ => Vec::new(),
    }
}

fn help(defect: &SshDefect) -> &'static str {
    match defect {
        SshDefect::AuthorityKey { .. } => "have it signed again, by an authority with an ed25519 key",
        SshDefect::NulInText { .. }
        | SshDefect::OptionsMalformed { .. }
        | SshDefect::Role { .. }
        | SshDefect::TooManyPrincipals { .. } => "have it signed again: no copy of it is better",
        _ => "copy the whole line again, unbroken, from where it was signed",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-bytes-more-cert.pub:2:466 the certificate does not read: 3 bytes follow the end
            copy the whole line again, unbroken, from where it was signed
        bad-cut-off-cert.pub:2:350 the certificate does not read: the key ends inside one of its parts
            copy the whole line again, unbroken, from where it was signed
        bad-principals-cert.pub:2:7914 the certificate does not read: the certificate has more than 256 principals
            have it signed again: no copy of it is better
        bad-role-cert.pub:2:186 the certificate does not read: the role is 3, neither user (1) nor host (2)
            have it signed again: no copy of it is better
        bad-symbol-cert.pub:2:90 the certificate does not read: the key is not base64
            copy the whole line again, unbroken, from where it was signed
        ");
    }
}
