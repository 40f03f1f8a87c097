#![doc = include_str!("authority_signature_sha1.md")]

use certgate_facts::SshCertificate;

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(441),
    name: "authority-signature-sha1",
    summary: "the authority signed with SHA-1",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 8332 §1; OpenSSH 8.2 release notes; ssh_config(5), CASignatureAlgorithms",
    explanation: include_str!("authority_signature_sha1.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let fields = subject.certificate().and_then(SshCertificate::fields);
    if fields.and_then(|fields| fields.signature_algorithm()) != Some("ssh-rsa") {
        return Vec::new();
    }
    let message =
        "the authority signed with ssh-rsa, which is SHA-1: OpenSSH refuses the certificate since 8.2";
    let help = "have it signed again with `ssh-keygen -s AUTHORITY -t rsa-sha2-512 …`, the default since 8.2, or by an \
                ed25519 authority";
    vec![Finding::new(&RULE, message, subject.label("not verified: SHA-1 proves nothing")).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-false-cert.pub:2:1 the authority signed with ssh-rsa, which is SHA-1: OpenSSH refuses the certificate since 8.2
            have it signed again with `ssh-keygen -s AUTHORITY -t rsa-sha2-512 …`, the default since 8.2, or by an ed25519 authority
        bad-of-openssh-cert.pub:2:1 the authority signed with ssh-rsa, which is SHA-1: OpenSSH refuses the certificate since 8.2
            have it signed again with `ssh-keygen -s AUTHORITY -t rsa-sha2-512 …`, the default since 8.2, or by an ed25519 authority
        ");
    }
}
