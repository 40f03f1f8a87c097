#![doc = include_str!("hostname_not_covered.md")]

use certgate_facts::Certificate;

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::path::ReferenceName;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(105),
    name: "hostname-not-covered",
    summary: "the leaf does not cover a name that it is to serve",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 9525 §6",
    explanation: include_str!("hostname_not_covered.md"),
    judge: Judge::Tls(judge),
};

/// Names shown beside a finding; the rest is counted.
const NAMES_SHOWN_MAX: usize = 5;

fn judge(upload: &TlsUpload, policy: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_meant() else { return Vec::new() };
    let missing = policy.hosts().iter().filter(|host| !host.is_covered_by(leaf));
    let finding = |host: &ReferenceName| {
        let message = format!("the leaf does not cover `{host}`");
        let place = upload.certificate().label(entry, covered(leaf));
        Finding::new(&RULE, message, place).with_help(help(leaf, host))
    };
    missing.map(finding).collect()
}

fn names(leaf: &Certificate) -> Vec<String> {
    leaf.dns_names().map(str::to_owned).chain(leaf.ip_addresses().map(|ip| ip.to_string())).collect()
}

fn covered(leaf: &Certificate) -> String {
    let names = names(leaf);
    let shown = names.iter().take(NAMES_SHOWN_MAX).map(|name| format!("`{name}`"));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => "it covers no name at all".to_owned(),
        1..=NAMES_SHOWN_MAX => format!("it covers {shown}"),
        count => format!("it covers {shown} and {} more", count - NAMES_SHOWN_MAX),
    }
}

/// Why the nearest name is not it.
fn help(leaf: &Certificate, host: &ReferenceName) -> String {
    let text = host.to_string();
    let wildcard = leaf.dns_names().find(|name| {
        let parent = name.strip_prefix("*.").unwrap_or(name);
        *name != parent
            && (text == parent || text.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.')))
    });
    if let Some(wildcard) = wildcard {
        return format!("`{wildcard}` stands for exactly one label: have `{text}` added to the names");
    }
    if leaf.subject().first("CN").is_some_and(|name| name.eq_ignore_ascii_case(&text)) {
        return "the common name says so, which clients do not read: have it added to the alternative names"
            .to_owned();
    }
    format!("upload the certificate that has `{text}` among its names, or have it added")
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-address.pem:3:1 the leaf does not cover `192.0.2.77`
            upload the certificate that has `192.0.2.77` among its names, or have it added
        bad-other-host.pem:3:1 the leaf does not cover `shop.example.com`
            upload the certificate that has `shop.example.com` among its names, or have it added
        ");
    }
}
