#![doc = include_str!("internal_name.md")]

use certgate_facts::Timestamp;

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::listed::Listed;
use crate::name_fault::NameFault;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(114),
    name: "internal-name",
    summary: "an alternative name is one of a private network, which no public authority may vouch for",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "CA/Browser Forum Baseline Requirements §4.2.2; RFC 5280 §4.2.1.6",
    explanation: include_str!("internal_name.md"),
    judge: Judge::Tls(judge),
};

/// The day after which no such certificate may be valid any more: 2015-11-01.
const LAST: Timestamp = Timestamp::from_unix_secs(1_446_422_399);

/// Names that are registered to be used by everybody at home (RFC 8375).
const HOME: &str = "home.arpa";

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let public = upload.leaf_meant().filter(|(_, leaf)| upload.is_public() && leaf.not_after() > LAST);
    let Some((entry, leaf)) = public else { return Vec::new() };
    let found = leaf.dns_names().filter(|name| NameFault::of(name).is_none() && is_internal(name));
    let Some(names) = Listed::of(found) else { return Vec::new() };
    let message = names.sentence(
        "is internal: it ends in no top level domain of the public DNS",
        "are internal: they end in no top level domain of the public DNS",
    );
    let place = upload.certificate().label(entry, "");
    let help = "have it issued by a private authority, or name the host below a domain of your own";
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

fn is_internal(name: &str) -> bool {
    let host = name.strip_prefix("*.").unwrap_or(name).to_ascii_lowercase();
    let is_at_home = host.strip_suffix(HOME).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    is_at_home || !psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-internal.pem:3:1 the alternative name `gate.internal` is internal: it ends in no top level domain of the public DNS
            have it issued by a private authority, or name the host below a domain of your own
        bad-last-day.pem:3:1 the alternative name `mail.corp` is internal: it ends in no top level domain of the public DNS
            have it issued by a private authority, or name the host below a domain of your own
        bad-several.pem:3:1 3 alternative names are internal: they end in no top level domain of the public DNS: `gate`, `tv.home.arpa`, `*.corp`
            have it issued by a private authority, or name the host below a domain of your own
        ");
    }
}
