//! The verdict on every upload in `fixtures/rules/`: the rule it stands for, the code the API would answer.

use std::collections::{BTreeMap, BTreeSet};

use crate::harness::{Card, Case, Kind, Upload, cards, rule_uploads, rules_about};

/// The codes of the API that are foretold for uploads for TLS.
const TLS_UPLOAD_CODES: [&str; 13] = [
    "ERR_NGROK_1900",
    "ERR_NGROK_1901",
    "ERR_NGROK_1902",
    "ERR_NGROK_1903",
    "ERR_NGROK_1910",
    "ERR_NGROK_1911",
    "ERR_NGROK_1916",
    "ERR_NGROK_1917",
    "ERR_NGROK_1922",
    "ERR_NGROK_1923",
    "ERR_NGROK_1924",
    "ERR_NGROK_1925",
    "ERR_NGROK_1926",
];

/// The codes of the API that are foretold for requests for SSH certificates, of hosts and of users.
const SSH_CERTIFICATE_CODES: [&str; 12] = [
    "ERR_NGROK_1934",
    "ERR_NGROK_1945",
    "ERR_NGROK_1946",
    "ERR_NGROK_1947",
    "ERR_NGROK_1948",
    "ERR_NGROK_1950",
    "ERR_NGROK_1952",
    "ERR_NGROK_1962",
    "ERR_NGROK_1963",
    "ERR_NGROK_223",
    "ERR_NGROK_227",
    "ERR_NGROK_241",
];

fn bad_uploads() -> Vec<Upload> {
    rule_uploads().into_iter().filter(Upload::is_bad).collect()
}

fn card<'a>(cards: &'a [Card], rule: &str) -> &'a Card {
    cards.iter().find(|card| card.name() == rule).unwrap_or_else(|| panic!("no rule is called {rule}"))
}

#[test]
fn every_bad_upload_is_found_and_gets_the_code_of_its_rule() {
    let cards = cards();
    for upload in bad_uploads() {
        let run = upload.check().arguments(["--format", "json"]).run();
        let (case, card) = (run.case(), card(&cards, upload.rule()));
        let finding =
            case.finding(card.name()).unwrap_or_else(|| panic!("{}: {:?}", upload.stem, case.rules()));
        assert_eq!(finding.code(), card.code(), "{}", upload.stem);
        if let Some(code) = card.api_code() {
            assert_eq!(case.api_code(), Some(code), "{}: {:?}", upload.stem, case.rules());
            assert_eq!(finding.api_code(), Some(code), "{}", upload.stem);
            assert_eq!(run.code, 1, "{}", upload.stem);
        }
        let has_error = case.findings().iter().any(|finding| finding.severity() == "error");
        assert_eq!(run.code, i32::from(has_error), "{}", upload.stem);
        assert_eq!(case.is_accepted(), case.api_code().is_none(), "{}", upload.stem);
    }
}

#[test]
fn every_good_twin_passes_and_is_free_of_the_fault() {
    for upload in bad_uploads() {
        let twin = upload.good_twin();
        let case = twin.check().arguments(["--format", "json"]).exits(0).case();
        assert!(case.is_accepted(), "{}: {:?}", twin.stem, case.api_code());
        assert!(case.finding(upload.rule()).is_none(), "{}", twin.stem);
    }
}

#[test]
fn every_code_for_uploads_is_met_by_three_different_ones_at_least() {
    let mut met: BTreeMap<String, BTreeSet<Vec<Vec<u8>>>> = BTreeMap::new();
    for upload in bad_uploads() {
        let case = upload.check().arguments(["--format", "json"]).run().case();
        if let Some(code) = case.api_code() {
            met.entry(code.to_owned()).or_default().insert(upload.contents());
        }
    }
    let codes: Vec<&str> = met.keys().map(String::as_str).collect();
    assert_eq!(codes, TLS_UPLOAD_CODES);
    for (code, uploads) in met {
        assert!(uploads.len() >= 3, "{code} is met by {} uploads", uploads.len());
    }
}

#[test]
fn the_codes_on_the_cards_are_the_codes_foretold() {
    let cards = cards();
    let certificates = [Kind::HostCertificateRequest, Kind::UserCertificateRequest];
    for (kinds, codes) in
        [(&[Kind::TlsUpload][..], &TLS_UPLOAD_CODES[..]), (&certificates[..], &SSH_CERTIFICATE_CODES)]
    {
        let about_it: BTreeSet<String> = kinds.iter().flat_map(|kind| rules_about(*kind)).collect();
        let on_cards: BTreeSet<&str> =
            cards.iter().filter(|card| about_it.contains(card.name())).flat_map(Card::api_codes).collect();
        assert_eq!(on_cards.into_iter().collect::<Vec<_>>(), codes, "{kinds:?}");
    }
}

#[test]
fn what_hides_blocks_gets_the_code_of_what_is_left() {
    let expected = [
        ("pem-block-damaged/bad-base64", Some("ERR_NGROK_1923")),
        ("pem-block-damaged/bad-key", Some("ERR_NGROK_1901")),
        ("pem-block-damaged/bad-last-block", None),
        ("text-encoding-unsupported/bad-byte-order-mark", Some("ERR_NGROK_1923")),
        ("text-encoding-unsupported/bad-carriage-returns", Some("ERR_NGROK_1922")),
        ("text-encoding-unsupported/bad-key-utf16-le", Some("ERR_NGROK_1901")),
        ("text-encoding-unsupported/bad-utf16-be", Some("ERR_NGROK_1922")),
        ("text-encoding-unsupported/bad-utf16-le", Some("ERR_NGROK_1922")),
    ];
    for (name, code) in expected {
        let upload = Upload { stem: format!("rules/{name}") };
        let case: Case = upload.check().arguments(["--format", "json"]).exits(1).case();
        assert_eq!(case.api_code(), code, "{name}: {:?}", case.rules());
    }
}

#[test]
fn every_sound_chain_passes_without_an_error() {
    for upload in crate::harness::pairs_in("chain") {
        let case = upload.check().arguments(["--format", "json"]).exits(0).case();
        assert!(case.is_accepted(), "{}: {:?}", upload.stem, case.rules());
        assert!(case.findings().iter().all(|finding| finding.severity() == "warning"), "{}", upload.stem);
    }
}
