//! `certgate ssh known-hosts`.

use std::io::Write;

use certgate_sign::known_hosts::{HostPatterns, authority_line, lookup_name, revoked_line};

use certgate_store::Ledger;

use super::fault;
use crate::cli::{ColorChoice, KnownHostsArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::ssh_input::{self, KeyOrCertificate};

/// Writes the lines by which clients know the authorities and what is revoked.
pub(super) fn run(arguments: &KnownHostsArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let mut lines = Vec::new();
    if arguments.state.state.is_some() && !arguments.from_ledger {
        return Err(Failure::input("--state names a ledger, and nothing is taken from it")
            .with_hint("`--from-ledger` takes the authorities that are published"));
    }
    if arguments.from_ledger {
        lines = of_ledger(arguments, color)?;
    }
    if !arguments.authority.is_empty() {
        let hosts = hosts(arguments)?;
        for path in &arguments.authority {
            let key = ssh_input::public_key(path)?;
            let line = authority_line(&hosts, &key, key.comment());
            lines.push(line.map_err(|error| ssh_input::unusable(path, error))?);
        }
    }
    for path in &arguments.revoked {
        for (number, one) in ssh_input::keys_and_certificates(path)? {
            let KeyOrCertificate::Key(key) = one else {
                let what = format!("line {number}: a certificate, where a plain public key is due");
                return Err(ssh_input::unusable(path, what).with_hint(
                    "a line revokes keys; `certgate ssh krl build --revoke-certificate` revokes a certificate",
                ));
            };
            // A line for some names would not hold on other ports: clients forget it there.
            let line = revoked_line(&HostPatterns::every_host(), &key, key.comment());
            lines.push(line.map_err(|error| ssh_input::unusable(path, error))?);
        }
    }
    let mut stdout = output::stdout(color);
    for line in lines {
        writeln!(stdout, "{line}")?;
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

/// Lines for the authorities that clients are to trust now, and the keys that they are not to. An authority whose key is
/// revoked is not to be trusted, however far it is in its life.
fn of_ledger(arguments: &KnownHostsArguments, color: ColorChoice) -> Result<Vec<String>, Failure> {
    let ledger = arguments.state.state()?.ledger()?;
    let hosts = hosts(arguments)?;
    let authorities = ledger.authorities().map_err(fault)?;
    let published: Vec<_> = authorities.iter().filter(|authority| authority.state.is_published()).collect();
    if published.is_empty() {
        return Err(Failure::input("no authority of the ledger is published")
            .with_hint("`certgate ssh ca list` shows how far they are"));
    }
    let revoked = ledger.revoked(None).map_err(fault)?.keys;
    let mut lines = Vec::new();
    let mut stderr = output::stderr(color);
    for authority in published {
        let (name, key) = (&authority.name, &authority.public_key);
        if revoked.iter().any(|revoked| revoked.canonical_blob() == key.canonical_blob()) {
            writeln!(stderr, "no line trusts authority {name}: its key is revoked")?;
            continue;
        }
        lines.push(authority_line(&hosts, key, name.as_str()).map_err(fault)?);
    }
    for key in revoked {
        lines.push(revoked_line(&HostPatterns::every_host(), &key, "").map_err(fault)?);
    }
    Ok(lines)
}

fn hosts(arguments: &KnownHostsArguments) -> Result<HostPatterns, Failure> {
    if arguments.for_every_host {
        return Ok(HostPatterns::every_host());
    }
    let patterns: Result<Vec<String>, Failure> =
        arguments.host.iter().map(|host| on_port(host, arguments.port)).collect();
    HostPatterns::new(patterns?.iter().map(String::as_str)).map_err(|error| {
        Failure::input(error).with_hint("name the hosts: `*.example.com`; `--for-every-host` means any")
    })
}

/// The pattern for hosts on one port.
fn on_port(pattern: &str, port: Option<u16>) -> Result<String, Failure> {
    let Some(port) = port else {
        return Ok(pattern.to_owned());
    };
    if port == 0 {
        return Err(Failure::input("no host listens on port 0").with_hint("leave --port out for all ports"));
    }
    let (negation, bare) = pattern.strip_prefix('!').map_or(("", pattern), |bare| ("!", bare));
    if bare.contains(['[', ']']) {
        let shown = pattern.escape_debug();
        return Err(Failure::input(format!("`{shown}` has brackets, and --port adds them"))
            .with_hint("give the name alone, or leave --port out"));
    }
    // Of an empty pattern brackets would make something.
    Ok(if bare.is_empty() { pattern.to_owned() } else { format!("{negation}{}", lookup_name(bare, port)) })
}
