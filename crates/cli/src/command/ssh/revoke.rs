//! `certgate ssh revoke`.

use std::io::Write;

use certgate_store::{Ledger, RevocationTarget, Revoking};

use super::{ca, fault};
use crate::cli::{ColorChoice, RevokeArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{clock, output, ssh_input};

/// Revokes what the arguments name, and says what that was.
pub(crate) fn run(arguments: &RevokeArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let mut ledger = arguments.state.state()?.ledger()?;
    if let Some(name) = &arguments.ca {
        ca::known(&ledger, name)?;
    }
    let target = target(arguments)?;
    let mut stderr = output::stderr(color);
    match ledger.revoke(&target, &arguments.reason, clock::now()).map_err(fault)? {
        Revoking::Revoked(revocation) => {
            let added = &revocation.added;
            writeln!(
                stderr,
                "revoked: {} runs of serials, {} key ids, {} keys; clients learn of it by `certgate ssh krl build`",
                added.serials.len(),
                added.key_ids.len(),
                added.keys.len()
            )?;
            if matches!(target, RevocationTarget::Host { .. }) {
                writeln!(stderr, "hint: its keys may have new certificates; `--key FILE` revokes one that was stolen")?;
            }
            Ok(Exit::Clean)
        }
        Revoking::AlreadyRevoked => {
            writeln!(stderr, "all of it was revoked before")?;
            Ok(Exit::Clean)
        }
        Revoking::NothingFound => Err(Failure::input(format!("no certificate in the ledger is meant by this {}", target.name()))
            .with_hint("`certgate ssh list` lists them; one that was signed elsewhere is known after `certgate ssh ca import --certificate`")),
    }
}

fn target(arguments: &RevokeArguments) -> Result<RevocationTarget, Failure> {
    let authority = arguments.ca.clone();
    if let (Some(serials), Some(authority)) = (&arguments.serial, arguments.ca.clone()) {
        let (first, last) = serial_range(serials)?;
        return Ok(RevocationTarget::Serials { authority, first, last });
    }
    if let Some(key_id) = &arguments.key_id {
        return Ok(RevocationTarget::KeyId { authority, key_id: key_id.clone().into_bytes() });
    }
    if let Some(name) = &arguments.principal {
        return Ok(RevocationTarget::Principal { authority, name: name.clone().into_bytes() });
    }
    if let Some(name) = &arguments.host {
        return Ok(RevocationTarget::Host { authority, name: name.clone().into_bytes() });
    }
    match &arguments.key {
        Some(path) => Ok(RevocationTarget::Key(ssh_input::public_key(path)?)),
        None => Err(Failure::input("nothing was named that could be revoked")),
    }
}

fn serial_range(text: &str) -> Result<(u64, u64), Failure> {
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    number(first).zip(number(last)).ok_or_else(|| {
        Failure::input(format!("`{}` is no serial", text.escape_debug()))
            .with_hint("give a number, or the first and the last with `-` between: 7-19")
    })
}
