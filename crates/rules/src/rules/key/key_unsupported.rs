#![doc = include_str!("key_unsupported.md")]

use certgate_facts::{Entry, KeyFormat, KeyType, PrivateKey, PrivateKeyState};

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(303),
    name: "key-unsupported",
    summary: "the private key has a format or an algorithm the API does not take",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::KEY_UNSUPPORTED),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1903",
    explanation: include_str!("key_unsupported.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let slot = upload.private_key();
    let finding = |entry: &Entry, message: String, help: &str| {
        vec![Finding::new(&RULE, message, slot.label(entry, "")).with_help(help)]
    };
    let others = || slot.entries_found_by_api().filter(|entry| !entry.is_certificate());
    let Some(entry) = others().find(|entry| entry.is_private_key()).or_else(|| others().next()) else {
        return Vec::new();
    };
    match entry.private_key() {
        Some(key) => fault(key).map_or_else(Vec::new, |(message, help)| finding(entry, message, help)),
        None if entry.is_private_key() => finding(
            entry,
            "the private key block is empty".to_owned(),
            "give the whole private key, with the lines between BEGIN and END",
        ),
        None => {
            let message = format!("block `{}` is no private key", entry.block().label());
            finding(entry, message, "give the private key: a block whose label ends in `PRIVATE KEY`")
        }
    }
}

fn fault(key: &PrivateKey) -> Option<(String, &'static str)> {
    let by_hand =
        "`certgate explain key-unsupported` says how to write an Ed25519 key as PKCS#8: ssh-keygen does not";
    let convert =
        "write it as PKCS#8: `ssh-keygen -p -m PKCS8 -f COPY_OF_FILE` (it changes the file in place)";
    let replace = "the API takes RSA, ECDSA on P-256, P-384 or P-521, and Ed25519; ask for a certificate with such a key";
    match key.state() {
        PrivateKeyState::Encrypted { .. } | PrivateKeyState::Unsupported { .. }
            if key.format() == KeyFormat::OpenSsh =>
        {
            let is_ed25519 = key.public_key().is_some_and(|key| *key.key_type() == KeyType::Ed25519);
            Some((
                "the private key is in OpenSSH's own format".to_owned(),
                if is_ed25519 { by_hand } else { convert },
            ))
        }
        PrivateKeyState::Unsupported { algorithm, .. } => {
            Some((format!("the API does not take this kind of private key: {algorithm}"), replace))
        }
        PrivateKeyState::Unreadable { reason } => Some((
            format!("the private key cannot be read: {reason}"),
            "take the key again from where it was made: its bytes are damaged",
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-dsa-traditional.key:3:1 the API does not take this kind of private key: dsa 2048
            the API takes RSA, ECDSA on P-256, P-384 or P-521, and Ed25519; ask for a certificate with such a key
        bad-dsa.key:3:1 the API does not take this kind of private key: dsa 2048
            the API takes RSA, ECDSA on P-256, P-384 or P-521, and Ed25519; ask for a certificate with such a key
        bad-ed448.key:3:1 the API does not take this kind of private key: ed448
            the API takes RSA, ECDSA on P-256, P-384 or P-521, and Ed25519; ask for a certificate with such a key
        bad-explicit-parameters.key:3:1 the API does not take this kind of private key: ecdsa with explicit parameters
            the API takes RSA, ECDSA on P-256, P-384 or P-521, and Ed25519; ask for a certificate with such a key
        bad-garbage.key:2:1 the private key cannot be read: the data is cut off inside a value
            take the key again from where it was made: its bytes are damaged
        bad-openssh.key:2:1 the private key is in OpenSSH's own format
            `certgate explain key-unsupported` says how to write an Ed25519 key as PKCS#8: ssh-keygen does not
        bad-parameters-only.key:2:1 block `EC PARAMETERS` is no private key
            give the private key: a block whose label ends in `PRIVATE KEY`
        bad-public-key.key:2:1 block `PUBLIC KEY` is no private key
            give the private key: a block whose label ends in `PRIVATE KEY`
        bad-rsa-pss.key:3:1 the API does not take this kind of private key: rsa-pss 2048
            the API takes RSA, ECDSA on P-256, P-384 or P-521, and Ed25519; ask for a certificate with such a key
        bad-secp256k1.key:3:1 the API does not take this kind of private key: ecdsa secp256k1
            the API takes RSA, ECDSA on P-256, P-384 or P-521, and Ed25519; ask for a certificate with such a key
        bad-x25519.key:3:1 the API does not take this kind of private key: x25519
            the API takes RSA, ECDSA on P-256, P-384 or P-521, and Ed25519; ask for a certificate with such a key
        ");
    }
}
