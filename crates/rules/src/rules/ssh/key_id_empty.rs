#![doc = include_str!("key_id_empty.md")]

use certgate_facts::SshCertificate;

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(448),
    name: "key-id-empty",
    summary: "the certificate has no key id",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "ssh-keygen(1), CERTIFICATES and KEY REVOCATION LISTS",
    explanation: include_str!("key_id_empty.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    // The API gives a key id of its own.
    if let Some(request) = subject.request().filter(|request| request.authority_id().is_none()) {
        let place = request.key_id().label("no key id");
        let finding =
            || Finding::new(&RULE, "the key id is empty: logs could not name the certificate", place);
        let is_empty = request.key_id().text().trim().is_empty();
        let help = "give each certificate a key id that says whose it is: `--key-id web-1.example.com`";
        return is_empty.then(|| finding().with_help(help).at_level(Level::Error)).into_iter().collect();
    }
    let fields = subject.certificate().and_then(SshCertificate::fields);
    let Some(fields) = fields.filter(|fields| fields.key_id().as_bytes().is_empty()) else {
        return Vec::new();
    };
    let message = match fields.serial() {
        0 => {
            "the key id is empty, and the serial 0: logs cannot name the certificate, and what revokes it revokes every \
              other without key id"
        }
        _ => {
            "the key id is empty: logs cannot name the certificate, and a revocation list only by its serial or key"
        }
    };
    let help = "give each certificate a key id that says whose it is: `ssh-keygen -I web-1.example.com …`";
    vec![Finding::new(&RULE, message, subject.label("no key id")).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-host.json --key-id:1:1 the key id is empty: logs could not name the certificate
            give each certificate a key id that says whose it is: `--key-id web-1.example.com`
        bad-user.json --key-id:1:1 the key id is empty: logs could not name the certificate
            give each certificate a key id that says whose it is: `--key-id web-1.example.com`
        bad-with-serial-cert.pub:2:1 the key id is empty: logs cannot name the certificate, and a revocation list only by its serial or key
            give each certificate a key id that says whose it is: `ssh-keygen -I web-1.example.com …`
        bad-without-serial-cert.pub:2:1 the key id is empty, and the serial 0: logs cannot name the certificate, and what revokes it revokes every other without key id
            give each certificate a key id that says whose it is: `ssh-keygen -I web-1.example.com …`
        ");
    }
}
