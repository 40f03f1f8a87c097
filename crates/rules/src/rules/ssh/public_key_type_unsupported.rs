#![doc = include_str!("public_key_type_unsupported.md")]

use certgate_facts::{SshCertificateFields, SshContent, SshKeyKind};

use crate::case::SshSubject;
use crate::code::{ApiCode, RuleCode};
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::party::Party;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(403),
    name: "public-key-type-unsupported",
    summary: "keys of this type are not certified",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::PUBLIC_KEY_TYPE),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1950; API reference, create SSH host certificate and SSH user certificate, public_key",
    explanation: include_str!("public_key_type_unsupported.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let (name, kind) = match subject.content() {
        Some(SshContent::PublicKey(key)) => (key.name(), key.kind()),
        Some(SshContent::Certificate(certificate)) if subject.request().is_none() => {
            let key = certificate.fields().map(SshCertificateFields::public_key);
            match key {
                Some(key) => (key.name(), key.kind()),
                None => (certificate.name(), &SshKeyKind::Other),
            }
        }
        _ => return Vec::new(),
    };
    let clients_refuse = match kind {
        SshKeyKind::Ecdsa { .. } | SshKeyKind::Ed25519 | SshKeyKind::Rsa { .. } => return Vec::new(),
        // Users hold such keys, hosts seldom.
        SshKeyKind::SkEcdsaP256 { .. } | SshKeyKind::SkEd25519 { .. } if subject.is_certified_for_users() => {
            return Vec::new();
        }
        SshKeyKind::SkEcdsaP256 { .. } | SshKeyKind::SkEd25519 { .. } => false,
        _ => true,
    };
    let message =
        format!("keys of type `{}` are not certified: only rsa, ecdsa and ed25519 are", Excerpt(name));
    let place = subject.label(kind.to_string());
    let Party { noun, new_key, .. } = Party::of(subject.role());
    let name_it = if *noun == "host" { ", and name it in sshd_config by `HostKey`" } else { "" };
    let help = format!("take another key of the {noun}, or {new_key}{name_it}");
    let finding = Finding::new(&RULE, message, place).with_help(help);
    let level = if clients_refuse { Level::Error } else { Level::Warning };
    vec![match subject.certificate() {
        Some(_) => finding.at_level(level).with_api_code(None).with_clients_refuse(clients_refuse),
        None => finding,
    }]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-dsa.json --public-key:1:1 keys of type `ssh-dss` are not certified: only rsa, ecdsa and ed25519 are
            take another key of the host, or make another key on the host: `ssh-keygen -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key`, and name it in sshd_config by `HostKey`
        bad-security-key-ecdsa.json --public-key:1:1 keys of type `sk-ecdsa-sha2-nistp256@openssh.com` are not certified: only rsa, ecdsa and ed25519 are
            take another key of the host, or make another key on the host: `ssh-keygen -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key`, and name it in sshd_config by `HostKey`
        bad-security-key.json --public-key:1:1 keys of type `sk-ssh-ed25519@openssh.com` are not certified: only rsa, ecdsa and ed25519 are
            take another key of the host, or make another key on the host: `ssh-keygen -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key`, and name it in sshd_config by `HostKey`
        bad-unknown.json --public-key:1:1 keys of type `ssh-xmss@openssh.com` are not certified: only rsa, ecdsa and ed25519 are
            take another key of the host, or make another key on the host: `ssh-keygen -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key`, and name it in sshd_config by `HostKey`
        bad-user.json --public-key:1:1 keys of type `sk-ssh-ed25519@openssh.com` are not certified: only rsa, ecdsa and ed25519 are
            take another key of the user, or let the user make another key: `ssh-keygen -t ed25519`
        ");
    }

    #[test]
    fn what_lies_there_already_weighs_as_much_as_clients_make_of_it() {
        let of_given = |name: &str| crate::fixture::of_given(&super::RULE, name, "2026-11-01");
        insta::assert_snapshot!(of_given("sk-ed25519.pub"), @"error[CG403 public-key-type-unsupported], ERR_NGROK_1950: keys of type `sk-ssh-ed25519@openssh.com` are not certified: only rsa, ecdsa and ed25519 are");
        insta::assert_snapshot!(of_given("sk-ed25519-host-cert.pub"), @"warning[CG403 public-key-type-unsupported]: keys of type `sk-ssh-ed25519@openssh.com` are not certified: only rsa, ecdsa and ed25519 are");
        insta::assert_snapshot!(of_given("dsa-host-cert.pub"), @"error[CG403 public-key-type-unsupported], clients refuse: keys of type `ssh-dss` are not certified: only rsa, ecdsa and ed25519 are");
        assert!(of_given("sk-ed25519-user-cert.pub").is_empty());
        assert!(of_given("ed25519-host-cert.pub").is_empty());
    }
}
