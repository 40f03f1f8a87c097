//! `certgate ssh audit`.

use std::io::Write;

use certgate_report::ssh::audit;
use certgate_store::{AuditHead, AuditRecords, CertificateId, Error, Ledger};

use super::fault;
use crate::cli::{AuditCloseArguments, AuditCommand, AuditVerifyArguments, ColorChoice};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{clock, output, ssh_input};

/// Runs one of them.
pub(crate) fn run(command: &AuditCommand, color: ColorChoice) -> Result<Exit, Failure> {
    match command {
        AuditCommand::Verify(arguments) => verify(arguments, color),
        AuditCommand::Head(arguments) => {
            let head = arguments.state.state()?.ledger()?.audit_head().map_err(fault)?;
            let head = head.ok_or_else(|| Failure::input("the ledger has no record yet"))?;
            let mut stdout = output::stdout(color);
            writeln!(stdout, "{}", shown(head))?;
            stdout.flush()?;
            Ok(Exit::Clean)
        }
        AuditCommand::Export(arguments) => {
            let ledger = arguments.state.state()?.ledger()?;
            let mut stdout = output::stdout(color);
            for record in AuditRecords::of(&ledger) {
                let record = record.map_err(fault)?;
                let line = audit::Record {
                    number: record.seq,
                    at: record.at,
                    kind: record.entry.kind(),
                    body: &record.body,
                    previous: record.previous.to_string(),
                    hash: record.hash.to_string(),
                };
                audit::write_line(&mut stdout, &line)?;
            }
            stdout.flush()?;
            Ok(Exit::Clean)
        }
        AuditCommand::Close(arguments) => close(arguments, color),
    }
}

fn verify(arguments: &AuditVerifyArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let ledger = arguments.state.state()?.ledger()?;
    let mut stdout = output::stdout(color);
    match ledger.verify_audit() {
        Err(error @ (Error::Inconsistent { .. } | Error::Damaged { .. })) => {
            writeln!(stdout, "broken: {error}")?;
            stdout.flush()?;
            return Ok(Exit::Findings);
        }
        Err(error) => return Err(fault(error)),
        Ok(None) => writeln!(stdout, "sound: no records")?,
        Ok(Some(head)) => writeln!(stdout, "sound: {} records, head {}", head.seq, shown(head))?,
    }
    if let Some(kept) = &arguments.contains {
        let is_there = contains(&ledger, kept)?;
        writeln!(
            stdout,
            "{}",
            if is_there {
                "the head that was kept is in it"
            } else {
                "broken: the head that was kept is not in it"
            }
        )?;
        stdout.flush()?;
        return Ok(if is_there { Exit::Clean } else { Exit::Findings });
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

/// Whether the chain has a record of this number and hash.
fn contains(ledger: &dyn Ledger, kept: &str) -> Result<bool, Failure> {
    let unusable = || {
        Failure::input(format!("`{}` is no head", kept.escape_debug()))
            .with_hint("give what `certgate ssh audit head` wrote: a number, `:`, and 64 hexadecimal digits")
    };
    let (number, hash) = kept.trim().split_once(':').ok_or_else(unusable)?;
    let number: u64 = number.parse().map_err(|_| unusable())?;
    if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(unusable());
    }
    let before = number.checked_sub(1).ok_or_else(unusable)?;
    let records = ledger.audit_records(before).map_err(fault)?;
    Ok(records
        .first()
        .is_some_and(|record| record.seq == number && record.hash.to_string().eq_ignore_ascii_case(hash)))
}

fn close(arguments: &AuditCloseArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let mut ledger = arguments.state.state()?.ledger()?;
    let id = CertificateId::from_number(arguments.number);
    match (&arguments.certificate, &arguments.abandon) {
        (Some(path), _) => {
            let certificate = ssh_input::certificate(path)?;
            ledger.complete(id, &certificate, clock::now()).map_err(fault)?;
            writeln!(output::stderr(color), "certificate {} is recorded", arguments.number)?;
        }
        (None, reason) => {
            ledger.abandon(id, reason.as_deref().unwrap_or_default(), clock::now()).map_err(fault)?;
            writeln!(output::stderr(color), "certificate {} is given up", arguments.number)?;
        }
    }
    Ok(Exit::Clean)
}

fn shown(head: AuditHead) -> String {
    format!("{}:{}", head.seq, head.hash)
}
