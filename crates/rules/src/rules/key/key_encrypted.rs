#![doc = include_str!("key_encrypted.md")]

use certgate_facts::{KeyFormat, PrivateKeyState};

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(302),
    name: "key-encrypted",
    summary: "the private key is encrypted",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::KEY_ENCRYPTED),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1902",
    explanation: include_str!("key_encrypted.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let slot = upload.private_key();
    let first = upload.private_key_seen();
    let Some((entry, key)) = first.and_then(|entry| Some((entry, entry.private_key()?))) else {
        return Vec::new();
    };
    let scheme = match key.state() {
        _ if key.format() == KeyFormat::OpenSsh => return Vec::new(),
        PrivateKeyState::Encrypted { scheme, .. } => scheme.as_str(),
        _ if entry.block().label() == "ENCRYPTED PRIVATE KEY" => {
            "its label says so, though its content is not"
        }
        _ => return Vec::new(),
    };
    let help =
        "decrypt it: `certgate fix --unsafe --write FILE` does, in place and for its owner's eyes alone";
    let unopened = key.fault().map(|fault| format!("; it {fault}")).unwrap_or_default();
    let message = format!("the private key is encrypted: {scheme}{unopened}");
    vec![Finding::new(&RULE, message, slot.label(entry, "")).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-legacy-ec.key:3:1 the private key is encrypted: legacy PEM encryption, AES-256-CBC
            decrypt it: `certgate fix --unsafe --write FILE` does, in place and for its owner's eyes alone
        bad-legacy-rsa.key:3:1 the private key is encrypted: legacy PEM encryption, AES-256-CBC
            decrypt it: `certgate fix --unsafe --write FILE` does, in place and for its owner's eyes alone
        bad-pbes1.key:3:1 the private key is encrypted: PKCS#12 PBE, SHA-1 with three-key DES-EDE3-CBC (2048 iterations)
            decrypt it: `certgate fix --unsafe --write FILE` does, in place and for its owner's eyes alone
        bad-pbes2.key:3:1 the private key is encrypted: PBES2, PBKDF2 with HMAC-SHA-256 (2048 iterations), AES-256-CBC
            decrypt it: `certgate fix --unsafe --write FILE` does, in place and for its owner's eyes alone
        bad-scrypt.key:3:1 the private key is encrypted: PBES2, scrypt (N 16384, r 8, p 1), AES-256-CBC
            decrypt it: `certgate fix --unsafe --write FILE` does, in place and for its owner's eyes alone
        ");
    }
}
