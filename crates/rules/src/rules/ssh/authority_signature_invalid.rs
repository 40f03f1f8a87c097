#![doc = include_str!("authority_signature_invalid.md")]

use certgate_facts::{SshCertificate, SshKeyKind, SshSignatureFault};

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(445),
    name: "authority-signature-invalid",
    summary: "the authority did not sign this certificate",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2, signature",
    explanation: include_str!("authority_signature_invalid.md"),
    judge: Judge::Ssh(judge),
};

/// RSA keys of other sizes are not tried.
const RSA_BITS_TRIED: std::ops::RangeInclusive<u32> = 1024..=8192;

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let Some(certificate) = subject.certificate() else { return Vec::new() };
    let authority = certificate.fields().map(|fields| fields.authority_key().kind());
    let untried = match authority {
        Some(SshKeyKind::Rsa { bits }) if !RSA_BITS_TRIED.contains(bits) => Some(*bits),
        _ => None,
    };
    let unverified = |why: String| {
        let message = format!("the authority's signature is not verified here: {why}");
        let help = "`ssh-keygen -L -f FILE` verifies what your OpenSSH knows, and says `incorrect signature` where it does not hold";
        let finding = Finding::new(&RULE, message, subject.label("unverified")).with_help(help);
        vec![finding.at_level(Level::Warning).with_clients_refuse(false)]
    };
    match (certificate.verify_signature(), untried) {
        // Each has a rule of its own.
        (Ok(_) | Err(SshSignatureFault::CertificateTypeUnknown { .. }), _) => Vec::new(),
        (Err(SshSignatureFault::AlgorithmRefused { name }), _) if name == "ssh-rsa" => Vec::new(),
        (_, Some(bits)) if bits < *RSA_BITS_TRIED.start() => Vec::new(),
        (_, Some(bits)) => unverified(format!("its rsa key has {bits} bits")),
        (Err(fault @ SshSignatureFault::AlgorithmUnsupported { .. }), _) => unverified(fault.to_string()),
        (Err(fault), _) => {
            let message = format!("the authority did not sign this: {}", reason(&fault));
            let help = "copy the certificate again from where it was signed; if it is the same there, somebody altered it";
            vec![Finding::new(&RULE, message, subject.label(signed_by(certificate))).with_help(help)]
        }
    }
}

fn reason(fault: &SshSignatureFault) -> String {
    match fault {
        SshSignatureFault::Invalid => "its signature is over other bytes, or by another key".to_owned(),
        other => other.to_string(),
    }
}

fn signed_by(certificate: &SshCertificate) -> String {
    let authority = certificate.fields().map(|fields| fields.authority_key().fingerprint());
    format!("it names the authority {}", authority.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-altered-cert.pub:2:1 the authority did not sign this: its signature is over other bytes, or by another key
            copy the certificate again from where it was signed; if it is the same there, somebody altered it
        bad-another-algorithm-cert.pub:2:1 the authority did not sign this: the signature is rsa-sha2-512 and should be of a key of type ssh-ed25519
            copy the certificate again from where it was signed; if it is the same there, somebody altered it
        bad-another-authority-cert.pub:2:1 the authority did not sign this: its signature is over other bytes, or by another key
            copy the certificate again from where it was signed; if it is the same there, somebody altered it
        bad-signature-altered-cert.pub:2:1 the authority did not sign this: its signature is over other bytes, or by another key
            copy the certificate again from where it was signed; if it is the same there, somebody altered it
        bad-webauthn-cert.pub:2:1 the authority's signature is not verified here: unknown signature algorithm webauthn-sk-ecdsa-sha2-nistp256@openssh.com
            `ssh-keygen -L -f FILE` verifies what your OpenSSH knows, and says `incorrect signature` where it does not hold
        ");
    }
}
