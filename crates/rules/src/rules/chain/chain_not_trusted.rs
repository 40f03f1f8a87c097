#![doc = include_str!("chain_not_trusted.md")]

use certgate_facts::Certificate;

use crate::anchor::{Anchor, TrustAnchors};
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
    let above = upload.certificates_above();
    let found = match fault.place {
        PathPlace::Leaf => Some((entry, leaf, "this leaf")),
        PathPlace::Other(index) => {
            above.get(index).map(|(entry, certificate)| (*entry, *certificate, "this one"))
        }
        // An anchor is not in the file: it stands above the last one there.
        PathPlace::Anchor(index) => {
            let is_date = matches!(fault.reason, PathReason::Expired(_) | PathReason::NotYetValid(_));
            let anchor = policy.anchors().all().get(index).and_then(Anchor::certificate);
            // Where it is in the file all the same, `chain-member-out-of-date` tells of its dates.
            let is_told =
                |anchor: &Certificate| is_date && above.iter().any(|(_, one)| one.der() == anchor.der());
            anchor
                .filter(|anchor| !is_told(anchor))
                .map(|anchor| (above.last().map_or(entry, |(entry, _)| *entry), anchor, "issued by it"))
        }
    };
    let Some((entry, at, label)) = found.filter(|(_, at, _)| is_told_here(fault, at, was_given)) else {
        return Vec::new();
    };
    let message = format!("no path to a trust anchor: {}", title(at, fault));
    let place = upload.certificate().label(entry, label);
    vec![Finding::new(&RULE, message, place).with_help(help(fault))]
}

/// The certificate and its fault.
fn title(certificate: &Certificate, fault: &PathFault) -> String {
    let subject = certificate.subject().title();
    match fault.reason {
        PathReason::IssuerMissing => format!("`{subject}` is a root that is not trusted"),
        _ => format!("`{subject}`: {}", fault.reason),
    }
}

/// What other rules tell already, and what nobody knows, is not told again: `chain-incomplete` tells that an issuer is
/// missing, but for a root, which is its own.
fn is_told_here(fault: &PathFault, at: &Certificate, was_given: bool) -> bool {
    match (fault.place, &fault.reason) {
        // `signature-digest-broken` and `critical-extension-unknown` tell, but not of what is not in the file.
        (
            PathPlace::Leaf | PathPlace::Other(_),
            PathReason::SignatureWeak(_) | PathReason::UnknownCriticalExtension(_),
        ) => false,
        (_, PathReason::BudgetExhausted(_) | PathReason::SignatureUnchecked) => false,
        (_, PathReason::IssuerMissing) => was_given && at.names_as_issuer(at),
        (
            PathPlace::Leaf,
            PathReason::Expired(_) | PathReason::NotYetValid(_) | PathReason::ExtendedKeyUsageLacks(_),
        ) => false,
        // Of these `chain-member-out-of-date` and `issuer-signs-no-certificates` tell.
        (
            PathPlace::Other(_),
            PathReason::Expired(_) | PathReason::NotYetValid(_) | PathReason::SignsNoCertificates,
        ) => false,
        _ => true,
    }
}

fn help(fault: &PathFault) -> &'static str {
    match &fault.reason {
        PathReason::IssuerMissing => {
            "take the chain under a root that clients have; or name this one with `--trust` if they have it"
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
            take the chain under a root that clients have; or name this one with `--trust` if they have it
        bad-intermediate-no-authority.pem:17:1 no path to a trust anchor: `Test intermediate p256-b`: it is no CA
            have it issued again; the API takes it, clients do not
        ");
    }
}
