#![doc = include_str!("certificate_expired.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::seconds::{At, For, judged_at};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(435),
    name: "certificate-expired",
    summary: "the validity has ended",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2, valid before",
    explanation: include_str!("certificate_expired.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, policy: &Policy) -> Vec<Finding> {
    let at = judged_at(policy);
    let past = subject.validity().filter(|validity| validity.valid_before <= at);
    // One that has no length has a rule of its own.
    let Some(validity) = past.filter(|validity| validity.lifetime_secs() > 0) else { return Vec::new() };
    let ago = match at - validity.valid_before {
        0 => "this very second".to_owned(),
        secs => format!("{} ago", For(secs)),
    };
    let end = At(validity.valid_before);
    let (message, help) = match subject.certificate() {
        Some(_) => (format!("the certificate expired on {end}, {ago}"), "renew it".to_owned()),
        None => (
            format!("the certificate would be expired when it is made: it ends on {end}, {ago}"),
            format!(
                "let it end later, on {} at the latest",
                At(at.saturating_add(policy.lifetime_secs_max()))
            ),
        ),
    };
    vec![Finding::new(&RULE, message, subject.label_valid_before("the end")).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-last-year.json --valid-until:1:1 the certificate would be expired when it is made: it ends on 2025-11-30T23:59:00Z, 335 days 1 minute ago
            let it end later, on 2026-12-01T00:00:00Z at the latest
        bad-this-second.json --valid-until:1:1 the certificate would be expired when it is made: it ends on 2026-11-01T00:00:00Z, this very second
            let it end later, on 2026-12-01T00:00:00Z at the latest
        ");
    }

    #[test]
    fn a_signed_certificate_expires_with_the_first_second_that_is_not_in_it() {
        let of_given = |at: &str| crate::fixture::of_given(&super::RULE, "ed25519-host-cert.pub", at);
        assert!(of_given("2026-12-29T23:59:59Z").is_empty());
        insta::assert_snapshot!(of_given("2026-12-30T00:00:00Z"), @"error[CG435 certificate-expired], clients refuse: the certificate expired on 2026-12-30T00:00:00Z, this very second");
        insta::assert_snapshot!(of_given("2027-01-30T00:00:01Z"), @"error[CG435 certificate-expired], clients refuse: the certificate expired on 2026-12-30T00:00:00Z, 31 days 1 second ago");
        let forever = "ed25519-host-cert-forever.pub";
        assert!(crate::fixture::of_given(&super::RULE, forever, "9999-12-31T23:59:59Z").is_empty());
    }
}
