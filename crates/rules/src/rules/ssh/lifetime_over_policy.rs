#![doc = include_str!("lifetime_over_policy.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::{Policy, SSH_LIFETIME_SECS_CAP};
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::seconds::{At, For, judged_at};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(433),
    name: "lifetime-over-policy",
    summary: "the validity is longer than the policy allows",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "draft-ietf-sshm-cert-01 §2, valid before; ssh-keygen(1), -V",
    explanation: include_str!("lifetime_over_policy.md"),
    judge: Judge::Ssh(judge),
};

const DAY_SECS: u64 = 86_400;

fn judge(subject: &SshSubject<'_>, policy: &Policy) -> Vec<Finding> {
    let secs_max = policy.lifetime_secs_max();
    let too_long = subject.validity().filter(|validity| validity.lifetime_secs() > secs_max);
    let Some(validity) =
        too_long.filter(|validity| !validity.is_forever() && !subject.is_certified_for_users())
    else {
        return Vec::new();
    };
    let secs = validity.lifetime_secs();
    let message = format!("valid for {}, and the policy allows {}", For(secs), For(secs_max));
    let finding = Finding::new(&RULE, message, subject.label_valid_before("the end"));
    if subject.certificate().is_some() {
        let help = "issue one that ends sooner, and renew it in time";
        return vec![finding.with_help(help).at_level(Level::Warning)];
    }
    let end = validity.valid_after.saturating_add(secs_max);
    let otherwise = match end > judged_at(policy) {
        true => format!("let it end on {}", At(end)),
        false => format!("let it begin on {}", At(validity.valid_before.saturating_sub(secs_max))),
    };
    let more = match secs {
        ..=SSH_LIFETIME_SECS_CAP => format!("`--max-lifetime {}d`", secs.div_ceil(DAY_SECS)),
        _ => format!("`--max-lifetime` takes up to {}d", SSH_LIFETIME_SECS_CAP / DAY_SECS),
    };
    vec![finding.with_help(format!("{otherwise}, or allow more: {more}"))]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-a-quarter.json --valid-until:1:1 valid for 90 days, and the policy allows 30 days
            let it end on 2026-11-30T23:59:00Z, or allow more: `--max-lifetime 90d`
        bad-a-second.json --valid-until:1:1 valid for 30 days 1 second, and the policy allows 30 days
            let it end on 2026-11-30T23:59:00Z, or allow more: `--max-lifetime 31d`
        bad-begun-long-ago.json --valid-until:1:1 valid for 20787 days 23 hours 59 minutes, and the policy allows 30 days
            let it begin on 2026-10-31T23:59:00Z, or allow more: `--max-lifetime` takes up to 366d
        bad-ten-years.json --valid-until:1:1 valid for 3653 days, and the policy allows 30 days
            let it end on 2026-11-30T23:59:00Z, or allow more: `--max-lifetime` takes up to 366d
        bad-user.json --valid-until:1:1 valid for 60 days 1 minute, and the policy allows 30 days
            let it end on 2026-11-30T23:59:00Z, or allow more: `--max-lifetime 61d`
        ");
    }

    #[test]
    fn a_signed_certificate_of_a_host_is_warned_of_and_one_of_a_user_is_not() {
        let of_given = |name: &str| crate::fixture::of_given(&super::RULE, name, "2026-11-01");
        insta::assert_snapshot!(of_given("ed25519-host-cert.pub"), @"warning[CG433 lifetime-over-policy]: valid for 90 days, and the policy allows 30 days");
        assert!(of_given("ed25519-user-cert.pub").is_empty());
        assert!(of_given("ed25519-host-cert-forever.pub").is_empty());
    }
}
