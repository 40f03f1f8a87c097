//! Version 1 of the JSON format: what every field means.

mod certificate;
mod chain;
mod configuration;
mod key;
mod private_key;
mod reading;
mod ssh;
mod ssh_case;

use certgate_facts::Timestamp;
use certgate_rules::{ApiCode, Label, Level, Scope, Slot, TargetUpload, TlsUpload, Upload, Verdict};
use serde::Serialize;

pub use certificate::{BasicConstraints, Certificate, NameConstraints, Names};
pub use chain::{Chain, Duplicate, Link};
pub use configuration::{ConfigurationCase, ConfigurationInput, ConfigurationKind};
pub use key::Key;
pub use private_key::{KeyFormat, KeyState, PrivateKey};
pub use reading::{Block, Reading};
pub use ssh::{KnownHost, KnownHostMarker, SshCertificate, SshKey, SshLine, SshOption, SshRole};
pub use ssh_case::{SshCase, SshInput, SshInputSlot, SshKind};

use crate::judged::Judged;
use crate::tally::Tally;

/// The whole output of one run.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// The version of this format: 1.
    #[cfg_attr(test, schemars(range(min = 1, max = 1)))]
    pub version: u8,
    /// The instant at which was judged, RFC 3339 in UTC.
    pub at: String,
    /// What was judged: uploads first, then OpenSSH files line by line, each in the order given; the
    /// configuration last.
    pub cases: Vec<Case>,
    /// Counts over all cases.
    pub summary: Summary,
}

/// One thing that was judged; `kind` tells which.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Case {
    /// A request to create a TLS certificate.
    TlsUpload(Box<TlsCase>),
    /// A line of an OpenSSH file, or a request for a certificate of the key on it.
    Ssh(Box<SshCase>),
    /// What a configuration says is to be ignored; there only where something was found.
    Configuration(Box<ConfigurationCase>),
}

/// A request to create a TLS certificate that was judged.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct TlsCase {
    /// What kind of thing.
    pub kind: Kind,
    /// Where it came from; what was not given is not listed.
    pub inputs: Vec<Input>,
    /// What the API would answer; `null` where it goes elsewhere.
    pub api: Option<Api>,
    /// Where it goes, and what would be said there.
    pub target: Target,
    /// What clients would say.
    pub clients: Clients,
    /// What was found: errors first, in the order in which the API would meet them, then warnings.
    pub findings: Vec<Finding>,
    /// What was read.
    pub facts: Facts,
}

/// What kind of thing was judged.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A request to create a TLS certificate.
    TlsUpload,
}

/// A source, and the field of the request it goes into; several for one field where a chain goes on in another file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Input {
    /// The path as given; `-` for standard input.
    pub path: String,
    /// The field it goes into.
    pub slot: InputSlot,
}

/// A field of the request.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InputSlot {
    /// `certificate_pem`.
    Certificate,
    /// `private_key_pem`.
    PrivateKey,
}

/// What the API would answer.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Api {
    /// Whether it would accept, whatever the levels of the rules.
    pub accepted: bool,
    /// The code it would refuse with, such as `ERR_NGROK_1923`; `null` where it would accept.
    pub code: Option<String>,
}

/// Where an upload goes.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Target {
    /// What `--for` calls it, such as `aws-acm`; `ngrok` for the API.
    pub name: String,
    /// Whether it would accept, as far as its documents say, whatever the levels of the rules.
    pub accepted: bool,
}

/// Who refuses because of a finding, and where that is written.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Refusal {
    /// What `--for` calls it.
    pub target: String,
    /// What the document is called.
    pub document: String,
    /// Where it is.
    pub url: String,
}

/// What clients that connect would say.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Clients {
    /// `false` where a finding says why they would refuse; `null` where none does, which is no promise.
    pub trusted: Option<bool>,
}

