//! Version 1 of the JSON of a decision.

use certgate_sign::verify::Decision;
use serde::Serialize;

use super::{Question, hint, is_same, steps};
use crate::ssh::Signature;

/// What clients decide about a certificate.
#[derive(Clone, Debug, Serialize)]
pub struct Decisions {
    /// The version of this format: 1.
    pub version: u8,
    /// The path of the certificate as given.
    pub certificate: String,
    /// The host, as principals are compared with it: in lower case, addresses in canonical form.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The instant asked about, RFC 3339 in UTC.
    pub at: String,
    /// `certificate` if all clients asked about accept the certificate; else what the first that does not decides:
    /// `plain-key` or `refused`.
    pub decision: String,
    /// The step that made that decision.
    pub step: String,
    /// Why, in words.
    pub reason: String,
    /// Whether all clients asked about decide the same for the same reason.
    pub agree: bool,
    /// Whether the authority's signature holds.
    pub signature: Signature,
    /// What each client decides, in the order asked.
    pub clients: Vec<OfClient>,
}

/// What one client decides.
#[derive(Clone, Debug, Serialize)]
pub struct OfClient {
    /// Its version, such as `10.3`.
    pub client: String,
    /// `certificate`, `plain-key` or `refused`.
    pub decision: String,
    /// The step that made the decision.
    pub step: String,
    /// Why, in words.
    pub reason: String,
    /// The line of known hosts that decided, if one did.
    pub line: Option<LineOf>,
    /// The steps in the order in which they are taken, those of the certificate first.
    pub steps: Vec<StepTaken>,
    /// What to do about what failed.
    pub hints: Vec<String>,
}

/// A line of a file.
#[derive(Clone, Debug, Serialize)]
pub struct LineOf {
    /// The path as given.
    pub path: String,
    /// Its number, counted from 1.
    pub line: usize,
}

/// A step, and how it went.
#[derive(Clone, Debug, Serialize)]
pub struct StepTaken {
    /// Its name.
    pub step: String,
    /// How it went.
    pub result: StepResult,
    /// What was found, in words; empty if the step was not reached.
    pub fact: String,
}

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepResult {
    /// The certificate, or the key, passed it.
    Passed,
    /// It did not.
    Failed,
    /// A step before failed.
    NotReached,
}

impl Decisions {
    pub(super) fn of(question: &Question<'_>, answers: &[super::Answer]) -> Self {
        let clients: Vec<OfClient> = answers.iter().map(|answer| OfClient::of(question, answer)).collect();
        let accepted = Decision::Certificate.to_string();
        let telling = clients.iter().find(|client| client.decision != accepted).or_else(|| clients.first());
        let of_telling = |field: fn(&OfClient) -> &String| telling.map(field).cloned().unwrap_or_default();
        Self {
            version: 1,
            certificate: question.path.to_owned(),
            host: question.target.name().to_owned(),
            port: question.port,
            at: question.at.to_string(),
            decision: of_telling(|client| &client.decision),
            step: of_telling(|client| &client.step),
            reason: of_telling(|client| &client.reason),
            agree: answers.windows(2).all(|pair| is_same(&pair[0].outcome, &pair[1].outcome)),
            signature: question.signature.clone(),
            clients,
        }
    }
}

impl OfClient {
    fn of(question: &Question<'_>, answer: &super::Answer) -> Self {
        let outcome = &answer.outcome;
        let line = outcome.place().and_then(|place| {
            let path = question.known_hosts.get(place.file)?.clone();
            Some(LineOf { path, line: place.line })
        });
        Self {
            client: answer.client.to_string(),
            decision: outcome.decision().to_string(),
            step: outcome.step().to_string(),
            reason: outcome.reason().to_owned(),
            line,
            steps: steps::taken(question, answer),
            hints: hint::of(question, answer),
        }
    }
}
