#![doc = include_str!("public_key_weak.md")]

use certgate_facts::{SshContent, SshKeyKind};

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::party::Party;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(405),
    name: "public-key-weak",
    summary: "the key is RSA of less than 2048 bits",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 8332 §5.1; ssh_config(5), RequiredRSASize",
    explanation: include_str!("public_key_weak.md"),
    judge: Judge::Ssh(judge),
};

/// The smallest RSA modulus that is certified, in bits.
pub const RSA_BITS_MIN: u32 = 2048;

/// The smallest that OpenSSH accepts where its configuration says nothing else.
const OPENSSH_RSA_BITS_MIN: u32 = 1024;

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let is_requested_certificate =
        subject.request().is_some() && matches!(subject.content(), Some(SshContent::Certificate(_)));
    let (Some(key), false) = (subject.key(), is_requested_certificate) else { return Vec::new() };
    let SshKeyKind::Rsa { bits } = *key.kind() else { return Vec::new() };
    if bits >= RSA_BITS_MIN {
        return Vec::new();
    }
    let message = format!("the rsa key has {bits} bits, fewer than {RSA_BITS_MIN}");
    let Party { new_key, judges, .. } = Party::of(subject.role());
    let help = format!("{new_key}, or `-t rsa -b 3072` for {judges} that need rsa");
    let clients_refuse = bits < OPENSSH_RSA_BITS_MIN;
    let finding = Finding::new(&RULE, message, subject.label(key.kind().to_string())).with_help(help);
    let level =
        if subject.certificate().is_some() && !clients_refuse { Level::Warning } else { Level::Error };
    vec![finding.at_level(level).with_clients_refuse(clients_refuse)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-1024-bits.json --public-key:1:1 the rsa key has 1024 bits, fewer than 2048
            make another key on the host: `ssh-keygen -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key`, or `-t rsa -b 3072` for clients that need rsa
        bad-2047-bits.json --public-key:1:1 the rsa key has 2047 bits, fewer than 2048
            make another key on the host: `ssh-keygen -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key`, or `-t rsa -b 3072` for clients that need rsa
        bad-user.json --public-key:1:1 the rsa key has 1024 bits, fewer than 2048
            let the user make another key: `ssh-keygen -t ed25519`, or `-t rsa -b 3072` for servers that need rsa
        ");
    }

    /// An RSA key of 768 bits, made of random ones.
    const RSA_768: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAYQCbgQ52bsnShmPKgo3V9LOy5LBs5gdBx6h85CyCGAcujDW/mS3J6cYWYS52lqbOzBt45RBhcxHYo8LOb0R+1NV7Hi/riUFMNDwQJ8TRw4a7xM1hPjDY8WrfkbdYSiJlsfU=";

    #[test]
    fn what_lies_there_already_weighs_as_much_as_clients_make_of_it() {
        let of_given = |name: &str| crate::fixture::of_given(&super::RULE, name, "2026-11-01");
        insta::assert_snapshot!(of_given("rsa-1024.pub"), @"error[CG405 public-key-weak]: the rsa key has 1024 bits, fewer than 2048");
        insta::assert_snapshot!(of_given("rsa-1024-host-cert.pub"), @"warning[CG405 public-key-weak]: the rsa key has 1024 bits, fewer than 2048");
        insta::assert_snapshot!(crate::fixture::of_line(&super::RULE, RSA_768, "2026-11-01"), @"error[CG405 public-key-weak], clients refuse: the rsa key has 768 bits, fewer than 2048");
        assert!(of_given("rsa-2048-host-cert.pub").is_empty());
    }
}