/// One fault: the fact, where it is, and what to do about it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// The name of the rule, such as `key-does-not-match-leaf`.
    pub rule: String,
    /// The stable code of the rule, such as `CG301`.
    pub code: String,
    /// How much it weighs under the levels of this run.
    pub severity: Severity,
    /// The code the API would refuse with because of it; `null` where the API would not mind.
    pub api_code: Option<String>,
    /// Who else would refuse because of it; `null` where the upload goes to the API, and where nobody is known to mind.
    pub refused_by: Option<Refusal>,
    /// The fault in one line.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The place at fault.
    pub primary: Place,
    /// Other places that explain it.
    pub related: Vec<Place>,
    /// What it is recognised by in the next run: made of the rule and of what it is about, without place and time.
    pub fingerprint: String,
    /// What `certgate fix` does about it; `null` where it does nothing.
    pub fix: Option<Fix>,
}

/// A repair.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Fix {
    /// What is done, such as `reorder-chain`; at least one.
    pub repairs: Vec<String>,
    /// Whether nothing is dropped or decrypted by it; else it takes `--unsafe`.
    pub safe: bool,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The upload is held up.
    Error,
    /// Nothing is held up.
    Warning,
}

/// A place in a source.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Place {
    /// The path as given.
    pub path: String,
    /// The part of a container that it is in, such as `certificate 2 "Example CA"`; `null` in files that are PEM. In a container
    /// without lines, line and column are 1, and the offset tells where the part, or what it is packed in, begins.
    pub part: Option<String>,
    /// Line of the first character, counted from 1.
    pub line: usize,
    /// Column of the first character, in Unicode scalar values counted from 1.
    pub column: usize,
    /// Line of the position just past the last character.
    pub end_line: usize,
    /// Column of the position just past the last character.
    pub end_column: usize,
    /// Offset of the first byte in the file as it is, byte order mark and all.
    pub offset: usize,
    /// Number of bytes in the file as it is.
    pub length: usize,
    /// What stands there, in a few words; may be empty.
    pub label: String,
}

/// What was read out of an upload.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Facts {
    /// The certificates that read, in the order given.
    pub certificates: Vec<Certificate>,
    /// The first private key, readable or not; `null` where there is none.
    pub private_key: Option<PrivateKey>,
    /// How the certificates relate.
    pub chain: Chain,
}

/// Counts over all cases.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Summary {
    /// Cases judged.
    pub cases: usize,
    /// Cases the API, or the target that they go to, would accept.
    pub accepted: usize,
    /// Cases it would refuse; what goes nowhere is counted in neither.
    pub refused: usize,
    /// Findings of severity `error`.
    pub errors: usize,
    /// Findings of severity `warning`.
    pub warnings: usize,
    /// Findings that the configuration ignores.
    pub ignored: usize,
    /// Findings that the baseline knows.
    pub known: usize,
}

impl Report {
    /// What is to be said of cases that are written one by one, judged at the instant `at`.
    pub(super) fn without_cases(tally: Tally, at: Timestamp) -> Self {
        let Tally { cases, accepted, refused, errors, warnings, ignored, known } = tally;
        Self {
            version: 1,
            at: at.to_string(),
            cases: Vec::new(),
            summary: Summary { cases, accepted, refused, errors, warnings, ignored, known },
        }
    }
}

impl Case {
    pub(super) fn of(judged: &Judged) -> Self {
        match judged {
            Judged::HostCertificateRequest(verdict) => {
                Self::Ssh(Box::new(SshCase::of_request(judged, verdict)))
            }
            Judged::Ignores(verdict) => Self::Configuration(Box::new(ConfigurationCase::of(verdict))),
            Judged::Ssh(verdict) => Self::Ssh(Box::new(SshCase::of(judged, verdict))),
            Judged::TargetUpload(verdict) => Self::TlsUpload(Box::new(TlsCase::elsewhere(verdict))),
            Judged::TlsUpload(verdict) => Self::TlsUpload(Box::new(TlsCase::to_api(verdict))),
        }
    }
}

