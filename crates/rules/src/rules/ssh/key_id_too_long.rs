#![doc = include_str!("key_id_too_long.md")]

use certgate_facts::SshCertificate;

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(449),
    name: "key-id-too-long",
    summary: "the key id is longer than logs show it",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "ssh-keygen(1), CERTIFICATES, -I; sshd(8)",
    explanation: include_str!("key_id_too_long.md"),
    judge: Judge::Ssh(judge),
};

/// Most bytes of a key id: a line of OpenSSH's log has 1024, and other things stand in it.
pub const KEY_ID_BYTES_MAX: usize = 255;

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let asked = subject
        .request()
        .map(|request| (request.key_id().text().len(), request.key_id().label("the key id")));
    let certified = || {
        let key_id = subject.certificate().and_then(SshCertificate::fields)?.key_id();
        Some((key_id.as_bytes().len(), subject.label("its key id")))
    };
    let Some((bytes, place)) = asked.or_else(certified).filter(|(bytes, _)| *bytes > KEY_ID_BYTES_MAX) else {
        return Vec::new();
    };
    let message =
        format!("the key id has {bytes} bytes, and more than {KEY_ID_BYTES_MAX} are cut off in logs");
    let finding = Finding::new(&RULE, message, place);
    vec![match subject.certificate() {
        Some(_) => finding.with_help("give the next one a shorter key id").at_level(Level::Warning),
        None => finding.with_help("shorten it to a name that says whose certificate it is"),
    }]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-host.json --key-id:1:1 the key id has 256 bytes, and more than 255 are cut off in logs
            shorten it to a name that says whose certificate it is
        bad-signed-cert.pub:2:1 the key id has 256 bytes, and more than 255 are cut off in logs
            give the next one a shorter key id
        bad-user.json --key-id:1:1 the key id has 256 bytes, and more than 255 are cut off in logs
            shorten it to a name that says whose certificate it is
        ");
    }
}
