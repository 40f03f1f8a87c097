#![doc = include_str!("address_reserved.md")]

use certgate_facts::Timestamp;

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::listed::Listed;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::special_address::reserved_for;

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(115),
    name: "address-reserved",
    summary: "an alternative name is an address that belongs to nobody in particular",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "CA/Browser Forum Baseline Requirements §4.2.2; RFC 6890 §2.2",
    explanation: include_str!("address_reserved.md"),
    judge: Judge::Tls(judge),
};

/// The day after which no such certificate may be valid any more: 2015-11-01.
const LAST: Timestamp = Timestamp::from_unix_secs(1_446_422_399);

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let public = upload.leaf_meant().filter(|(_, leaf)| upload.is_public() && leaf.not_after() > LAST);
    let Some((entry, leaf)) = public else { return Vec::new() };
    let found = leaf.ip_addresses().filter_map(|address| Some((address.to_string(), reserved_for(address)?)));
    let found: Vec<(String, &str)> = found.collect();
    let reserved = found.iter().map(|(address, what)| (address.as_str(), format!("for {what}")));
    let Some(names) = Listed::with_reasons(reserved) else { return Vec::new() };
    let message = names.sentence("is a reserved address", "are reserved addresses");
    let place = upload.certificate().label(entry, "");
    let help = "have it issued by a private authority, or for an address or name that is yours alone";
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-private.pem:3:1 the alternative name `192.168.1.1` (for private networks) is a reserved address
            have it issued by a private authority, or for an address or name that is yours alone
        bad-several.pem:3:1 3 alternative names are reserved addresses: `127.0.0.1` (for the machine itself), `fe80::1` (for one link), `2001:db8::1` (for documentation)
            have it issued by a private authority, or for an address or name that is yours alone
        ");
    }
}
