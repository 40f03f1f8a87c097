#![doc = include_str!("lifetime_forever.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::seconds::{At, judged_at};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(434),
    name: "lifetime-forever",
    summary: "the certificate never expires",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "draft-ietf-sshm-cert-01 §2, valid before; ssh-keygen(1), -V",
    explanation: include_str!("lifetime_forever.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, policy: &Policy) -> Vec<Finding> {
    let Some(validity) = subject.validity().filter(|validity| validity.is_forever()) else {
        return Vec::new();
    };
    let message = match validity.valid_before {
        u64::MAX => "the certificate is valid forever".to_owned(),
        secs => format!("the certificate is valid beyond the year 9999, until {}", At(secs)),
    };
    let finding = Finding::new(&RULE, message, subject.label_valid_before("no end"));
    if subject.certificate().is_some() {
        let help = "issue one that ends, renew that in time, and revoke this one";
        return vec![finding.with_help(help).at_level(Level::Warning)];
    }
    let begins = validity.valid_after.max(judged_at(policy));
    let end = At(begins.saturating_add(policy.lifetime_secs_max()));
    vec![finding.with_help(format!("say when it ends: `--valid-until {end}` at the latest"))]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-beyond-the-calendar.json --public-key:1:1 the certificate is valid beyond the year 9999, until 253402300800 s since 1970-01-01T00:00:00Z
            say when it ends: `--valid-until 2026-12-01T00:00:00Z` at the latest
        bad-without-end.json --public-key:1:1 the certificate is valid forever
            say when it ends: `--valid-until 2026-12-01T00:00:00Z` at the latest
        ");
    }

    #[test]
    fn a_signed_certificate_is_warned_of() {
        let of_given = |name: &str| crate::fixture::of_given(&super::RULE, name, "2026-11-01");
        insta::assert_snapshot!(of_given("ed25519-host-cert-forever.pub"), @"warning[CG434 lifetime-forever]: the certificate is valid forever");
        assert!(of_given("ed25519-host-cert.pub").is_empty());
    }
}
