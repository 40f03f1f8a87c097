#![doc = include_str!("certificate_slot_holds_key.md")]

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(3),
    name: "certificate-slot-holds-key",
    summary: "the certificate field holds a private key",
    level: Level::Error,
    confidence: Confidence::Inferred,
    api_code: Some(ApiCode::CERTIFICATE_IS_KEY),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1925",
    explanation: include_str!("certificate_slot_holds_key.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let slot = upload.certificate();
    let Some(key) = slot.entries_found_by_api().find(|entry| entry.is_private_key()) else {
        return Vec::new();
    };
    let certificate = upload.private_key().entries_found_by_api().find(|entry| entry.is_certificate());
    let swapped = certificate.filter(|_| slot.entries().all(|entry| !entry.is_certificate()));
    let place = slot.label(key, "a private key, where the chain belongs");
    vec![match swapped {
        Some(certificate) => Finding::new(&RULE, "certificate and private key are swapped", place)
            .with_related([upload.private_key().label(certificate, "a certificate, where the private key belongs")])
            .with_help("give the two files the other way round; `certgate fix` swaps what is in them"),
        None => Finding::new(&RULE, "the certificate field holds a private key", place)
            .with_help("keep the private key in a file of its own: `certgate fix --unsafe --certificate FILE` takes it out"),
    }]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-key-then-chain.pem:3:1 the certificate field holds a private key
            keep the private key in a file of its own: `certgate fix --unsafe --certificate FILE` takes it out
        bad-pkcs1.pem:3:1 the certificate field holds a private key
            keep the private key in a file of its own: `certgate fix --unsafe --certificate FILE` takes it out
        bad-pkcs8.pem:3:1 the certificate field holds a private key
            keep the private key in a file of its own: `certgate fix --unsafe --certificate FILE` takes it out
        bad-sec1.pem:3:1 the certificate field holds a private key
            keep the private key in a file of its own: `certgate fix --unsafe --certificate FILE` takes it out
        bad-swapped.pem:3:1 certificate and private key are swapped
            give the two files the other way round; `certgate fix` swaps what is in them
        ");
    }
}
