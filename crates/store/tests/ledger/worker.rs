//! A process that works on a ledger: this very program, started again for one of its tests.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use certgate_facts::hex;
use certgate_store::{
    Conflict, Error, Ledger as _, OpenLedger, PostgresAddress, PostgresLedger, SqliteLedger,
};

use crate::harness::{Guarded, key, new_authority, now, try_issue, wish};
use crate::sqlite::Folder;

/// The ledger's folder, or the address of its database.
const PLACE: &str = "CERTGATE_TEST_LEDGER";
/// Where what is signed, and what is handed out, is written down.
const LOG: &str = "CERTGATE_TEST_LOG";
/// How many rounds to issue.
const ROUNDS: &str = "CERTGATE_TEST_ROUNDS";
/// Requests in a round.
const ROUND_REQUESTS: u64 = 7;
/// Before what a worker says at its end.
const SAYS: &str = "worker says: ";

/// The command that starts a worker; `before` are words before it, such as `setpriv` and its arguments.
pub(crate) fn command(
    before: &[&str],
    place: impl AsRef<OsStr>,
    log: Option<&Path>,
    rounds: usize,
) -> Command {
    let program = std::env::current_exe().unwrap();
    let mut command = match before {
        [] => Command::new(program),
        [first, rest @ ..] => {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            command
        }
    };
    command.args(["--exact", "worker::a_worker_issues_what_it_is_told_to", "--nocapture", "--quiet"]);
    command.env(PLACE, place).env(ROUNDS, rounds.to_string());
    command.env(LOG, log.unwrap_or_else(|| Path::new("/dev/null")));
    command
}

/// What a worker said at its end; nothing if it did not come to that.
pub(crate) fn word_of(mut command: Command) -> Option<String> {
    let output = command.output().unwrap_or_else(|error| panic!("{:?}: {error}", command.get_program()));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().find_map(|line| line.split_once(SAYS)).map(|(_, word)| word.to_owned())
}

#[expect(clippy::disallowed_methods, reason = "a process of a test is told what to do by its environment")]
fn told(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

/// Without being told anything it works on a ledger of its own.
#[test]
fn a_worker_issues_what_it_is_told_to() {
    let own = Folder::new();
    let place = told(PLACE).unwrap_or_else(|| own.path().to_str().unwrap().to_owned());
    let rounds = told(ROUNDS).map_or(2, |rounds| rounds.parse().unwrap());
    let log = told(LOG).map_or_else(|| PathBuf::from("/dev/null"), PathBuf::from);
    let log = OpenOptions::new().append(true).create(true).open(log).unwrap();
    match work(&place, rounds, log) {
        Ok(issued) => println!("{SAYS}issued {issued}"),
        Err(error) => println!("{SAYS}{error:?}"),
    }
    if told(PLACE).is_none() {
        let ledger = own.ledger();
        assert_eq!(ledger.verify_audit().unwrap().unwrap().seq, 1 + 2 * 2 * ROUND_REQUESTS);
    }
}

/// Issues in rounds. Each line of the log is one write.
fn work(place: &str, rounds: usize, log: File) -> Result<usize, Error> {
    let mut ledger: OpenLedger = match place.starts_with("postgres://") {
        true => PostgresLedger::open(&PostgresAddress::read(place)?)?.into(),
        false => SqliteLedger::open(Path::new(place))?.into(),
    };
    match ledger.add_authority(&new_authority("prod", 1), now()) {
        Ok(_) | Err(Error::Conflict(Conflict::AuthorityNameTaken { .. })) => {}
        Err(error) => return Err(error),
    }
    let log = Mutex::new(log);
    let write = |line: String| log.lock().unwrap().write_all(line.as_bytes()).unwrap();
    let guard = |bytes: &[u8]| {
        write(format!("signed {}\n", hex(bytes)));
        Ok(())
    };
    let signer = Guarded { key: key(1), guard };
    let wishes: Vec<_> = (1..=ROUND_REQUESTS).map(wish).collect();
    let mut issued = 0;
    for _ in 0..rounds {
        for outcome in try_issue(&mut ledger, "prod", &signer, &wishes)? {
            write(format!("handed out {}\n", hex(outcome.unwrap().certificate.certificate().blob())));
            issued += 1;
        }
    }
    Ok(issued)
}
