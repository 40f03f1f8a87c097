#![doc = include_str!("chain_incomplete.md")]

use certgate_facts::{Certificate, SignatureCheck, hex};

use crate::anchor::TrustAnchors;
use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(204),
    name: "chain-incomplete",
    summary: "the last certificate is neither self-signed nor issued by a known root",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 8446 §4.4.2; RFC 5280 §6.1",
    explanation: include_str!("chain_incomplete.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, policy: &Policy) -> Vec<Finding> {
    let certificates: Vec<_> = upload.certificates().collect();
    let top = upload.chain().order().last().and_then(|index| certificates.get(*index));
    let Some((entry, certificate)) = top else { return Vec::new() };
    // Behind a block that does not read the issuer may stand; that block has a finding of its own.
    let some_unread =
        upload.certificate().entries().any(|entry| entry.is_certificate() && entry.certificate().is_none());
    if some_unread || is_complete(certificate, policy.anchors()) {
        return Vec::new();
    }
    let issuer = certificate.issuer();
    let message = format!(
        "the certificate of `{}` is missing, which issued `{}`",
        issuer.title(),
        certificate.subject().title()
    );
    let key_id = certificate.extensions().authority_key_id().map(hex);
    let key_id = key_id.map(|key_id| format!(", whose key has the id {key_id}")).unwrap_or_default();
    let place = upload.certificate().label(entry, format!("issued by `{issuer}`{key_id}"));
    let help = match certificate.extensions().ca_issuers().first() {
        Some(address) => format!(
            "append it; the certificate says it is at {address}, from where some browsers fetch it, and no other client does"
        ),
        None => "append the issuer's certificate, or its whole chain (`fullchain.pem`), unless every client has it; \
            `certgate fix --intermediates DIR` looks for it among yours"
            .to_owned(),
    };
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

/// Whether a chain may end here: the certificate is its own issuer, as far as can be told, or clients know its issuer.
pub(crate) fn is_complete(top: &Certificate, anchors: &TrustAnchors) -> bool {
    let is_self_signed =
        top.names_as_issuer(top) && top.signed_by(top.public_key()) != SignatureCheck::Invalid;
    is_self_signed || anchors.include(top) || anchors.issued(top)
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-leaf-only.pem:3:1 the certificate of `Test intermediate p256-b` is missing, which issued `gate.example.com`
            append the issuer's certificate, or its whole chain (`fullchain.pem`), unless every client has it; `certgate fix --intermediates DIR` looks for it among yours
        bad-no-end.pem:42:1 the certificate of `Test root rsa-2048-c` is missing, which issued `Test upper intermediate p384-b`
            append the issuer's certificate, or its whole chain (`fullchain.pem`), unless every client has it; `certgate fix --intermediates DIR` looks for it among yours
        bad-not-self-signed.pem:3:1 the certificate of `Test intermediate p256-b` is missing, which issued `gate.example.com`
            append the issuer's certificate, or its whole chain (`fullchain.pem`), unless every client has it; `certgate fix --intermediates DIR` looks for it among yours
        ");
    }
}
