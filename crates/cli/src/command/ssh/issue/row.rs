//! One host of a run: what was asked, and what became of it.

use std::path::PathBuf;

use certgate_report::ssh::issuing::{Action, Host};
use certgate_rules::{Cleared, Finding, HostCertificateRequest};

/// What became of one host so far.
pub(super) struct Row {
    /// What the host is called: its key id.
    pub(super) name: String,
    /// Where the certificate goes; nothing for standard output.
    pub(super) out: Option<PathBuf>,
    /// Why it needs a certificate, or why it failed.
    pub(super) reasons: Vec<String>,
    /// What was found in judging.
    pub(super) findings: Vec<Finding>,
    pub(super) stage: Stage,
}

/// How far it is.
pub(super) enum Stage {
    /// The certificate that is there is good.
    Kept,
    /// The ledger has a good certificate, and its file is missing or another.
    ToBeCopied(String),
    /// It passed and is to be signed, under this authority.
    ToBeSigned(usize, Box<Cleared<HostCertificateRequest>>),
    /// It is being signed.
    InFlight,
    /// The file was written from the ledger.
    Copied,
    /// It is in the ledger and written.
    Issued {
        /// Its serial.
        serial: u64,
        /// The first second after its validity.
        valid_before: u64,
    },
    /// The rules refuse it.
    Refused,
    /// It could not be done.
    Failed,
}

impl Row {
    /// One that failed before anything was judged.
    pub(super) fn failed(name: String, out: Option<PathBuf>, why: String) -> Self {
        Self { name, out, reasons: vec![why], findings: Vec::new(), stage: Stage::Failed }
    }

    pub(super) fn fail(&mut self, why: impl Into<String>) {
        self.reasons = vec![why.into()];
        self.stage = Stage::Failed;
    }

    pub(super) fn has_failed(&self) -> bool {
        matches!(self.stage, Stage::Failed | Stage::InFlight)
    }

    pub(super) fn is_refused(&self) -> bool {
        matches!(self.stage, Stage::Refused)
    }

    pub(super) fn goes_to_a_file(&self) -> bool {
        self.out.is_some()
    }

    /// What is said of it.
    pub(super) fn shown(&self) -> Host<'_> {
        let (action, serial, valid_before) = match &self.stage {
            Stage::Kept => (Action::Keep, None, None),
            Stage::ToBeCopied(_) | Stage::Copied => (Action::Write, None, None),
            Stage::ToBeSigned(..) => (Action::Issue, None, None),
            Stage::Issued { serial, valid_before } => (Action::Issue, Some(*serial), Some(*valid_before)),
            Stage::Refused => (Action::Refuse, None, None),
            Stage::Failed | Stage::InFlight => (Action::Fail, None, None),
        };
        Host {
            name: &self.name,
            action,
            reasons: &self.reasons,
            findings: &self.findings,
            file: self.out.as_deref().map(|path| path.display().to_string()),
            serial,
            valid_before,
        }
    }
}
