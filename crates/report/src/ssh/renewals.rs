//! Which certificates are to be renewed, and when.

use std::io::{self, Write};

use certgate_facts::{SshCertificate, SshRole, Timestamp};
use certgate_rules::Fraction;
use certgate_sign::renewal::Renewal;
use serde::Serialize;

use crate::json::pretty;
use crate::moment::moment;
use crate::printable::printable;

/// Certificates, and whether they are to be renewed.
#[derive(Clone, Debug, Serialize)]
pub struct Renewals {
    /// The version of this format: 1.
    pub version: u8,
    /// The instant asked about, RFC 3339 in UTC.
    pub at: String,
    /// The part of a lifetime at whose beginning a certificate becomes due, such as `0.33`.
    pub fraction: String,
    /// The certificates, in the order given.
    pub certificates: Vec<OfCertificate>,
}

/// Whether one certificate is to be renewed.
#[derive(Clone, Debug, Serialize)]
pub struct OfCertificate {
    /// Its path as given.
    pub path: String,
    /// Whether it is to be renewed.
    pub state: State,
    /// From when on it is to be renewed, RFC 3339 in UTC; `null` if never, or if nobody can tell.
    pub due_from: Option<String>,
    /// First second after validity, RFC 3339 in UTC; `null` for forever, and for a certificate that was not read.
    pub valid_until: Option<String>,
    /// Why nobody can tell; `null` otherwise.
    pub reason: Option<String>,
}

/// Whether a certificate is to be renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Now.
    Due,
    /// Not yet, or never.
    Fine,
    /// Nobody can tell.
    Unknown,
}

impl OfCertificate {
    /// When a certificate is to be renewed, at `at`; `fraction` of its lifetime should be left. Of one that is not for
    /// hosts, or whose signature does not verify, nobody can tell: it would not be renewed.
    #[must_use]
    pub fn of(path: &str, certificate: &SshCertificate, fraction: Fraction, at: Timestamp) -> Self {
        let Some(fields) = certificate.fields() else {
            return Self::unknown(path, format!("certificates of type {} are not known", certificate.name()));
        };
        if fields.role() != SshRole::Host {
            return Self::unknown(path, "it is a certificate for users, not for a host".to_owned());
        }
        if let Err(fault) = certificate.verify_signature() {
            return Self::unknown(path, format!("it is not to be believed: {fault}"));
        }
        let valid_until = (fields.valid_before() < u64::MAX).then(|| moment(fields.valid_before()));
        let of = |state, due_from: Option<u64>, reason| Self {
            path: path.to_owned(),
            state,
            due_from: due_from.map(moment),
            valid_until: valid_until.clone(),
            reason,
        };
        let now = u64::try_from(at.unix_secs()).unwrap_or_default();
        match Renewal::of(fields, fraction) {
            Renewal::DueFrom(from) if from <= now => of(State::Due, Some(from), None),
            Renewal::DueFrom(from) => of(State::Fine, Some(from), None),
            Renewal::Never => of(State::Fine, None, None),
            // What is over is due, however long it lasted.
            Renewal::Unknown if fields.valid_before() <= now => {
                of(State::Due, Some(fields.valid_before()), None)
            }
            Renewal::Unknown => {
                let reason = "it was always valid, so that no part of its lifetime is known";
                of(State::Unknown, None, Some(reason.to_owned()))
            }
        }
    }

    /// Of a certificate nobody can tell it.
    #[must_use]
    pub fn unknown(path: &str, reason: String) -> Self {
        let path = path.to_owned();
        Self { path, state: State::Unknown, due_from: None, valid_until: None, reason: Some(reason) }
    }
}

impl Renewals {
    /// What was found at `at`.
    #[must_use]
    pub fn new(certificates: Vec<OfCertificate>, fraction: Fraction, at: Timestamp) -> Self {
        Self { version: 1, at: at.to_string(), fraction: fraction.to_string(), certificates }
    }

    /// As JSON.
    ///
    /// # Errors
    /// None that is known; those of the JSON writer.
    pub fn json(&self) -> io::Result<String> {
        pretty(self)
    }

    /// Writes a line for each certificate.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        for one in &self.certificates {
            let until = one.valid_until.as_deref().map(|until| format!(", valid until {until}"));
            let until = until.unwrap_or_default();
            let from = one.due_from.as_deref().unwrap_or_default();
            let words = match (one.state, &one.due_from) {
                (State::Due, _) => format!("due since {from}{until}"),
                (State::Fine, Some(_)) => format!("fine, due from {from}{until}"),
                (State::Fine, None) => "fine, valid forever".to_owned(),
                (State::Unknown, _) => {
                    format!("could not tell: {}{until}", one.reason.as_deref().unwrap_or_default())
                }
            };
            writeln!(out, "{}: {}", printable(&one.path), printable(&words))?;
        }
        Ok(())
    }
}
