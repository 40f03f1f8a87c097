#![doc = include_str!("chain_not_trusted.md")]

use certgate_facts::Certificate;

use crate::anchor::TrustAnchors;
use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::path::{PathFault, PathPlace, PathReason};
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(205),
    name: "chain-not-trusted",
    summary: "the leaf leads to no trust anchor by any path that clients accept",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 5280 §6.1",
    explanation: include_str!("chain_not_trusted.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, policy: &Policy) -> Vec<Finding> {
    let Some(Err(fault)) = upload.path() else { return Vec::new() };
    let was_given = matches!(policy.anchors(), TrustAnchors::Given(_));
    let Some((entry, leaf)) = upload.leaf_meant() else { return Vec::new() };
    if !is_told_here(fault, was_given) {
        return Vec::new();
    }
    let above = upload.certificates_above();
    let (entry, who, label) = match fault.place {
        PathPlace::Leaf => (entry, title(leaf, fault), "this leaf"),
        PathPlace::Other(index) => match above.get(index) {
            Some((entry, certificate)) => (*entry, title(certificate, fault), "this one"),
            None => return Vec::new(),
        },
        // An anchor is not in the file: it stands above the last one there.
        PathPlace::Anchor(index) => {
            let anchor = policy.anchors().all().get(index).and_then(crate::anchor::Anchor::certificate);
            let title = anchor.map_or_else(|| "the anchor".to_owned(), |anchor| title(anchor, fault));
            (above.last().map_or(entry, |(entry, _)| *entry), title, "issued by it")
        }
    };
    let message = format!("no path to a trust anchor: {who}");
    let place = upload.certificate().label(entry, label);
    vec![Finding::new(&RULE, message, place).with_help(help(fault))]
}

/// The certificate and its fault.
fn title(certificate: &Certificate, fault: &PathFault) -> String {
    let subject = certificate.subject().title();
    match fault.reason {
        PathReason::IssuerMissing if certificate.names_as_issuer(certificate) => {
            format!("`{subject}` is a root that is not trusted")
        }
        PathReason::IssuerMissing => {
            format!("`{}` is missing, which issued `{subject}`", certificate.issuer().title())
        }
        _ => format!("`{subject}`: {}", fault.reason),
    }
}

/// What other rules tell already, and what nobody knows, is not told again.
fn is_told_here(fault: &PathFault, was_given: bool) -> bool {
    match (fault.place, &fault.reason) {
        (_, PathReason::BudgetExhausted(_) | PathReason::SignatureUnchecked) => false,
        (_, PathReason::IssuerMissing) => was_given,
        (PathPlace::Leaf, PathReason::Expired(_) | PathReason::NotYetValid(_)) => false,
        _ => true,
    }
}

fn help(fault: &PathFault) -> &'static str {
    match &fault.reason {
        PathReason::IssuerMissing => {
            "append the certificates between it and the anchor; or trust another anchor, with `--trust`"
        }
        PathReason::Expired(_) | PathReason::NotYetValid(_) => {
            "take the issuer's current certificate, which has the same key and name"
        }
        PathReason::SignatureInvalid => {
            "it names an issuer that did not sign it: take the issuer's certificate of that time"
        }
        PathReason::NameExcluded { .. } | PathReason::NameNotPermitted { .. } => {
            "have it issued by an authority that may issue for this name"
        }
        _ => "have it issued again; the API takes it, clients do not",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-another-root.pem:26:1 no path to a trust anchor: `Test root ed25519-c` is a root that is not trusted
            append the certificates between it and the anchor; or trust another anchor, with `--trust`
        bad-intermediate-expired.pem:17:1 no path to a trust anchor: `Test intermediate p256-b`: it expired: it was valid until 2026-10-31T23:59:59Z
            take the issuer's current certificate, which has the same key and name
        ");
    }
}
