#![doc = include_str!("issuer_address_unusable.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(142),
    name: "issuer-address-unusable",
    summary: "no client fetches the issuer from where the certificate says it is",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 5280 §4.2.2.1; CA/Browser Forum Baseline Requirements §7.1.2.7.7",
    explanation: include_str!("issuer_address_unusable.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let Some(leaf) = Member::all_of(upload).next() else { return Vec::new() };
    let addresses = leaf.certificate.extensions().ca_issuers();
    let [first, others @ ..] = addresses else { return Vec::new() };
    if addresses.iter().any(|address| is_fetched(address)) {
        return Vec::new();
    }
    let more = if others.is_empty() { String::new() } else { format!(" nor from {} more", others.len()) };
    let message = format!("no client fetches the issuer of the leaf from `{}`{more}", Excerpt(first));
    let help =
        "send the issuer along, as clients cannot fetch it; have the authority name an `http://` address";
    vec![leaf.finding(&RULE, message).with_help(help)]
}

/// Only plain HTTP is fetched: what HTTPS would need to be trusted is being fetched.
fn is_fetched(address: &str) -> bool {
    let host = address.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("http://"));
    host.is_some() && address.len() > 7
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-file.pem:3:1 no client fetches the issuer of the leaf from `file:////ca.example.com/issuing.crt`
            send the issuer along, as clients cannot fetch it; have the authority name an `http://` address
        bad-https.pem:3:1 no client fetches the issuer of the leaf from `https://ca.example.com/issuing.der`
            send the issuer along, as clients cannot fetch it; have the authority name an `http://` address
        bad-ldap.pem:3:1 no client fetches the issuer of the leaf from `ldap:///CN=Issuing,DC=example?cACertificate?base`
            send the issuer along, as clients cannot fetch it; have the authority name an `http://` address
        ");
    }
}
