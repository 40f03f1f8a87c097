//! Whether servers serve what is declared.

use std::io::{self, Write};

use certgate_rules::Finding;
use serde::Serialize;

use crate::json::v1;
use crate::printable::printable;
use crate::text;

/// What a server serves.
pub struct Served {
    /// Host and port.
    pub at: String,
    /// The declaration whose leaf it is to serve.
    pub name: String,
    /// Whether it does.
    pub state: ServedState,
    /// Why clients would not trust what it serves; empty where nothing speaks against that.
    pub findings: Vec<Finding>,
}

/// Whether a server serves the leaf that is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServedState {
    /// It does.
    AsDeclared,
    /// It serves another one.
    Another {
        /// The leaf that it serves, in a few words.
        served: String,
        /// The leaf that is declared.
        declared: String,
    },
    /// Nobody can tell; why, in words.
    Unknown(String),
}

#[derive(Serialize)]
pub(super) struct Json<'a> {
    at: &'a str,
    name: &'a str,
    /// `null` where nobody can tell.
    is_as_declared: Option<bool>,
    /// What else it serves, or why nobody can tell.
    reason: Option<String>,
    clients: v1::Clients,
    findings: Vec<v1::Finding>,
}

impl Served {
    /// Whether it is the leaf that is declared, and nothing speaks against clients trusting it.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.state == ServedState::AsDeclared && self.findings.is_empty()
    }

    /// Whether nobody can tell.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        matches!(self.state, ServedState::Unknown(_))
    }

    fn reason(&self) -> Option<String> {
        match &self.state {
            ServedState::AsDeclared => None,
            ServedState::Another { served, declared } => {
                Some(format!("another leaf: {served}, declared {declared}"))
            }
            ServedState::Unknown(why) => Some(why.clone()),
        }
    }

    pub(super) fn write_text(&self, out: &mut dyn Write, color: bool) -> io::Result<()> {
        let what = match (&self.state, self.reason()) {
            (ServedState::Unknown(why), _) => format!("could not tell: {why}"),
            (_, Some(reason)) => reason,
            (_, None) => "the leaf that is declared".to_owned(),
        };
        let clients = match (self.is_unknown(), self.findings.is_empty()) {
            (true, _) => "",
            (false, true) => ", clients: no objection found",
            (false, false) => ", clients refuse",
        };
        let (at, name) = (printable(&self.at), printable(&self.name));
        writeln!(out, "served by {at} for tls_certificate.{name}: {}{clients}", printable(&what))?;
        if !self.findings.is_empty() {
            writeln!(out)?;
        }
        text::write_findings(out, &self.findings, color)
    }

    pub(super) fn json(&self) -> Json<'_> {
        Json {
            at: &self.at,
            name: &self.name,
            is_as_declared: (!self.is_unknown()).then_some(self.state == ServedState::AsDeclared),
            reason: self.reason(),
            clients: v1::Clients::of((!self.findings.is_empty()).then_some(false), &[]),
            findings: self.findings.iter().map(v1::Finding::of).collect(),
        }
    }
}
