#![doc = include_str!("public_key_unreadable.md")]

use certgate_facts::SshContent;

use crate::case::SshSubject;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::mistaken_key::MistakenKey;
use crate::party::Party;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(402),
    name: "public-key-unreadable",
    summary: "what should be one public key of OpenSSH's is none, or more",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::PUBLIC_KEY_UNREADABLE),
    may_cause: &[],
    clients_refuse: false,
    citation: "sshd(8), AUTHORIZED_KEYS FILE FORMAT; RFC 4253 §6.6; API error catalogue, ERR_NGROK_1934",
    explanation: include_str!("public_key_unreadable.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let (reading, is_request) = (subject.reading(), subject.request().is_some());
    let party = Party::of(subject.role());
    let several = || is_request.then(|| MistakenKey::several(reading)).flatten();
    let mistaken = match subject.line() {
        None => MistakenKey::without_line(reading, party),
        // A certificate that lies there already is no key, and has a rule of its own.
        Some(line) if !is_request && line.names_certificate(reading.source()) => None,
        Some(line) => several().or_else(|| match &line.content {
            SshContent::Unreadable(defect) => Some(MistakenKey::line(reading, line, defect, party)),
            SshContent::KnownHosts(_) if is_request => Some(MistakenKey::behind(reading, line.span)),
            _ => None,
        }),
    };
    let Some(MistakenKey { message, help, place }) = mistaken else { return Vec::new() };
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-comment-alone.json --public-key:1:1 no public key stands there, which would be a line such as `ssh-ed25519 AAAA…`
            give what stands in the host's /etc/ssh/ssh_host_ed25519_key.pub, or another file of that kind
        bad-in-pem.json --public-key:1:1 the public key is in PEM, and should be a line such as `ssh-ed25519 AAAA…`
            turn it into one: `ssh-keygen -i -m PKCS8 -f FILE`, which reads rsa and ecdsa; an ed25519 key is written by `ssh-keygen -y -f PRIVATE_KEY`
        bad-in-ssh2.json --public-key:1:1 the public key is in the form of RFC 4716, and should be a line such as `ssh-ed25519 AAAA…`
            turn it into one: `ssh-keygen -i -f FILE`
        bad-known-hosts.json --public-key:1:1 other words stand before the public key on its line
            take it from its type on, and leave out host names, options and markers
        bad-other-type.json --public-key:1:1 the public key does not read: the key says ssh-ed25519 inside and ssh-rsa outside
            copy the whole line again, unbroken, from the host's /etc/ssh/ssh_host_ed25519_key.pub, or another file of that kind
        bad-path.json --public-key:1:1 no public key stands there, which would be a line such as `ssh-ed25519 AAAA…`
            give what stands in the host's /etc/ssh/ssh_host_ed25519_key.pub, or another file of that kind
        bad-private-key.json --public-key:1:1 a private key was given as the public key
            give its public half, which stands beside it in a file whose name ends in .pub, or is written by `ssh-keygen -y -f FILE`; if anyone else was given the private key, make another
        bad-putty.json --public-key:1:1 a private key was given as the public key
            give its public half, which stands beside it in a file whose name ends in .pub, or is written by `puttygen FILE -O public-openssh`; if anyone else was given the private key, make another
        bad-several.json --public-key:2:1 2 public keys were given, and a certificate is for one: which is meant cannot be told
            make one request for each key, all with the same principals
        bad-short.json --public-key:1:33 the public key does not read: the key ends inside one of its parts
            copy the whole line again, unbroken, from the host's /etc/ssh/ssh_host_ed25519_key.pub, or another file of that kind
        bad-symbol.json --public-key:1:40 the public key does not read: the key is not base64
            copy the whole line again, unbroken, from the host's /etc/ssh/ssh_host_ed25519_key.pub, or another file of that kind
        bad-type-alone.json --public-key:1:12 the public key does not read: no key follows the type
            copy the whole line again, unbroken, from the host's /etc/ssh/ssh_host_ed25519_key.pub, or another file of that kind
        bad-user.json --public-key:1:1 no public key stands there, which would be a line such as `ssh-ed25519 AAAA…`
            give what stands in the user's ~/.ssh/id_ed25519.pub, or another file of that kind
        bad-without-type.json --public-key:1:1 the public key lacks its type
            write `ecdsa-sha2-nistp256` and a space in front of it
        bad-wrapped.json --public-key:1:33 the public key does not read: the key ends inside one of its parts
            copy the whole line again, unbroken, from the host's /etc/ssh/ssh_host_ed25519_key.pub, or another file of that kind
        ");
    }

    #[test]
    fn lines_that_lie_there_already_are_judged_each_by_itself() {
        let of_line = |line: &str| crate::fixture::of_line(&super::RULE, line, "2026-11-01");
        insta::assert_snapshot!(of_line("ssh-ed25519 AAAA*"), @"error[CG402 public-key-unreadable], ERR_NGROK_1934: the public key does not read: the key is not base64");
        assert!(of_line("ssh-ed25519-cert-v01@openssh.com AAAA").is_empty());
        assert!(of_line("@cert-authority * ssh-ed25519 AAAA*").is_empty());
        let of_given = |name: &str| crate::fixture::of_given(&super::RULE, name, "2026-11-01");
        assert!(of_given("ed25519.pub").is_empty());
        assert!(of_given("ed25519-host-cert.pub").is_empty());
    }
}
