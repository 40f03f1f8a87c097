//! What a run of issuing did, or would do, for each host.

use std::collections::BTreeMap;
use std::io::{self, Write};

use certgate_rules::Finding;
use serde::Serialize;

use crate::json::{pretty, v1};
use crate::moment::moment;
use crate::printable::printable;
use crate::tally::counted;
use crate::text;

/// Hosts that failed or were refused and are told one by one; a longer list tells nobody more.
const TOLD_MAX: usize = 20;

/// What is done for a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// A certificate is issued.
    Issue,
    /// The one it has is good.
    Keep,
    /// Its file is written from the ledger.
    Write,
    /// The rules refuse it.
    Refuse,
    /// It could not be done.
    Fail,
}

/// A host of a run.
pub struct Host<'a> {
    /// Its key id.
    pub name: &'a str,
    /// What is done.
    pub action: Action,
    /// Why.
    pub reasons: &'a [String],
    /// What was found in judging.
    pub findings: &'a [Finding],
    /// Where the certificate is; `None` for standard output.
    pub file: Option<String>,
    /// The serial, once there is one.
    pub serial: Option<u64>,
    /// The first second after validity, once there is one.
    pub valid_before: Option<u64>,
}

#[derive(Serialize)]
struct Run<'a> {
    version: u32,
    dry_run: bool,
    hosts: Vec<Json<'a>>,
}

#[derive(Serialize)]
struct Json<'a> {
    key_id: &'a str,
    action: Action,
    reasons: &'a [String],
    serial: Option<String>,
    valid_until: Option<String>,
    file: &'a Option<String>,
    findings: Vec<v1::Finding>,
}

/// The run as JSON.
///
/// # Errors
/// None that is known; those of the JSON writer.
pub fn json(hosts: &[Host<'_>], is_dry: bool) -> io::Result<String> {
    let hosts = hosts.iter().map(|host| Json {
        key_id: host.name,
        action: host.action,
        reasons: host.reasons,
        serial: host.serial.map(|serial| serial.to_string()),
        valid_until: host.valid_before.map(moment),
        file: &host.file,
        findings: host.findings.iter().map(v1::Finding::of).collect(),
    });
    pretty(&Run { version: 1, dry_run: is_dry, hosts: hosts.collect() })
}

/// The run in words: what was found and what failed, host by host, and a line that sums it up. A dry run names every host that
/// would get something.
///
/// # Errors
/// What `out` answers.
pub fn write_text(out: &mut dyn Write, hosts: &[Host<'_>], is_dry: bool, color: bool) -> io::Result<()> {
    let troubled = |host: &&Host<'_>| {
        host.action == Action::Fail || host.action == Action::Refuse || !host.findings.is_empty()
    };
    for host in hosts.iter().filter(troubled).take(TOLD_MAX) {
        if host.action == Action::Fail {
            writeln!(out, "failed: {}: {}\n", printable(host.name), printable(&host.reasons.join("; ")))?;
        }
        text::write_findings(out, host.findings, color)?;
    }
    let left_out = hosts.iter().filter(troubled).count().saturating_sub(TOLD_MAX);
    if left_out > 0 {
        writeln!(out, "and {left_out} more hosts with findings; `--format json` has them all\n")?;
    }
    let is_told = |host: &&Host<'_>| hosts.len() == 1 || (is_dry && host.action != Action::Keep);
    for host in hosts.iter().filter(is_told) {
        told(out, host, is_dry)?;
    }
    if hosts.len() > 1 {
        writeln!(out, "{}", summary(hosts, is_dry))?;
    }
    Ok(())
}

fn told(out: &mut dyn Write, host: &Host<'_>, is_dry: bool) -> io::Result<()> {
    let name = printable(host.name);
    let file = host.file.as_deref().map_or_else(|| "standard output".into(), printable);
    let because = match host.reasons {
        [] => String::new(),
        reasons => format!(": {}", printable(&reasons.join("; "))),
    };
    match (host.action, host.serial, host.valid_before) {
        (Action::Issue, Some(serial), Some(end)) => {
            writeln!(out, "{name}: issued serial {serial}, valid until {}, to {file}{because}", moment(end))
        }
        (Action::Issue, ..) => writeln!(out, "{name}: would be issued, to {file}{because}"),
        (Action::Keep, ..) => writeln!(out, "{name}: keeps its certificate in {file}"),
        (Action::Write, ..) if is_dry => writeln!(out, "{name}: would be written to {file}{because}"),
        (Action::Write, ..) => writeln!(out, "{name}: written to {file}{because}"),
        (Action::Refuse, ..) => writeln!(out, "{name}: refused; nothing was signed"),
        (Action::Fail, ..) => Ok(()),
    }
}

fn summary(hosts: &[Host<'_>], is_dry: bool) -> String {
    let mut counts: BTreeMap<Action, usize> = BTreeMap::new();
    for host in hosts {
        *counts.entry(host.action).or_default() += 1;
    }
    let words = |action| match (action, is_dry) {
        (Action::Issue, true) => "to be issued",
        (Action::Issue, false) => "issued",
        (Action::Keep, _) => "kept",
        (Action::Write, true) => "to be written again",
        (Action::Write, false) => "written again",
        (Action::Refuse, _) => "refused",
        (Action::Fail, _) => "failed",
    };
    let parts: Vec<String> =
        counts.iter().map(|(action, count)| format!("{count} {}", words(*action))).collect();
    format!("{}: {}", counted(hosts.len(), "host"), parts.join(", "))
}
