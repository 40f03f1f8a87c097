#![doc = include_str!("chain_member_out_of_date.md")]

use certgate_facts::{Certificate, Entry};

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(206),
    name: "chain-member-out-of-date",
    summary: "a certificate above the leaf is expired or not yet valid",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 5280 §6.1.3; RFC 5280 §4.1.2.5",
    explanation: include_str!("chain_member_out_of_date.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, policy: &Policy) -> Vec<Finding> {
    let at = policy.at();
    let has_way_around = matches!(upload.path(), Some(Ok(_)));
    let finding = |(entry, member): (&Entry, &Certificate)| {
        let subject = member.subject().title();
        let (subject, said) = match at < member.not_before() {
            true => (Excerpt(&subject), format!("is not valid before {}", member.not_before())),
            false if member.not_after() < at => {
                (Excerpt(&subject), format!("expired on {}", member.not_after()))
            }
            false => return None,
        };
        let place = upload.certificate().label(entry, "");
        let finding =
            Finding::new(&RULE, format!("`{subject}` {said}"), place).with_help(match has_way_around {
                true => "leave it out: clients find a path without it",
                false => "take the issuer's current certificate, which has the same key and name",
            });
        Some(finding.with_clients_refuse(!has_way_around))
    };
    upload.members_above().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-expired.pem:17:1 `Test intermediate p256-b` expired on 2026-10-31T23:59:59Z
            take the issuer's current certificate, which has the same key and name
        bad-not-yet.pem:25:1 `Test intermediate rsa-2048-b` is not valid before 2026-11-01T00:00:01Z
            take the issuer's current certificate, which has the same key and name
        bad-root.pem:17:1 `Test root p256-c` expired on 2026-10-31T00:00:00Z
            take the issuer's current certificate, which has the same key and name
        ");
    }
}
