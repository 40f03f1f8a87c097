#![doc = include_str!("authority_curve_unsupported.md")]

use crate::case::SshAuthorityRequest;
use crate::code::{ApiCode, RuleCode};
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(464),
    name: "authority-curve-unsupported",
    summary: "the ECDSA key of an authority is to be on a curve that the API does not know",
    level: Level::Error,
    confidence: Confidence::Inferred,
    api_code: Some(ApiCode::AUTHORITY_CURVE),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1941; API reference, create SSH certificate authority, elliptic_curve",
    explanation: include_str!("authority_curve_unsupported.md"),
    judge: Judge::SshAuthority(judge),
};

/// The curves of OpenSSH (RFC 5656), as the API names them.
const CURVES: [&str; 3] = ["p256", "p384", "p521"];

fn judge(request: &SshAuthorityRequest, _: &Policy) -> Vec<Finding> {
    let is_ecdsa = request.private_key_type().is_some_and(|key_type| key_type.text() == "ecdsa");
    let Some(curve) = request.elliptic_curve().filter(|curve| is_ecdsa && !CURVES.contains(&curve.text()))
    else {
        return Vec::new();
    };
    let text = curve.text();
    let message = format!("`{}` is no curve of the API: they are p256, p384 and p521", Excerpt(text));
    let meant = CURVES.into_iter().find(|known| text.contains(&known[1..]));
    vec![
        Finding::new(&RULE, message, curve.label("")).with_help(format!("write {}", meant.unwrap_or("p256"))),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-another.json --elliptic-curve:1:1 `curve25519` is no curve of the API: they are p256, p384 and p521
            write p256
        bad-of-openssh.json --elliptic-curve:1:1 `nistp256` is no curve of the API: they are p256, p384 and p521
            write p256
        bad-of-openssl.json --elliptic-curve:1:1 `secp521r1` is no curve of the API: they are p256, p384 and p521
            write p521
        bad-of-the-standard.json --elliptic-curve:1:1 `P-384` is no curve of the API: they are p256, p384 and p521
            write p384
        ");
    }
}
