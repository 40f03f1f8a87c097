//! What OpenSSH clients decide about a host certificate, step by step.

mod hint;
mod steps;
mod v1;

use std::io::{self, Write};

use certgate_facts::{SshCertificate, Timestamp};
use certgate_sign::verify::{ClientVersion, Decision, Outcome, Place, Step, Target};

pub use v1::{Decisions, LineOf, OfClient, StepResult, StepTaken};

use super::Signature;
use crate::json::pretty;
use crate::printable::printable;

/// What was asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The path of the certificate.
    pub path: &'a str,
    /// The certificate.
    pub certificate: &'a SshCertificate,
    /// Whether its signature holds.
    pub signature: &'a Signature,
    /// The host.
    pub target: &'a Target,
    /// The port of the host.
    pub port: u16,
    /// When.
    pub at: Timestamp,
    /// The paths of the files with known hosts, in the order in which the client has them.
    pub known_hosts: &'a [String],
    /// How many revocation lists there are.
    pub revocation_lists: usize,
}

/// What one client answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The client's version.
    pub client: ClientVersion,
    /// Which clients do as this one, in words: `clients 9.4 to 10.2`.
    pub clients: String,
    /// What it decides.
    pub outcome: Outcome,
    /// Whether it cannot read one of the revocation lists.
    pub refuses_list: bool,
}

/// Writes what clients decide, as [version 1](Decisions).
///
/// # Errors
/// None that is known; those of the JSON writer.
pub fn json(question: &Question<'_>, answers: &[Answer]) -> io::Result<String> {
    pretty(&Decisions::of(question, answers))
}

/// Writes what clients decide, each step, and how to repair what failed. Clients that agree are written once.
///
/// # Errors
/// What `out` answers.
pub fn write_text(out: &mut dyn Write, question: &Question<'_>, answers: &[Answer]) -> io::Result<()> {
    let agree = answers.windows(2).all(|pair| is_same(&pair[0].outcome, &pair[1].outcome));
    let shown = if agree { answers.get(..1).unwrap_or_default() } else { answers };
    for (index, answer) in shown.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let clients = if agree && answers.len() > 1 { "all clients asked about" } else { &answer.clients };
        let title = format!(
            "{} for {} at {}, {clients}: {}",
            question.path,
            question.target.name(),
            question.at,
            answer.outcome.decision()
        );
        writeln!(out, "{}", printable(&title))?;
        for step in steps::taken(question, answer) {
            let result = match step.result {
                StepResult::Passed => "passed",
                StepResult::Failed => "failed",
                StepResult::NotReached => "-",
            };
            let line = format!("  {result:<7} {:<19} {}", step.step, step.fact);
            writeln!(out, "{}", printable(line.trim_end()))?;
        }
        for hint in hint::of(question, answer) {
            writeln!(out, "  hint: {}", printable(&hint))?;
        }
    }
    Ok(())
}

fn is_same(one: &Outcome, other: &Outcome) -> bool {
    one.decision() == other.decision() && one.step() == other.step() && one.reason() == other.reason()
}

/// Where the certificate failed; nothing if it was accepted.
fn failure(outcome: &Outcome) -> Option<(Step, &str, Option<Place>)> {
    match outcome.certificate_refusal() {
        Some(refusal) => Some((refusal.step(), refusal.reason(), refusal.place())),
        None if outcome.decision() == Decision::Certificate => None,
        None => Some((outcome.step(), outcome.reason(), outcome.place())),
    }
}

/// `path:line`.
fn place(question: &Question<'_>, place: Place) -> String {
    let path = question.known_hosts.get(place.file).map_or("?", String::as_str);
    format!("{path}:{}", place.line)
}
