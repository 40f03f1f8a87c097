#![doc = include_str!("issuer_expires_before_leaf.md")]

use certgate_facts::{Certificate, Entry};

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::lifetime::roughly;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(207),
    name: "issuer-expires-before-leaf",
    summary: "a certificate above the leaf ends before the leaf does",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 5280 §6.1.3; RFC 5280 §4.1.2.5",
    explanation: include_str!("issuer_expires_before_leaf.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, policy: &Policy) -> Vec<Finding> {
    let Some((_, leaf)) = upload.leaf_meant() else { return Vec::new() };
    let ends = policy.at()..leaf.not_after();
    let finding = |(entry, member): (&Entry, &Certificate)| {
        if !ends.contains(&member.not_after()) {
            return None;
        }
        let secs = leaf.not_after().unix_secs().saturating_sub(member.not_after().unix_secs());
        let message = format!(
            "`{}` expires on {}, {} before the leaf",
            Excerpt(&member.subject().title()),
            member.not_after(),
            roughly(secs)
        );
        let help = "take the issuer's newer certificate with the same key and name, or renew the leaf before";
        Some(Finding::new(&RULE, message, upload.certificate().label(entry, "")).with_help(help))
    };
    members_of_path(upload).into_iter().filter_map(finding).collect()
}

/// What clients go through: the path that holds, or where none does, what leads on from the leaf.
fn members_of_path(upload: &TlsUpload) -> Vec<(&Entry, &Certificate)> {
    if let Some(Ok(path)) = upload.path() {
        let above = upload.certificates_above();
        return path.through.iter().filter_map(|place| above.get(*place).copied()).collect();
    }
    let members = upload.chain().order().iter().skip(1);
    members.filter_map(|index| upload.certificates().nth(*index)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-by-a-second.pem:25:1 `Test intermediate rsa-2048-b` expires on 2026-12-29T23:59:59Z, 1 second before the leaf
            take the issuer's newer certificate with the same key and name, or renew the leaf before
        bad-by-weeks.pem:17:1 `Test intermediate p256-b` expires on 2026-12-01T00:00:00Z, 29 days before the leaf
            take the issuer's newer certificate with the same key and name, or renew the leaf before
        ");
    }
}
