#![doc = include_str!("authority_key_size_without_rsa.md")]

use crate::case::{Field, SshAuthorityRequest};
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(463),
    name: "authority-key-size-without-rsa",
    summary: "a key size is given for an authority whose key is not RSA",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::AUTHORITY_KEY_SIZE_WITHOUT_RSA),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1940; API reference, create SSH certificate authority, key_size",
    explanation: include_str!("authority_key_size_without_rsa.md"),
    judge: Judge::SshAuthority(judge),
};

fn judge(request: &SshAuthorityRequest, _: &Policy) -> Vec<Finding> {
    let key_type = request.private_key_type().map_or("", Field::text);
    let Some((bits, written)) = request.key_size() else { return Vec::new() };
    let message = match key_type {
        "" => format!("{bits} bits are for an rsa key, and no type of key is given"),
        "ecdsa" | "ed25519" => format!("{bits} bits are for an rsa key, and this one is to be {key_type}"),
        // Rsa may have a size; another type is none, which is its own fault.
        _ => return Vec::new(),
    };
    let help = match key_type {
        "ecdsa" => "leave the key size out: the elliptic curve decides",
        "ed25519" => "leave the key size out: keys of ed25519 have one size",
        _ => "write rsa as the type of key, or leave the size out",
    };
    vec![Finding::new(&RULE, message, written.label("")).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-ecdsa.json --key-size:1:1 256 bits are for an rsa key, and this one is to be ecdsa
            leave the key size out: the elliptic curve decides
        bad-ed25519.json --key-size:1:1 4096 bits are for an rsa key, and this one is to be ed25519
            leave the key size out: keys of ed25519 have one size
        bad-without-type.json --key-size:1:1 4096 bits are for an rsa key, and no type of key is given
            write rsa as the type of key, or leave the size out
        ");
    }
}
