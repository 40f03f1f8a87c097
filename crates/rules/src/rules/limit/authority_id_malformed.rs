#![doc = include_str!("authority_id_malformed.md")]

use crate::case::CertificateRequest;
use crate::code::{ApiCode, RuleCode};
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(505),
    name: "authority-id-malformed",
    summary: "the id of the SSH authority does not have the form of one",
    level: Level::Error,
    confidence: Confidence::Inferred,
    api_code: Some(ApiCode::AUTHORITY_ID),
    may_cause: &[ApiCode::REFERENCE_ID],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_227 and ERR_NGROK_223",
    explanation: include_str!("authority_id_malformed.md"),
    judge: Judge::Request(judge),
};

/// What the id of an SSH authority begins with.
const PREFIX: &str = "sshca_";

/// The greatest that follows the prefix: 160 bits, all set, in base62, whose digits are in the order of ASCII.
const GREATEST: &str = "aWgEPTl1tmebfsQzFP4bxwgy80V";

fn judge(request: &CertificateRequest, _: &Policy) -> Vec<Finding> {
    let Some(field) = request.authority_id() else { return Vec::new() };
    let id = field.text();
    let (message, api_code) = match id.strip_prefix(PREFIX) {
        Some(rest) if is_unique_part(rest) => return Vec::new(),
        Some(rest) if rest.chars().count() != GREATEST.len() => {
            let (count, due) = (rest.chars().count(), GREATEST.len());
            (
                format!("`{PREFIX}` is followed by {count} characters, and should be by {due}"),
                ApiCode::REFERENCE_ID,
            )
        }
        Some(rest) => {
            (format!("`{}`, behind `{PREFIX}`, is no number in base62", Excerpt(rest)), ApiCode::REFERENCE_ID)
        }
        None => (
            format!("`{}` is not the id of an SSH authority, which begins with `{PREFIX}`", Excerpt(id)),
            ApiCode::AUTHORITY_ID,
        ),
    };
    let help = match id.split_once('_') {
        Some(("ca", _)) => "this is the id of an authority for TLS clients; give that of an SSH authority",
        Some(("shcrt" | "sucrt", _)) => {
            "this is the id of a certificate; give its `ssh_certificate_authority_id`, which the API shows with it"
        }
        _ => {
            "give the `id` that the API lists under /ssh_certificate_authorities: `sshca_` and 27 letters and digits"
        }
    };
    vec![Finding::new(&RULE, message, field.label("")).with_help(help).with_api_code(Some(api_code))]
}

/// Whether a text is 27 digits of base62 that make 160 bits at the most.
fn is_unique_part(text: &str) -> bool {
    text.len() == GREATEST.len() && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) && text <= GREATEST
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-host-certificate.json --ssh-certificate-authority-id:1:1 `shcrt_2oYpQm4XbJ6tVhKc0sZrA1DfGn3` is not the id of an SSH authority, which begins with `sshca_`
            this is the id of a certificate; give its `ssh_certificate_authority_id`, which the API shows with it
        bad-name.json --ssh-certificate-authority-id:1:1 `hosts of example.com` is not the id of an SSH authority, which begins with `sshca_`
            give the `id` that the API lists under /ssh_certificate_authorities: `sshca_` and 27 letters and digits
        bad-short.json --ssh-certificate-authority-id:1:1 `sshca_` is followed by 26 characters, and should be by 27
            give the `id` that the API lists under /ssh_certificate_authorities: `sshca_` and 27 letters and digits
        bad-symbol.json --ssh-certificate-authority-id:1:1 `2oYpQm4XbJ6tVhKc0sZrA1DfGn-`, behind `sshca_`, is no number in base62
            give the `id` that the API lists under /ssh_certificate_authorities: `sshca_` and 27 letters and digits
        bad-tls-authority.json --ssh-certificate-authority-id:1:1 `ca_2oYpQm4XbJ6tVhKc0sZrA1DfGn3` is not the id of an SSH authority, which begins with `sshca_`
            this is the id of an authority for TLS clients; give that of an SSH authority
        bad-too-great.json --ssh-certificate-authority-id:1:1 `aWgEPTl1tmebfsQzFP4bxwgy80W`, behind `sshca_`, is no number in base62
            give the `id` that the API lists under /ssh_certificate_authorities: `sshca_` and 27 letters and digits
        bad-user-certificate.json --ssh-certificate-authority-id:1:1 `sucrt_2oYpQm4XbJ6tVhKc0sZrA1DfGn3` is not the id of an SSH authority, which begins with `sshca_`
            this is the id of a certificate; give its `ssh_certificate_authority_id`, which the API shows with it
        bad-white-space.json --ssh-certificate-authority-id:1:1 `sshca_` is followed by 28 characters, and should be by 27
            give the `id` that the API lists under /ssh_certificate_authorities: `sshca_` and 27 letters and digits
        bad-without-prefix.json --ssh-certificate-authority-id:1:1 `2oYpQm4XbJ6tVhKc0sZrA1DfGn3` is not the id of an SSH authority, which begins with `sshca_`
            give the `id` that the API lists under /ssh_certificate_authorities: `sshca_` and 27 letters and digits
        ");
    }
}
