#![doc = include_str!("lifetime_not_positive.md")]

use certgate_facts::SshRole;

use crate::case::SshSubject;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::seconds::{At, For};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(432),
    name: "lifetime-not-positive",
    summary: "the validity ends before it begins, or as it does",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::LIFETIME_NOT_POSITIVE),
    may_cause: &[ApiCode::USER_LIFETIME_NOT_POSITIVE],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2, valid before; API error catalogue, ERR_NGROK_1962 and ERR_NGROK_1963",
    explanation: include_str!("lifetime_not_positive.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let Some(validity) = subject.validity().filter(|validity| validity.lifetime_secs() == 0) else {
        return Vec::new();
    };
    let (after, before) = (validity.valid_after, validity.valid_before);
    let (message, help) = match after - before {
        0 => (
            format!("valid from {} until that very second, which is no longer in it", At(after)),
            "let it end later; the last moment is not part of the validity".to_owned(),
        ),
        earlier => (
            format!("valid from {}, until {} before that: {}", At(after), For(earlier), At(before)),
            format!(
                "let it end after it begins; if the two are swapped: from {} until {}",
                At(before),
                At(after)
            ),
        ),
    };
    let finding = Finding::new(&RULE, message, subject.label_valid_before("the end")).with_help(help);
    vec![match subject.certificate() {
        Some(_) => finding.with_api_code(None),
        None => {
            let finding = finding.with_related([subject.label_valid_after("the beginning")]);
            match subject.role() {
                SshRole::User => finding.with_api_code(Some(ApiCode::USER_LIFETIME_NOT_POSITIVE)),
                _ => finding,
            }
        }
    }]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-a-second.json --valid-until:1:1 valid from 2026-11-01T00:00:01Z, until 1 second before that: 2026-11-01T00:00:00Z
            let it end after it begins; if the two are swapped: from 2026-11-01T00:00:00Z until 2026-11-01T00:00:01Z
        bad-no-time.json --valid-until:1:1 valid from 2026-10-31T23:59:00Z until that very second, which is no longer in it
            let it end later; the last moment is not part of the validity
        bad-offset.json --valid-until:1:1 valid from 2026-11-01T06:00:00Z, until 2 hours before that: 2026-11-01T04:00:00Z
            let it end after it begins; if the two are swapped: from 2026-11-01T04:00:00Z until 2026-11-01T06:00:00Z
        bad-swapped.json --valid-until:1:1 valid from 2026-11-30T23:59:00Z, until 30 days before that: 2026-10-31T23:59:00Z
            let it end after it begins; if the two are swapped: from 2026-10-31T23:59:00Z until 2026-11-30T23:59:00Z
        bad-user-long-ago.json --valid-until:1:1 valid from 2026-10-31T23:59:00Z, until 20757 days 23 hours 58 minutes 59 seconds before that: 1970-01-01T00:00:01Z
            let it end after it begins; if the two are swapped: from 1970-01-01T00:00:01Z until 2026-10-31T23:59:00Z
        bad-user-no-time.json --valid-until:1:1 valid from 2026-10-31T23:59:00Z until that very second, which is no longer in it
            let it end later; the last moment is not part of the validity
        bad-user.json --valid-until:1:1 valid from 2026-10-31T23:59:00Z, until 1 day before that: 2026-10-30T23:59:00Z
            let it end after it begins; if the two are swapped: from 2026-10-30T23:59:00Z until 2026-10-31T23:59:00Z
        ");
    }
}
