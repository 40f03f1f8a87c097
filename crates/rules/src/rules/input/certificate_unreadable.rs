#![doc = include_str!("certificate_unreadable.md")]

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use certgate_facts::{Content, DefectKind};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(7),
    name: "certificate-unreadable",
    summary: "a certificate block holds no readable certificate",
    level: Level::Error,
    confidence: Confidence::Inferred,
    api_code: Some(ApiCode::CERTIFICATE_UNREADABLE),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1900; RFC 5280 §4.1",
    explanation: include_str!("certificate_unreadable.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let slot = upload.certificate();
    let finding = |entry: &certgate_facts::Entry| {
        let Content::NotACertificate(defect) = entry.content() else { return None };
        let help = match defect.kind {
            DefectKind::TrailingBytes { .. } => {
                "write this certificate again by itself: `openssl x509 -in FILE -out CLEAN.pem` takes the first of a file"
            }
            _ => {
                "take this certificate again from its issuer: its bytes are damaged, or of a kind that Go does not read"
            }
        };
        Some(Finding::new(&RULE, defect.kind.to_string(), slot.label(entry, "")).with_help(help))
    };
    slot.entries_found_by_api().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-inner-length.pem:4:1 not a certificate: the DER is not that of a certificate
            take this certificate again from its issuer: its bytes are damaged, or of a kind that Go does not read
        bad-intermediate.pem:26:1 not a certificate: the DER value is cut off: 40 more bytes should follow the 783 here
            take this certificate again from its issuer: its bytes are damaged, or of a kind that Go does not read
        bad-names.pem:3:1 not a certificate: the extension subjectAltName (2.5.29.17) cannot be read
            take this certificate again from its issuer: its bytes are damaged, or of a kind that Go does not read
        bad-not-der.pem:3:1 not a certificate: the data does not begin as DER does, with a SEQUENCE
            take this certificate again from its issuer: its bytes are damaged, or of a kind that Go does not read
        bad-trailing-bytes.pem:3:1 4 bytes follow the DER value
            write this certificate again by itself: `openssl x509 -in FILE -out CLEAN.pem` takes the first of a file
        bad-truncated.pem:3:1 not a certificate: the DER value is cut off: 40 more bytes should follow the 851 here
            take this certificate again from its issuer: its bytes are damaged, or of a kind that Go does not read
        ");
    }
}
