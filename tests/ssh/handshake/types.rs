//! Every type of authority with every type of host key.

use super::{ACCEPTED, meet, meeting, write_known_hosts};
use crate::harness::{Agent, Folder};

pub(super) const HANDSHAKES: usize = AUTHORITIES.len() * HOSTS.len() + IN_AGENT.len();

const AUTHORITIES: [&str; 6] = ["ed25519", "ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa-3072", "rsa-4096"];

/// A name, and how `ssh-keygen` makes it.
const HOSTS: [(&str, &[&str]); 5] = [
    ("host-ed25519", &["ed25519"]),
    ("host-p256", &["ecdsa", "-b", "256"]),
    ("host-p384", &["ecdsa", "-b", "384"]),
    ("host-p521", &["ecdsa", "-b", "521"]),
    ("host-rsa", &["rsa", "-b", "2048"]),
];

const IN_AGENT: [(&str, &[&str]); 3] =
    [("agent-ed25519", &["ed25519"]), ("agent-p256", &["ecdsa"]), ("agent-rsa", &["rsa", "-b", "3072"])];

#[test]
fn every_type_of_authority_certifies_every_type_of_host_key() {
    let folder = Folder::new();
    for (name, kind) in HOSTS {
        folder.key(name, kind);
    }
    let mut count = 0;
    for authority in AUTHORITIES {
        folder.authority(authority, &["--key-type", authority]);
        let out = |host: &str| format!("{authority}-{host}-cert.pub");
        for (host, _) in HOSTS {
            folder.issue(host, &["web.example.com"], &["--ca", authority, "--out", &out(host)]);
        }
        write_known_hosts(&folder, "known_hosts", &["--host", "*.example.com"]);
        for (host, _) in HOSTS {
            count += meet(&folder, &[(meeting(host, &out(host)), ACCEPTED)]);
        }
    }
    let agent = Agent::start(&folder);
    for (name, kind) in IN_AGENT {
        folder.key(name, kind);
        agent.take(&folder, name);
        let public = format!("{name}.pub");
        agent.with(folder.certgate(["ca", "create", name, "--agent", &public])).exits(0);
        let certificate = format!("{name}-cert.pub");
        let issue = ["issue", "--ca", name, "--public-key", "host-p256.pub", "--out", &certificate];
        agent.with(folder.certgate(issue).arguments(["--principal", "web.example.com"])).exits(0);
        write_known_hosts(&folder, "known_hosts", &["--host", "*.example.com"]);
        count += meet(&folder, &[(meeting("host-p256", &certificate), ACCEPTED)]);
    }
    assert_eq!(count, HANDSHAKES);
    folder.is_sound();
}