impl Api {
    fn of(answer: Result<(), ApiCode>) -> Self {
        Self { accepted: answer.is_ok(), code: answer.err().map(|code| code.to_string()) }
    }
}

impl TlsCase {
    fn of<C: Upload>(verdict: &Verdict<C>, target: Target, api: Option<Api>) -> Self {
        let upload = verdict.case().upload();
        let inputs = |slot: &Slot, name| -> Vec<Input> {
            slot.paths().map(|path| Input { path: path.to_owned(), slot: name }).collect()
        };
        let certificate = inputs(upload.certificate(), InputSlot::Certificate);
        let private_key = inputs(upload.private_key(), InputSlot::PrivateKey);
        Self {
            kind: Kind::TlsUpload,
            inputs: certificate.into_iter().chain(private_key).collect(),
            api,
            target,
            clients: Clients { trusted: verdict.clients_trust() },
            findings: verdict.findings().iter().map(|finding| Finding::in_upload(verdict, finding)).collect(),
            facts: Facts::of(upload),
        }
    }

    fn to_api(verdict: &Verdict<TlsUpload>) -> Self {
        let api = Api::of(verdict.api_code().map_or(Ok(()), Err));
        Self::of(verdict, Target { name: "ngrok".to_owned(), accepted: api.accepted }, Some(api))
    }

    fn elsewhere(verdict: &Verdict<TargetUpload>) -> Self {
        let name = verdict.case().target().name().to_owned();
        Self::of(verdict, Target { name, accepted: verdict.refused_by().is_none() }, None)
    }
}

impl Finding {
    /// One that may be repaired.
    fn in_upload<C: Upload>(verdict: &Verdict<C>, finding: &certgate_rules::Finding) -> Self {
        let repairs = verdict.repairs_of(finding);
        let fix = Fix {
            safe: repairs.iter().all(|repair| repair.scope() == Scope::Safe),
            repairs: repairs.iter().map(ToString::to_string).collect(),
        };
        Self { fix: (!fix.repairs.is_empty()).then_some(fix), ..Self::of(finding) }
    }

    pub(crate) fn of(finding: &certgate_rules::Finding) -> Self {
        Self {
            rule: finding.rule().name().to_owned(),
            code: finding.rule().code().to_string(),
            severity: match finding.level() {
                Level::Error => Severity::Error,
                Level::Warning | Level::Allow => Severity::Warning,
            },
            api_code: finding.api_code().map(|code| code.to_string()),
            refused_by: finding.refusal().map(|refusal| Refusal {
                target: refusal.target().name().to_owned(),
                document: refusal.document().title().to_owned(),
                url: refusal.document().url().to_owned(),
            }),
            message: finding.message().to_owned(),
            help: finding.help().map(str::to_owned),
            primary: Place::of(finding.primary()),
            related: finding.related().iter().map(Place::of).collect(),
            fingerprint: finding.fingerprint().to_string(),
            fix: None,
        }
    }
}

impl Place {
    fn of(label: &Label) -> Self {
        let location = label.location();
        Self {
            path: label.path().to_owned(),
            part: label.part().map(str::to_owned),
            line: location.line,
            column: location.column,
            end_line: location.end_line,
            end_column: location.end_column,
            offset: location.offset,
            length: location.length,
            label: label.text().to_owned(),
        }
    }
}

impl Facts {
    fn of(upload: &TlsUpload) -> Self {
        let certificates = upload.certificates();
        let source = upload.certificate().reading().source();
        let private_key = upload.private_key();
        Self {
            certificates: certificates.map(|(entry, read)| Certificate::of(source, entry, read)).collect(),
            private_key: private_key
                .first_private_key()
                .map(|entry| PrivateKey::of(private_key.reading().source(), entry)),
            chain: Chain::of(upload.chain()),
        }
    }
}
