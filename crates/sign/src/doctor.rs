//! What is wrong with the certificates of a server, `sshd -t` notwithstanding: that one passes over certificates that
//! are missing, over, for users, or of other keys, and looks at no principals.
//!
//! Nothing here opens a file: they come in through [`ServerFiles`].

mod certificate;
mod finding;
mod host_key;
mod principals;

use certgate_facts::{SshCertificate, matches_pattern};

pub use self::finding::{Finding, FindingKind, Severity};
use self::host_key::HostKey;
use crate::known_hosts::DEFAULT_PORT;

use crate::sshd_config::{ConfigPlace, Directive, ServerFiles, SshdConfig};
use crate::verify::Target;

/// The keys that `sshd` has when its configuration names none.
const DEFAULT_HOST_KEYS: [&str; 3] =
    ["/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_ecdsa_key", "/etc/ssh/ssh_host_ed25519_key"];

/// A server, and what is asked about it.
#[derive(Clone, Copy)]
pub struct Server<'a> {
    /// Its configuration.
    pub config: &'a SshdConfig,
    /// Its files.
    pub files: &'a dyn ServerFiles,
    /// The number of the user as whom `sshd` runs: 0 for root.
    pub user: u32,
    /// The names by which clients reach it; none for whatever the certificates name.
    pub hosts: &'a [String],
    /// When, in seconds since 1970-01-01T00:00:00Z.
    pub at: u64,
}

/// What was found, and what was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examination {
    /// What was found, in the order of the configuration, keys first.
    pub findings: Vec<Finding>,
    /// How many keys the server has.
    pub host_keys: usize,
    /// How many certificates it has for them.
    pub certificates: usize,
    /// Where `Match` blocks begin: what stands in them is for some connections only, and never about keys.
    pub match_blocks: Vec<ConfigPlace>,
}

/// A certificate that a server shows with one of its keys.
struct Shown {
    certificate: SshCertificate,
    place: ConfigPlace,
    path: String,
}

/// Examines a server.
#[must_use]
pub fn examine(server: &Server<'_>) -> Examination {
    let mut findings = Vec::new();
    let keys = host_keys(server, &mut findings);
    // The last certificate for a key, as `sshd` has them.
    let mut shown: Vec<Option<Shown>> = keys.iter().map(|_| None).collect();
    for directive in server.config.global("hostcertificate") {
        let Some(certificate) = certificate::read(server, directive, &mut findings) else { continue };
        match certificate::key_of(&certificate, &keys) {
            Some(index) => {
                if let Some(slot) = shown.get_mut(index)
                    && let Some(before) = slot.replace(certificate)
                {
                    findings.push(replaced(&before, directive));
                }
            }
            None => findings.push(certificate::without_key(&certificate, &keys)),
        }
    }
    for (key, shown) in keys.iter().zip(&shown) {
        match shown {
            Some(shown) => certificate::examine(server, shown, &mut findings),
            None => findings.extend(host_key::without_certificate(key)),
        }
    }
    let shown: Vec<&Shown> = shown.iter().flatten().collect();
    findings.extend(not_offered(server, &shown));
    findings.extend(principals::of_hosts(server, &shown));
    findings.extend(in_match(server));
    let match_blocks = server.config.directives().iter().filter(|directive| directive.keyword() == "match");
    Examination {
        findings,
        host_keys: keys.len(),
        certificates: shown.len(),
        match_blocks: match_blocks.map(|directive| directive.place().clone()).collect(),
    }
}

/// The keys, each once, as `sshd` has them.
fn host_keys(server: &Server<'_>, findings: &mut Vec<Finding>) -> Vec<HostKey> {
    let mut keys: Vec<HostKey> = Vec::new();
    for directive in server.config.global("hostkey").chain(server.config.global("hostdsakey")) {
        let Some(path) = directive.arguments().first() else { continue };
        if !path.eq_ignore_ascii_case("none") && !keys.iter().any(|key| key.path == *path) {
            keys.push(host_key::read(server, path, Some(directive.place()), findings));
        }
    }
    if keys.is_empty() {
        let there = DEFAULT_HOST_KEYS.iter().filter(|path| server.files.permissions(path).is_some());
        keys.extend(there.map(|path| host_key::read(server, path, None, findings)));
    }
    keys
}

fn replaced(before: &Shown, by: &Directive) -> Finding {
    let fact =
        format!("`{}` is never shown: {} names another certificate for its key", before.path, by.place());
    let hint = "keep one certificate for each key; where authorities change, clients trust both for a time";
    Finding::at(FindingKind::CertificateReplaced, &before.place, fact, hint)
}

/// Certificates of types that `HostKeyAlgorithms` leaves out, so that they are never shown.
fn not_offered(server: &Server<'_>, shown: &[&Shown]) -> Vec<Finding> {
    let Some(directive) = server.config.global("hostkeyalgorithms").next() else {
        return Vec::new();
    };
    let list = directive.arguments().first().map(String::as_str).unwrap_or_default();
    let (list, takes_away) = match list.strip_prefix('-') {
        Some(list) => (list, true),
        None if list.starts_with(['+', '^']) => return Vec::new(),
        None => (list, false),
    };
    let named = |name: &str| list.split(',').any(|part| matches_pattern(name.as_bytes(), part.as_bytes()));
    let offered = |name: &&str| named(name) != takes_away;
    let missing = shown.iter().filter(|shown| !algorithms(shown.certificate.name()).iter().any(offered));
    missing
        .map(|shown| {
            let algorithms = algorithms(shown.certificate.name()).join(" or ");
            let fact =
                format!("HostKeyAlgorithms leaves {algorithms} out, so that `{}` is never shown", shown.path);
            let hint = format!("add {algorithms} to the list");
            Finding::at(FindingKind::AlgorithmNotOffered, directive.place(), fact, hint)
        })
        .collect()
}

/// The algorithms under which a certificate of a type is shown.
fn algorithms(certificate_type: &str) -> Vec<&str> {
    match certificate_type {
        "ssh-rsa-cert-v01@openssh.com" => {
            vec!["rsa-sha2-512-cert-v01@openssh.com", "rsa-sha2-256-cert-v01@openssh.com"]
        }
        other => vec![other],
    }
}

/// Keys and certificates in `Match` blocks, with which `sshd` does not start.
fn in_match(server: &Server<'_>) -> Vec<Finding> {
    const GLOBAL: [&str; 5] =
        ["hostkey", "hostdsakey", "hostcertificate", "hostkeyagent", "hostkeyalgorithms"];
    let inside = server.config.directives().iter().filter(|directive| directive.is_in_match());
    inside
        .filter(|directive| GLOBAL.contains(&directive.keyword()))
        .map(|directive| {
            let fact = format!("`{}` stands in a Match block, where it may not", directive.keyword());
            let hint = "put it before the first Match";
            Finding::at(FindingKind::DirectiveInMatch, directive.place(), fact, hint)
        })
        .collect()
}

/// The name that principals are compared with.
fn compared(host: &str) -> String {
    Target::new(host, DEFAULT_PORT).name().to_owned()
}
