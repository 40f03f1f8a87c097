#![doc = include_str!("chain_member_expires_soon.md")]

use certgate_facts::{Certificate, Entry};

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::lifetime::{last_secs, lifetime_secs, roughly};
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(208),
    name: "chain-member-expires-soon",
    summary: "little of the lifetime of an intermediate is left",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 5280 §6.1.3; RFC 5280 §4.1.2.5",
    explanation: include_str!("chain_member_expires_soon.md"),
    judge: Judge::Tls(judge),
};

/// What to do about it.
const HELP: &str = "take the whole chain with every renewal; of a private authority, issue this one anew";

fn judge(upload: &TlsUpload, policy: &Policy) -> Vec<Finding> {
    let finding = |(entry, member): (&Entry, &Certificate)| {
        // Clients have roots of their own: the one in the file may end.
        let secs = last_secs(member, policy.at(), policy.expires_soon());
        let secs = secs.filter(|_| !member.names_as_issuer(member))?;
        let message = format!(
            "`{}` expires on {}: {} of its {} are left",
            Excerpt(&member.subject().title()),
            member.not_after(),
            roughly(secs),
            roughly(lifetime_secs(member))
        );
        let place = upload.certificate().label(entry, "");
        Some(Finding::new(&RULE, message, place).with_help(HELP))
    };
    upload.members_above().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-issuing.pem:17:1 `Test intermediate p256-b` expires on 2027-02-01T00:00:00Z: 92 days of its 1127 days are left
            take the whole chain with every renewal; of a private authority, issue this one anew
        bad-upper.pem:42:1 `Test upper intermediate p384-b` expires on 2028-01-01T00:00:00Z: 426 days of its 3652 days are left
            take the whole chain with every renewal; of a private authority, issue this one anew
        ");
    }
}
