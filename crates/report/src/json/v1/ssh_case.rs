//! A line of an OpenSSH file, judged.

use certgate_facts::{Reading, SshLine as Line};
use certgate_rules::{HostCertificateRequest, SshDocument, Verdict};
use serde::Serialize;

use super::{Api, Clients, Finding, SshLine};
use crate::judged::{self, Judged};

/// A line of an OpenSSH file that was judged.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SshCase {
    /// What kind of line.
    pub kind: SshKind,
    /// Where it came from: one.
    pub inputs: Vec<SshInput>,
    /// What the API would answer to a plain key; `null` for everything else, which goes to no API.
    pub api: Option<Api>,
    /// What clients would say to a host that shows it.
    pub clients: Clients,
    /// What was found: errors first, then warnings.
    pub findings: Vec<Finding>,
    /// What was read.
    pub facts: Option<SshLine>,
}

/// What kind of line was judged, readable or not.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SshKind {
    /// A certificate, for a host or a user.
    SshCertificate,
    /// A request for a host certificate; the line is that of the public key.
    SshHostCertificateRequest,
    /// What clients know of a host or an authority.
    SshKnownHosts,
    /// A plain public key, judged as a host's.
    SshPublicKey,
}

/// A source, the line in it, and the field of a request it goes into.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SshInput {
    /// The path as given; `-` for standard input.
    pub path: String,
    /// The field it goes into; `null` for what goes into none.
    pub slot: Option<SshInputSlot>,
    /// The number of the line, counted from 1.
    pub line: usize,
}

/// A field of a request for a host certificate.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SshInputSlot {
    /// `public_key`.
    PublicKey,
}

impl SshCase {
    pub(super) fn of(judged: &Judged, verdict: &Verdict<SshDocument>) -> Self {
        let document = verdict.case();
        let (kind, slot) = match judged::SshKind::of(document) {
            judged::SshKind::PublicKey => (SshKind::SshPublicKey, Some(SshInputSlot::PublicKey)),
            judged::SshKind::KnownHosts => (SshKind::SshKnownHosts, None),
            judged::SshKind::Certificate
            | judged::SshKind::HostCertificate
            | judged::SshKind::UserCertificate => (SshKind::SshCertificate, None),
        };
        Self::new(judged, kind, slot, document.reading(), document.line())
    }

    pub(super) fn of_request(judged: &Judged, verdict: &Verdict<HostCertificateRequest>) -> Self {
        let (request, slot) = (verdict.case(), Some(SshInputSlot::PublicKey));
        let reading = request.public_key_reading();
        Self::new(judged, SshKind::SshHostCertificateRequest, slot, reading, request.public_key_line())
    }

    fn new(
        judged: &Judged,
        kind: SshKind,
        slot: Option<SshInputSlot>,
        reading: &Reading,
        line: Option<&Line>,
    ) -> Self {
        let source = reading.source();
        let number = line.map_or(1, |line| source.location(line.span).line);
        Self {
            kind,
            inputs: vec![SshInput { path: source.name().to_owned(), slot, line: number }],
            api: judged.api().map(Api::of),
            clients: Clients::of(judged.clients_trust(), &[]),
            findings: judged.findings().iter().map(Finding::of).collect(),
            facts: line.map(|line| SshLine::of(number, &line.content)),
        }
    }
}
