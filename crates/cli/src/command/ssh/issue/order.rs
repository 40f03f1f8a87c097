//! What is asked for one host, from arguments or an inventory.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Reading, SshContent, SshPublicKey, Timestamp};
use certgate_rules::{Field, Moment, SSH_LIFETIME_SECS_DEFAULT};
use certgate_store::{AuthorityName, AuthorityRecord, AuthorityState, Ledger};

use super::row::Row;
use super::threads;
use crate::cli::{IssueArguments, ValidityArguments};
use crate::command::ssh::{ca, fault};
use crate::failure::Failure;
use crate::input;
use crate::inventory::{self, Host};
use crate::lifetime::Lifetime;

/// How far validity reaches back, for clocks that are late: a minute, as `ssh-keygen` has it.
const BACKDATED_SECS: u64 = 60;

/// What is asked for one host.
pub(super) struct Order {
    pub(super) authority: AuthorityName,
    pub(super) public_key: HostKey,
    pub(super) key_id: Field,
    pub(super) principals: Vec<Field>,
    pub(super) valid_after: Moment,
    pub(super) valid_before: Moment,
    /// Whether its length was asked for, and not the usual one taken.
    pub(super) lifetime: Option<Lifetime>,
    /// Where the certificate goes; nothing for standard output.
    pub(super) out: Option<PathBuf>,
    /// What is to be said of it before anything is planned.
    pub(super) remarks: Vec<String>,
}

/// What was given as the public key of a host.
pub(super) struct HostKey {
    reading: Arc<Reading>,
    fingerprint: Option<String>,
}

impl HostKey {
    pub(super) fn of(reading: Arc<Reading>) -> Self {
        let fingerprint = key(&reading).map(SshPublicKey::fingerprint);
        Self { reading, fingerprint }
    }

    /// The key on the first line, if it is one.
    pub(super) fn key(&self) -> Option<&SshPublicKey> {
        key(&self.reading)
    }

    /// Its fingerprint, if there is a key.
    pub(super) fn fingerprint(&self) -> Option<&str> {
        self.fingerprint.as_deref()
    }

    pub(super) fn into_reading(self) -> Arc<Reading> {
        self.reading
    }
}

fn key(reading: &Reading) -> Option<&SshPublicKey> {
    match &reading.ssh_lines().first()?.content {
        SshContent::PublicKey(key) => Some(key),
        _ => None,
    }
}

/// From when until when, where a host does not say.
pub(super) struct Times {
    now: u64,
    valid_after: Option<Field>,
    valid_until: Option<Field>,
    valid_for: Option<Lifetime>,
}

impl Times {
    pub(super) fn of(arguments: &ValidityArguments, now: Timestamp) -> Result<Self, Failure> {
        let optional = |name: &str, text: &Option<String>| match text {
            Some(text) => field(name, text).map(Some),
            None => Ok(None),
        };
        Ok(Self {
            now: u64::try_from(now.unix_secs()).unwrap_or(0),
            valid_after: optional("--valid-after", &arguments.valid_after)?,
            valid_until: optional("--valid-until", &arguments.valid_until)?,
            valid_for: arguments.valid_for,
        })
    }

    /// Both ends, for a host that asks for this length or none. The minute before now counts to the length.
    pub(super) fn moments(&self, length: Option<Lifetime>) -> (Moment, Moment) {
        let after = match &self.valid_after {
            Some(field) => Moment::written(field.clone()),
            None => Moment::at(self.now.saturating_sub(BACKDATED_SECS)),
        };
        let before = match (&self.valid_until, after.secs()) {
            (Some(field), _) => Moment::written(field.clone()),
            (None, start) => {
                let length = length.or(self.valid_for).map_or(SSH_LIFETIME_SECS_DEFAULT, Lifetime::secs);
                Moment::at(start.unwrap_or(self.now).saturating_add(length))
            }
        };
        (after, before)
    }

    pub(super) fn valid_for(&self) -> Option<Lifetime> {
        self.valid_for
    }
}

