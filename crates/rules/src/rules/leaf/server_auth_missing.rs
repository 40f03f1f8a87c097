#![doc = include_str!("server_auth_missing.md")]

use certgate_facts::ExtendedKeyUsage;

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(116),
    name: "server-auth-missing",
    summary: "the leaf is for other purposes than proving who a server is",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 5280 §4.2.1.12; CA/Browser Forum Baseline Requirements §7.1.2.7.10",
    explanation: include_str!("server_auth_missing.md"),
    judge: Judge::Tls(judge),
};

/// Purposes shown in a message; the rest is counted.
const PURPOSES_SHOWN_MAX: usize = 5;

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let Some((entry, leaf)) = upload.leaf_meant() else { return Vec::new() };
    let Some(purposes) = leaf.extensions().extended_key_usages() else { return Vec::new() };
    let has = |name| purposes.iter().any(|purpose| purpose.name() == Some(name));
    if has("server_auth") {
        return Vec::new();
    }
    let shown = purposes.iter().take(PURPOSES_SHOWN_MAX).map(|purpose| Excerpt(word(purpose)).to_string());
    let shown = match purposes {
        [] => "no purpose".to_owned(),
        _ => shown.collect::<Vec<_>>().join(", "),
    };
    let rest = match purposes.len().saturating_sub(PURPOSES_SHOWN_MAX) {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    let message = format!("the leaf's extended key usage lacks serverAuth; it has {shown}{rest}");
    let help = "issue it again for servers: `-addext extendedKeyUsage=serverAuth` for openssl req";
    vec![Finding::new(&RULE, message, upload.certificate().label(entry, "")).with_help(help)]
}

/// The purpose as RFC 5280 calls it.
fn word(purpose: &ExtendedKeyUsage) -> &str {
    match purpose.name() {
        Some("any") => "anyExtendedKeyUsage",
        Some("client_auth") => "clientAuth",
        Some("code_signing") => "codeSigning",
        Some("email_protection") => "emailProtection",
        Some("ocsp_signing") => "OCSPSigning",
        Some("time_stamping") => "timeStamping",
        _ => purpose.oid(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-any.pem:3:1 the leaf's extended key usage lacks serverAuth; it has anyExtendedKeyUsage
            issue it again for servers: `-addext extendedKeyUsage=serverAuth` for openssl req
        bad-client.pem:3:1 the leaf's extended key usage lacks serverAuth; it has clientAuth
            issue it again for servers: `-addext extendedKeyUsage=serverAuth` for openssl req
        bad-others.pem:3:1 the leaf's extended key usage lacks serverAuth; it has emailProtection, codeSigning
            issue it again for servers: `-addext extendedKeyUsage=serverAuth` for openssl req
        ");
    }
}
