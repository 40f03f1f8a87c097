#![doc = include_str!("public_key_is_certificate.md")]

use certgate_facts::SshContent;

use crate::case::CertificateRequest;
use crate::code::{ApiCode, RuleCode};
use crate::finding::{Finding, Label};
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(404),
    name: "public-key-is-certificate",
    summary: "the key to certify is a certificate already",
    level: Level::Error,
    confidence: Confidence::Inferred,
    api_code: Some(ApiCode::PUBLIC_KEY_TYPE),
    may_cause: &[],
    clients_refuse: false,
    citation: "draft-ietf-sshm-cert-01 §2; API error catalogue, ERR_NGROK_1950",
    explanation: include_str!("public_key_is_certificate.md"),
    judge: Judge::Request(judge),
};

fn judge(request: &CertificateRequest, _: &Policy) -> Vec<Finding> {
    let Some(line) = request.public_key_line() else { return Vec::new() };
    let SshContent::Certificate(certificate) = &line.content else { return Vec::new() };
    let message = "the public key is a certificate already, and only plain keys are certified";
    let place = Label::new(request.public_key_reading(), line.span, "a certificate");
    let which = match certificate.fields() {
        Some(fields) => format!(", whose fingerprint is the same {}", fields.public_key().fingerprint()),
        None => String::new(),
    };
    let help = format!("give the plain key it was made for, in the file of that name without `-cert`{which}");
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-of-a-user.json --public-key:1:1 the public key is a certificate already, and only plain keys are certified
            give the plain key it was made for, in the file of that name without `-cert`, whose fingerprint is the same SHA256:YKMPwVU42bfeFy6E318GaknhhcuZ9Bn7fbuPnzGnABM
        bad-of-this-host.json --public-key:1:1 the public key is a certificate already, and only plain keys are certified
            give the plain key it was made for, in the file of that name without `-cert`, whose fingerprint is the same SHA256:Eg3/oUKXZs1CNHZQrvZB8EvC9ZBlGlabfaLZ5TFm6Hg
        bad-rsa.json --public-key:1:1 the public key is a certificate already, and only plain keys are certified
            give the plain key it was made for, in the file of that name without `-cert`, whose fingerprint is the same SHA256:ks6eagV6PeGfag8maMnocQS/3oWeitoBRBs3jv7MYAg
        ");
    }
}
