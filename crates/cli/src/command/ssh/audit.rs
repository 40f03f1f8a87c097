//! `certgate ssh audit`.

use std::io::Write;

use certgate_facts::Timestamp;
use certgate_report::ssh::audit;
use certgate_store::{
    AuditHead, AuditRecords, CertificateFilter, CertificateId, Certificates, Error, Ledger,
};

use super::fault;
use crate::cli::{AuditCloseArguments, AuditCommand, AuditVerifyArguments, ColorChoice};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{clock, output, ssh_input};

/// For so long after it was reserved a certificate may be on its way.
const IN_PROGRESS_SECS: i64 = 3_600;

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
    let kept = arguments.contains.as_deref().map(head).transpose()?;
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
    if let Some((number, hash)) = kept {
        let is_there = contains(&ledger, number, hash)?;
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

/// Number and hash of a head that was kept.
fn head(kept: &str) -> Result<(u64, &str), Failure> {
    let unusable = || {
        Failure::input(format!("`{}` is no head", kept.escape_debug()))
            .with_hint("give what `certgate ssh audit head` wrote: a number, `:`, and 64 hexadecimal digits")
    };
    let (number, hash) = kept.trim().split_once(':').ok_or_else(unusable)?;
    let number: u64 = number.parse().map_err(|_| unusable())?;
    if number == 0 || hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(unusable());
    }
    Ok((number, hash))
}

/// Whether the chain has a record of this number and hash.
fn contains(ledger: &dyn Ledger, number: u64, hash: &str) -> Result<bool, Failure> {
    let records = ledger.audit_records(number.saturating_sub(1)).map_err(fault)?;
    Ok(records
        .first()
        .is_some_and(|record| record.seq == number && record.hash.to_string().eq_ignore_ascii_case(hash)))
}

fn close(arguments: &AuditCloseArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let mut ledger = arguments.state.state()?.ledger()?;
    let reason = arguments.abandon.as_deref().unwrap_or_default();
    let Some(number) = arguments.number else {
        let count = abandon_all(&mut ledger, reason, clock::now())?;
        let left = Certificates::of(&ledger, CertificateFilter::unfinished()).collect::<Result<Vec<_>, _>>();
        let mut stderr = output::stderr(color);
        writeln!(stderr, "{count} certificates are given up")?;
        match left.map_err(fault)?.len() {
            0 => {}
            left => writeln!(
                stderr,
                "{left} stay: they were reserved less than an hour ago, and may be on their way"
            )?,
        }
        return Ok(Exit::Clean);
    };
    let id = CertificateId::from_number(number);
    match &arguments.certificate {
        Some(path) => {
            let certificate = ssh_input::certificate(path)?;
            ledger.complete(id, &certificate, clock::now()).map_err(fault)?;
            writeln!(output::stderr(color), "certificate {number} is recorded")?;
        }
        None => {
            ledger.abandon(id, reason, clock::now()).map_err(fault)?;
            writeln!(output::stderr(color), "certificate {number} is given up")?;
        }
    }
    Ok(Exit::Clean)
}

/// Gives up all that no run can be busy with; how many that were comes back.
fn abandon_all(ledger: &mut dyn Ledger, reason: &str, now: Timestamp) -> Result<usize, Failure> {
    let reserved_before = Timestamp::from_unix_secs(now.unix_secs().saturating_sub(IN_PROGRESS_SECS));
    let mut count = 0;
    loop {
        match ledger.abandon_older(reserved_before, reason, now).map_err(fault)? {
            0 => return Ok(count),
            closed => count += closed,
        }
    }
}

fn shown(head: AuditHead) -> String {
    format!("{}:{}", head.seq, head.hash)
}

#[cfg(test)]
mod tests {
    use certgate_facts::SshPublicKey;
    use certgate_sign::ToBeSigned;
    use certgate_store::{
        BATCH_CERTIFICATES_MAX, Custody, NewAuthority, Origin, Preparation, SerialStart, SqliteLedger,
    };

    use super::*;

    const KEY: &[u8] = b"\0\0\0\x0bssh-ed25519\0\0\0\x20- an authority of these tests --";

    /// So many certificates for one host.
    struct Hosts(usize, Option<ToBeSigned>);

    impl Preparation for Hosts {
        fn next(&mut self, serial: u64) -> Option<&ToBeSigned> {
            self.0 = self.0.checked_sub(1)?;
            let string = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
            let bytes = [
                string(b"ssh-ed25519-cert-v01@openssh.com"),
                string(&[1; 32]),
                string(&[2; 32]),
                serial.to_be_bytes().to_vec(),
                2_u32.to_be_bytes().to_vec(),
                string(b"web"),
                string(&string(b"web.example.com")),
                [1_u64, 2].map(u64::to_be_bytes).concat(),
                string(b""),
                string(b""),
                string(b""),
                string(KEY),
            ];
            self.1 = Some(ToBeSigned::from_bytes_cleared_elsewhere(&bytes.concat()).unwrap());
            self.1.as_ref()
        }
    }

    #[test]
    fn all_that_was_reserved_more_than_an_hour_ago_is_given_up_and_nothing_younger() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = SqliteLedger::open(folder.path()).unwrap();
        let new = NewAuthority {
            name: "hosts".parse().unwrap(),
            public_key: SshPublicKey::from_blob(KEY).unwrap(),
            comment: String::new(),
            custody: Custody::Agent,
            origin: Origin::Created,
            succeeds: None,
            serial_start: SerialStart::ONE,
        };
        let at = |secs: i64| Timestamp::from_unix_secs(1_793_491_200 + secs);
        ledger.add_authority(&new, at(0)).unwrap();
        for (secs, count) in [(0, BATCH_CERTIFICATES_MAX + 2), (1, 3)] {
            let reserved = ledger.reserve(&new.name, at(secs), &mut Hosts(count, None)).unwrap();
            assert_eq!(reserved.len(), count);
        }
        let mut give_up = |secs| abandon_all(&mut ledger, "lost", at(secs)).unwrap();
        assert_eq!(give_up(3_600), 0);
        assert_eq!(give_up(3_601), BATCH_CERTIFICATES_MAX + 2);
        assert_eq!(Certificates::of(&ledger, CertificateFilter::unfinished()).count(), 3);
    }
}