/// The order of `--public-key` and its fellows.
pub(super) fn of_arguments(
    arguments: &IssueArguments,
    public_key: &Path,
    ledger: &dyn Ledger,
    times: &Times,
) -> Result<Result<Order, Row>, Failure> {
    let principals: Result<Vec<Field>, Failure> =
        arguments.principal.iter().map(|text| field("--principal", text)).collect();
    let principals = principals?;
    let key_id = match (&arguments.key_id, principals.first()) {
        (Some(text), _) => field("--key-id", text)?,
        (None, Some(first)) => first.clone(),
        (None, None) => field("--key-id", &public_key.display().to_string())?,
    };
    let out = match &arguments.out {
        Some(path) if path == Path::new("-") => None,
        Some(path) => Some(path.clone()),
        None if public_key == Path::new("-") => None,
        None => Some(inventory::beside(public_key)),
    };
    let (valid_after, valid_before) = times.moments(None);
    Ok(Ok(Order {
        authority: authority(ledger, arguments.ca.as_ref())?,
        public_key: HostKey::of(input::read(public_key)?),
        key_id,
        principals,
        valid_after,
        valid_before,
        lifetime: times.valid_for(),
        out,
        remarks: Vec::new(),
    }))
}

/// The orders of an inventory; a host whose key cannot be read has failed already.
pub(super) fn of_hosts(
    hosts: Vec<Host>,
    ledger: &dyn Ledger,
    ca: Option<&AuthorityName>,
    times: &Times,
    threads: NonZeroUsize,
) -> Result<Vec<Result<Order, Row>>, Failure> {
    let usual = match hosts.iter().any(|host| host.ca.is_none()) {
        true => Some(authority(ledger, ca)?),
        false => None,
    };
    for name in hosts.iter().filter_map(|host| host.ca.as_ref()).collect::<std::collections::BTreeSet<_>>() {
        authority(ledger, Some(name))?;
    }
    Ok(threads::map(hosts, threads, |host| of_host(host, usual.as_ref(), times)))
}

fn of_host(host: Host, usual: Option<&AuthorityName>, times: &Times) -> Result<Order, Row> {
    let out = Some(host.certificate_file);
    let name = host.key_id.text().to_owned();
    let public_key = match input::read(&host.public_key) {
        Ok(reading) => HostKey::of(reading),
        Err(failure) => return Err(Row::failed(name, out, failure.in_one_line())),
    };
    let Some(authority) = host.ca.or_else(|| usual.cloned()) else {
        return Err(Row::failed(name, out, "no authority was named for it".to_owned()));
    };
    let (valid_after, valid_before) = times.moments(host.valid_for);
    Ok(Order {
        authority,
        public_key,
        key_id: host.key_id,
        principals: host.principals,
        valid_after,
        valid_before,
        lifetime: host.valid_for.or_else(|| times.valid_for()),
        out,
        remarks: Vec::new(),
    })
}

/// The authority of a name, or the only one that signs.
pub(super) fn authority(ledger: &dyn Ledger, name: Option<&AuthorityName>) -> Result<AuthorityName, Failure> {
    if let Some(name) = name {
        let record = ca::known(ledger, name)?;
        if record.state == AuthorityState::Signing {
            return Ok(record.name);
        }
        return Err(Failure::input(format!("authority {name} does not sign: it is {}", record.state))
            .with_hint("`certgate ssh ca list` shows which does; `certgate ssh ca rotate` changes it"));
    }
    let signing: Vec<AuthorityRecord> = ledger
        .authorities()
        .map_err(fault)?
        .into_iter()
        .filter(|record| record.state == AuthorityState::Signing)
        .collect();
    match signing.as_slice() {
        [only] => Ok(only.name.clone()),
        [] => Err(Failure::input("no authority signs").with_hint("`certgate ssh ca create NAME` makes one")),
        several => {
            let names: Vec<&str> = several.iter().map(|record| record.name.as_str()).collect();
            Err(Failure::input("several authorities sign")
                .with_hint(format!("name one with --ca: {}", names.join(", "))))
        }
    }
}

/// An argument as a field of a request.
pub(super) fn field(name: &str, text: &str) -> Result<Field, Failure> {
    Field::new(name, text).map_err(|error| Failure::input(format!("{name}: {error}")))
}
