#![doc = include_str!("chain_out_of_order.md")]

use certgate_facts::{Certificate, Entry};

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::order;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(201),
    name: "chain-out-of-order",
    summary: "a certificate is not signed by the one behind it",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::CHAIN_ORDER),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1926; RFC 8446 §4.4.2",
    explanation: include_str!("chain_out_of_order.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let certificates: Vec<(&Entry, &Certificate)> = upload.certificates().collect();
    let unreadable_between = |below: usize| {
        let between =
            certificates[below].0.block().begin().start()..certificates[below + 1].0.block().begin().start();
        upload.certificate().entries().any(|entry| {
            entry.certificate().is_none()
                && entry.is_certificate()
                && between.contains(&entry.block().begin().start())
        })
    };
    let links = upload.chain().links().iter().enumerate();
    let broken = links
        .filter(|(_, link)| !link.holds())
        .map(|(below, _)| below)
        .find(|below| !unreadable_between(*below));
    let Some(below) = broken else { return Vec::new() };
    let (entry, certificate) = certificates[below];
    let (next_entry, next) = certificates[below + 1];
    let title = |index: usize| {
        certificates.get(index).map_or_else(String::new, |(_, certificate)| certificate.subject().title())
    };
    let message = format!(
        "certificate {}, `{}`, is not signed by the next one, `{}`",
        below + 1,
        title(below),
        title(below + 1)
    );
    let wanted = format!("issued by `{}`", certificate.issuer().title());
    let primary = upload.certificate().label(entry, wanted);
    let related = upload.certificate().label(
        next_entry,
        if certificate.names_as_issuer(next) {
            "the name fits, the key does not"
        } else {
            "this is another one"
        },
    );
    // Where the break is among blocks the API does not see, it does not mind.
    let api_code = upload.chain_seen().first_broken_link().and_then(|_| RULE.api_code());
    let finding = Finding::new(&RULE, message, primary)
        .with_related([related])
        .with_help(order::that_would_pass(upload, below))
        .with_api_code(api_code);
    // It is about the arrangement, wherever in it the fault shows.
    vec![match upload.leaf_meant() {
        Some((leaf, _)) => finding.with_subject(upload.certificate().label(leaf, "")),
        None => finding,
    }]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-altered.pem:3:1 certificate 1, `gate.example.com`, is not signed by the next one, `Test intermediate p256-b`
            certificate 2 has the issuer's name but not its key: take the one that signed this; as things stand, this order passes: 1 `gate.example.com`; drop 2 `Test intermediate p256-b`, 3 `Test root p256-c`, which the rest does not need
        bad-gap.pem:3:1 certificate 1, `gate.example.com`, is not signed by the next one, `Test root ed25519-c`
            insert the certificate of `Test intermediate ed25519-b` behind it; as things stand, this order passes: 1 `gate.example.com`; drop 2 `Test root ed25519-c`, which the rest does not need
        bad-leaf-twice.pem:3:1 certificate 1, `gate.example.com`, is not signed by the next one, `gate.example.com`
            this order passes: 1 `gate.example.com`, 3 `Test intermediate p384-b`, 4 `Test root p256-c`; drop the repeated 2 `gate.example.com`
        bad-namesake.pem:3:1 certificate 1, `gate.example.com`, is not signed by the next one, `Test intermediate p256-b`
            certificate 2 has the issuer's name but not its key: take the one that signed this; as things stand, this order passes: 1 `gate.example.com`; drop 2 `Test intermediate p256-b`, 3 `Test root p256-c`, which the rest does not need
        bad-reversed.pem:3:1 certificate 1, `gate.example.com`, is not signed by the next one, `Test root rsa-2048-c`
            this order passes: 1 `gate.example.com`, 4 `Test intermediate p521-b`, 3 `Test upper intermediate p384-b`, 2 `Test root rsa-2048-c`
        bad-root-second.pem:3:1 certificate 1, `gate.example.com`, is not signed by the next one, `Test root p256-c`
            this order passes: 1 `gate.example.com`, 3 `Test intermediate p256-b`, 2 `Test root p256-c`
        bad-stranger-last.pem:29:1 certificate 3, `Test root p256-c`, is not signed by the next one, `Test intermediate ed25519-b`
            this order passes: 1 `gate.example.com`, 2 `Test intermediate p256-b`, 3 `Test root p256-c`; drop 4 `Test intermediate ed25519-b`, which the rest does not need
        bad-stranger-second.pem:3:1 certificate 1, `gate.example.com`, is not signed by the next one, `Test intermediate ed25519-b`
            this order passes: 1 `gate.example.com`, 3 `Test intermediate p384-b`, 4 `Test root p256-c`; drop 2 `Test intermediate ed25519-b`, which the rest does not need
        bad-swapped.pem:3:1 certificate 1, `gate.example.com`, is not signed by the next one, `Test upper intermediate p384-b`
            this order passes: 1 `gate.example.com`, 3 `Test intermediate rsa-2048-b`, 2 `Test upper intermediate p384-b`, 4 `Test root rsa-2048-c`
        ");
    }
}
