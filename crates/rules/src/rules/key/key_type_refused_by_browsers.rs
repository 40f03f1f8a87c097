#![doc = include_str!("key_type_refused_by_browsers.md")]

use certgate_facts::{Curve, KeyType};

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(310),
    name: "key-type-refused-by-browsers",
    summary: "browsers do not take keys of this type",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 8446 §4.2.3; CA/Browser Forum Baseline Requirements §6.1.5",
    explanation: include_str!("key_type_refused_by_browsers.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let finding = |member: Member<'_>| {
        let who = who_refuses(member.certificate.public_key().key_type())?;
        let key_type = member.certificate.public_key().key_type();
        let message = format!("the key of {member} is {key_type}, which {who} refuse");
        let help = match member.is_leaf {
            true => {
                "have a key on P-256 certified: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`"
            }
            false => "take a certificate of an authority with a key on P-256 or P-384, or with RSA",
        };
        Some(member.finding(&RULE, message).with_help(help))
    };
    Member::all_of(upload).filter(|member| !member.is_root()).filter_map(finding).collect()
}

/// Which clients refuse the type, where some do. RSA bound to PSS is among them: webpki and Go read no such keys.
fn who_refuses(key_type: &KeyType) -> Option<&'static str> {
    match key_type {
        KeyType::Rsa { .. } | KeyType::Ecdsa { curve: Curve::P256 | Curve::P384 } => None,
        KeyType::Ecdsa { curve: Curve::P521 } => Some("Chrome and Edge"),
        KeyType::Ed25519 => Some("Chrome, Edge, Firefox and Safari"),
        KeyType::Ecdsa { curve: Curve::P224 | Curve::Secp256k1 } | KeyType::EcdsaOther { .. } => {
            Some("browsers and all that speak TLS 1.3 alone")
        }
        _ => Some("browsers, Go and rustls"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-ed25519.pem:3:1 the key of the leaf is ed25519, which Chrome, Edge, Firefox and Safari refuse
            have a key on P-256 certified: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`
        bad-issuer.pem:16:1 the key of `Test intermediate ed25519-b` is ed25519, which Chrome, Edge, Firefox and Safari refuse
            take a certificate of an authority with a key on P-256 or P-384, or with RSA
        bad-p521.pem:3:1 the key of the leaf is ecdsa p521, which Chrome and Edge refuse
            have a key on P-256 certified: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`
        ");
    }
}
