#![doc = include_str!("authority_curve_without_ecdsa.md")]

use crate::case::{Field, SshAuthorityRequest};
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(465),
    name: "authority-curve-without-ecdsa",
    summary: "a curve is given for an authority whose key is not ECDSA",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::AUTHORITY_CURVE_WITHOUT_ECDSA),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1942; API reference, create SSH certificate authority, elliptic_curve",
    explanation: include_str!("authority_curve_without_ecdsa.md"),
    judge: Judge::SshAuthority(judge),
};

fn judge(request: &SshAuthorityRequest, _: &Policy) -> Vec<Finding> {
    let key_type = request.private_key_type().map_or("", Field::text);
    let Some(curve) = request.elliptic_curve() else { return Vec::new() };
    let message = match key_type {
        "" => "a curve is for an ecdsa key, and no type of key is given".to_owned(),
        "rsa" | "ed25519" => format!("a curve is for an ecdsa key, and this one is to be {key_type}"),
        // Ecdsa may have a curve; another type is none, which is its own fault.
        _ => return Vec::new(),
    };
    let help = match key_type {
        "" => "write ecdsa as the type of key, or leave the curve out",
        _ => "leave the elliptic curve out",
    };
    vec![Finding::new(&RULE, message, curve.label("")).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-ed25519.json --elliptic-curve:1:1 a curve is for an ecdsa key, and this one is to be ed25519
            leave the elliptic curve out
        bad-rsa.json --elliptic-curve:1:1 a curve is for an ecdsa key, and this one is to be rsa
            leave the elliptic curve out
        bad-without-type.json --elliptic-curve:1:1 a curve is for an ecdsa key, and no type of key is given
            write ecdsa as the type of key, or leave the curve out
        ");
    }
}
