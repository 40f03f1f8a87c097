#![doc = include_str!("certificate_is_for_users.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(443),
    name: "certificate-is-for-users",
    summary: "the certificate is for users: no host can show it",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "draft-ietf-sshm-cert-01 §2, type; sshd_config(5), HostCertificate",
    explanation: include_str!("certificate_is_for_users.md"),
    judge: Judge::Ssh(judge),
};

/// How the files of host keys are called, where nobody calls them otherwise.
const HOST_FILE_PREFIX: &str = "ssh_host_";

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    if !subject.is_certified_for_users() {
        return Vec::new();
    }
    let message = "the certificate is for users: `sshd` shows it as a host's without a word, and every client refuses it";
    let help = "for a host have it signed with `ssh-keygen -s AUTHORITY -h …`; for a user all is well";
    let finding = Finding::new(&RULE, message, subject.label("for users")).with_help(help);
    let file = subject.reading().source().name().rsplit(['/', '\\']).next().unwrap_or_default();
    match file.starts_with(HOST_FILE_PREFIX) {
        true => vec![finding.at_level(Level::Error).with_clients_refuse(true)],
        false => vec![finding],
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use certgate_facts::{Reading, Source};

    use crate::{Level, Policy, SshDocument, TrustAnchors, judge};

    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-user-cert.pub:2:1 the certificate is for users: `sshd` shows it as a host's without a word, and every client refuses it
            for a host have it signed with `ssh-keygen -s AUTHORITY -h …`; for a user all is well
        bad-user-with-options-cert.pub:2:1 the certificate is for users: `sshd` shows it as a host's without a word, and every client refuses it
            for a host have it signed with `ssh-keygen -s AUTHORITY -h …`; for a user all is well
        ");
    }

    #[test]
    fn in_a_file_of_a_host_it_is_an_error() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/ssh/ed25519-user-cert.pub");
        let found = |name: &str| {
            let source = Source::read(name, std::fs::File::open(path).unwrap()).unwrap();
            let document = SshDocument::all_of(&Arc::new(Reading::of(source))).next().unwrap();
            let verdict = judge(document, &Policy::new("2026-11-01".parse().unwrap(), TrustAnchors::Mozilla));
            (verdict.has(Level::Error), verdict.clients_trust())
        };
        assert_eq!(found("/etc/ssh/ssh_host_ed25519_key-cert.pub"), (true, Some(false)));
        assert_eq!(found("/home/ssh_host_keys/id-cert.pub"), (false, None));
    }
}
