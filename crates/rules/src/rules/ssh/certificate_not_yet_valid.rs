#![doc = include_str!("certificate_not_yet_valid.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::{Policy, SSH_BACKDATING_SECS_DEFAULT};
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::seconds::{At, For, judged_at};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(436),
    name: "certificate-not-yet-valid",
    summary: "the validity is still to come",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2, valid after",
    explanation: include_str!("certificate_not_yet_valid.md"),
    judge: Judge::Ssh(judge),
};

/// How far ahead a request may begin without a word, in seconds: it is not deployed the moment it is made.
const AHEAD_SECS_MAX: u64 = 86_400;

fn judge(subject: &SshSubject<'_>, policy: &Policy) -> Vec<Finding> {
    let at = judged_at(policy);
    let ahead_max = if subject.certificate().is_some() { 0 } else { AHEAD_SECS_MAX };
    let Some(validity) = subject.validity() else { return Vec::new() };
    let ahead = validity.valid_after.saturating_sub(at);
    if ahead <= ahead_max || validity.lifetime_secs() == 0 {
        return Vec::new();
    }
    let message = format!("not valid before {}, {} from now", At(validity.valid_after), For(ahead));
    let help = match subject.certificate() {
        Some(_) => {
            "deploy it when it is valid; if it should be by now, check the clock it was issued by".to_owned()
        }
        None => format!(
            "leave it so if it is for later; for now: `--valid-after {}`",
            At(at.saturating_sub(SSH_BACKDATING_SECS_DEFAULT))
        ),
    };
    vec![Finding::new(&RULE, message, subject.label_valid_after("the beginning")).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-more-than-a-day.json --valid-after:1:1 not valid before 2026-11-02T00:00:01Z, 1 day 1 second from now
            leave it so if it is for later; for now: `--valid-after 2026-10-31T23:59:00Z`
        bad-next-year.json --valid-after:1:1 not valid before 2027-10-31T23:59:00Z, 364 days 23 hours 59 minutes from now
            leave it so if it is for later; for now: `--valid-after 2026-10-31T23:59:00Z`
        ");
    }

    #[test]
    fn a_signed_certificate_is_found_until_its_first_second() {
        let of_given = |at: &str| crate::fixture::of_given(&super::RULE, "ed25519-host-cert.pub", at);
        insta::assert_snapshot!(of_given("2026-09-30T23:59:59Z"), @"warning[CG436 certificate-not-yet-valid], clients refuse: not valid before 2026-10-01T00:00:00Z, 1 second from now");
        assert!(of_given("2026-10-01T00:00:00Z").is_empty());
    }
}
