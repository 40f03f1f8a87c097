#![doc = include_str!("pem_block_type_unexpected.md")]

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(5),
    name: "pem-block-type-unexpected",
    summary: "a block of the certificate field is no CERTIFICATE",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::PEM_TYPE),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1911",
    explanation: include_str!("pem_block_type_unexpected.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let slot = upload.certificate();
    let others =
        slot.entries_found_by_api().filter(|entry| !entry.is_certificate() && !entry.is_private_key());
    let finding = |entry: &certgate_facts::Entry| {
        let label = entry.block().label();
        let message = format!("block `{label}` stands where only `CERTIFICATE` may");
        Finding::new(&RULE, message, slot.label(entry, "")).with_help(help(label))
    };
    others.map(finding).collect()
}

fn help(label: &str) -> &'static str {
    match label {
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
            "this is a request for a certificate; give the certificate that the issuer made of it"
        }
        "EC PARAMETERS" | "DH PARAMETERS" => {
            "remove this block, as `certgate fix --unsafe FILE` does: parameters are part of the key, not of the chain"
        }
        "CMS" | "PKCS7" => "unpack it: `certgate convert FILE --to pem --output NEW.pem`",
        "PUBLIC KEY" | "RSA PUBLIC KEY" => {
            "a public key alone is no certificate; give the certificate that holds it"
        }
        "TRUSTED CERTIFICATE" => {
            "write it without OpenSSL's trust settings: `openssl x509 -in FILE -out PLAIN.pem` takes the first of a file"
        }
        "X509 CERTIFICATE" => {
            "write the label as `CERTIFICATE`, in the BEGIN and in the END line: `certgate fix --write FILE` does"
        }
        _ => "remove the block, or give the file it belongs to elsewhere",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-old-label.pem:18:1 block `X509 CERTIFICATE` stands where only `CERTIFICATE` may
            write the label as `CERTIFICATE`, in the BEGIN and in the END line: `certgate fix --write FILE` does
        bad-parameters-below.pem:14:1 block `EC PARAMETERS` stands where only `CERTIFICATE` may
            remove this block, as `certgate fix --unsafe FILE` does: parameters are part of the key, not of the chain
        bad-pkcs7.pem:2:1 block `PKCS7` stands where only `CERTIFICATE` may
            unpack it: `certgate convert FILE --to pem --output NEW.pem`
        bad-public-key.pem:2:1 block `PUBLIC KEY` stands where only `CERTIFICATE` may
            a public key alone is no certificate; give the certificate that holds it
        bad-request.pem:2:1 block `CERTIFICATE REQUEST` stands where only `CERTIFICATE` may
            this is a request for a certificate; give the certificate that the issuer made of it
        bad-trusted.pem:3:1 block `TRUSTED CERTIFICATE` stands where only `CERTIFICATE` may
            write it without OpenSSL's trust settings: `openssl x509 -in FILE -out PLAIN.pem` takes the first of a file
        ");
    }
}
