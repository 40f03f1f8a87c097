#![doc = include_str!("container_unreadable.md")]

use certgate_facts::{Container, ContainerFault};

use crate::case::{Slot, TlsUpload};
use crate::code::{ApiCode, RuleCode};
use crate::finding::{Finding, Label};
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(11),
    name: "container-unreadable",
    summary: "what is no PEM cannot be unpacked",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[ApiCode::CERTIFICATE_MISSING, ApiCode::KEY_MISSING],
    clients_refuse: false,
    citation: "RFC 7292 §4; RFC 5652 §5; API error catalogue, ERR_NGROK_1922",
    explanation: include_str!("container_unreadable.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let fields =
        [(upload.certificate(), ApiCode::CERTIFICATE_MISSING), (upload.private_key(), ApiCode::KEY_MISSING)];
    fields.into_iter().filter_map(|(slot, code)| finding(slot, code)).collect()
}

fn finding(slot: &Slot, code: ApiCode) -> Option<Finding> {
    let (container, fault) = slot.closed()?;
    let defect = slot.reading().defects().first()?;
    let place = Label::new(slot.reading(), defect.span, "");
    Some(
        Finding::new(&RULE, defect.kind.to_string(), place)
            .with_help(help(container, fault))
            .with_api_code(Some(code)),
    )
}

fn help(container: Container, fault: &ContainerFault) -> &'static str {
    match (container, fault) {
        (_, ContainerFault::PassphraseMissing) => "give the passphrase in a file: `--passphrase-file FILE`",
        (_, ContainerFault::PassphraseWrong) => {
            "give the passphrase that it was sealed with: the first line of `--passphrase-file FILE`, without quotes"
        }
        (Container::JavaKeyStore, _) => {
            "write it as PKCS#12: `keytool -importkeystore -srckeystore FILE -destkeystore FILE.p12 -deststoretype pkcs12`"
        }
        (Container::Pkcs12, ContainerFault::Unsupported { .. }) => {
            "export it again where it was made, with AES-256 and SHA-256, or as PEM"
        }
        (Container::KubernetesSecret, _) => {
            "mend the value: `data` takes base64 of PEM, `stringData` PEM as it is"
        }
        (_, ContainerFault::OverLimit { .. }) => "split it: one chain with its key in each file",
        _ => "take the file again from where it came from: it may be cut off, or copied as text",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-cut-off.p12:1:1 this is PKCS#12, and it is malformed: the data is cut off inside a value
            take the file again from where it came from: it may be cut off, or copied as text
        bad-gost.p12:1:1 this is PKCS#12, and it is protected with GOST 28147-89, which is not read here
            export it again where it was made, with AES-256 and SHA-256, or as PEM
        bad-key-store.jks:1:1 this is a Java key store, and it is protected with Java's own algorithm, which is not read here
            write it as PKCS#12: `keytool -importkeystore -srckeystore FILE -destkeystore FILE.p12 -deststoretype pkcs12`
        bad-passphrase.p12:1:1 this is PKCS#12, and it is under a passphrase, and none was given
            give the passphrase in a file: `--passphrase-file FILE`
        bad-secret.yaml:8:1 this is a Kubernetes Secret, and it is malformed: `tls.crt` is not base64
            mend the value: `data` takes base64 of PEM, `stringData` PEM as it is
        ");
    }
}
