//! Lists of revoked certificates on a path (RFC 5280 §6.3).

use certgate_facts::{Certificate, CertificateRevocationList, KeyUsage, SignatureCheck};

use super::PathQuestion;
use super::fault::PathReason;
use super::issuer::Issuer;

/// What the lists of `issuer` say about `certificate`, which it signed.
pub(super) fn reason(
    certificate: &Certificate,
    issuer: &Issuer<'_>,
    question: &PathQuestion<'_>,
) -> Option<PathReason> {
    let lists = question.revocation_lists.iter();
    lists.filter(|list| list.issuer().der() == certificate.issuer().der()).find_map(|list| {
        if let Some(fault) = fault_of(list, issuer, question) {
            return Some(PathReason::RevocationUnknown(fault));
        }
        list.revokes(certificate.serial()).then_some(PathReason::Revoked)
    })
}

fn fault_of(
    list: &CertificateRevocationList,
    issuer: &Issuer<'_>,
    question: &PathQuestion<'_>,
) -> Option<&'static str> {
    if !issuer.key_usage().is_none_or(KeyUsage::may_sign_revocation_lists) {
        return Some("the issuer's key usage lacks cRLSign");
    }
    if !list.unknown_critical().is_empty() {
        return Some("it has a critical extension that nobody knows");
    }
    if list.this_update() > question.at || list.next_update().is_some_and(|next| next < question.at) {
        return Some("it is not of that time");
    }
    match list.number_is_critical() {
        None => return Some("it has no number"),
        Some(true) => return Some("its number is marked critical"),
        Some(false) => {}
    }
    (list.signed_by(issuer.key()) != SignatureCheck::Valid).then_some("the issuer's key did not sign it")
}
