//! Verdicts on cases of any kind.

use std::sync::Arc;

use certgate_facts::{Reading, SshContent, SshRole};
use certgate_rules::{
    ApiCode, Finding, Fix, HostCertificateRequest, IgnoreList, Level, Rule, SshDocument, Suppressed,
    Suppression, Target, TargetUpload, TlsUpload, Verdict,
};

/// A verdict, whatever it is about: what is judged in one run is written in one output.
pub enum Judged {
    /// On a request for an SSH host certificate.
    HostCertificateRequest(Box<Verdict<HostCertificateRequest>>),
    /// On what a configuration says is to be ignored.
    Ignores(Verdict<IgnoreList>),
    /// On a line of an OpenSSH file.
    Ssh(Verdict<SshDocument>),
    /// On an upload that goes elsewhere than to the API.
    TargetUpload(Box<Verdict<TargetUpload>>),
    /// On a request to create a TLS certificate.
    TlsUpload(Box<Verdict<TlsUpload>>),
}

/// What a line of an OpenSSH file is, readable or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SshKind {
    /// A certificate that does not read, or is of a type that is not known.
    Certificate,
    HostCertificate,
    KnownHosts,
    PublicKey,
    UserCertificate,
}

impl Judged {
    /// What was found: errors first, then warnings.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::HostCertificateRequest(verdict) => verdict.findings(),
            Self::Ignores(verdict) => verdict.findings(),
            Self::Ssh(verdict) => verdict.findings(),
            Self::TargetUpload(verdict) => verdict.findings(),
            Self::TlsUpload(verdict) => verdict.findings(),
        }
    }

    /// What was found and is not reported, and why.
    #[must_use]
    pub fn suppressed(&self) -> &[Suppressed] {
        match self {
            Self::HostCertificateRequest(verdict) => verdict.suppressed(),
            Self::Ignores(verdict) => verdict.suppressed(),
            Self::Ssh(verdict) => verdict.suppressed(),
            Self::TargetUpload(verdict) => verdict.suppressed(),
            Self::TlsUpload(verdict) => verdict.suppressed(),
        }
    }

    /// Reports what is found no longer where `by` says why.
    pub fn suppress(&mut self, by: impl FnMut(&Finding) -> Option<Suppression>) {
        match self {
            Self::HostCertificateRequest(verdict) => verdict.suppress(by),
            Self::Ignores(verdict) => verdict.suppress(by),
            Self::Ssh(verdict) => verdict.suppress(by),
            Self::TargetUpload(verdict) => verdict.suppress(by),
            Self::TlsUpload(verdict) => verdict.suppress(by),
        }
    }

    /// Whether any finding weighs as much as `level`.
    #[must_use]
    pub fn has(&self, level: Level) -> bool {
        self.findings().iter().any(|finding| finding.level() >= level)
    }

    /// The path of the first file that it lies in; `None` where it lies in none.
    pub(crate) fn first_path(&self) -> Option<&str> {
        let readings = match self {
            Self::HostCertificateRequest(verdict) => vec![verdict.case().public_key_reading()],
            Self::Ignores(verdict) => return Some(verdict.case().path()),
            Self::Ssh(verdict) => vec![verdict.case().reading()],
            Self::TargetUpload(verdict) => readings(verdict.case().upload()),
            Self::TlsUpload(verdict) => readings(verdict.case()),
        };
        readings
            .into_iter()
            .map(|reading| reading.source())
            .find(|source| source.is_file())
            .map(|source| source.name())
    }

    /// Whether the API would accept it, or the code it would refuse with; `None` for what does not go there: uploads to others,
    /// certificates that are signed already, what clients know, configurations.
    pub(crate) fn api(&self) -> Option<Result<(), ApiCode>> {
        let code = match self {
            Self::Ignores(_) | Self::TargetUpload(_) => return None,
            Self::Ssh(verdict) if SshKind::of(verdict.case()) != SshKind::PublicKey => return None,
            Self::HostCertificateRequest(verdict) => verdict.api_code(),
            Self::Ssh(verdict) => verdict.api_code(),
            Self::TlsUpload(verdict) => verdict.api_code(),
        };
        Some(code.map_or(Ok(()), Err))
    }

    /// Where an upload goes that does not go to the API, and by which rule that would refuse it.
    pub(crate) fn target(&self) -> Option<(&'static Target, Option<&'static Rule>)> {
        match self {
            Self::TargetUpload(verdict) => Some((verdict.case().target(), verdict.refused_by())),
            _ => None,
        }
    }

    /// Whether it would be accepted where it goes; `None` for what goes nowhere.
    pub(crate) fn is_accepted(&self) -> Option<bool> {
        let by_target = self.target().map(|(_, refusal)| refusal.is_none());
        by_target.or_else(|| Some(self.api()?.is_ok()))
    }

    /// What would be uploaded, if it is that.
    pub(crate) fn upload(&self) -> Option<&TlsUpload> {
        match self {
            Self::TargetUpload(verdict) => Some(verdict.case().upload()),
            Self::TlsUpload(verdict) => Some(verdict.case()),
            _ => None,
        }
    }

    /// The source of a finding as it would be if that alone were repaired.
    pub(crate) fn fix_of(&self, finding: &Finding) -> Option<Fix> {
        match self {
            Self::TargetUpload(verdict) => verdict.fix_of(finding),
            Self::TlsUpload(verdict) => verdict.fix_of(finding),
            _ => None,
        }
    }

    /// Whether clients would trust it: `Some(false)` where a finding says why not.
    pub(crate) fn clients_trust(&self) -> Option<bool> {
        match self {
            Self::HostCertificateRequest(verdict) => verdict.clients_trust(),
            Self::Ignores(verdict) => verdict.clients_trust(),
            Self::Ssh(verdict) => verdict.clients_trust(),
            Self::TargetUpload(verdict) => verdict.clients_trust(),
            Self::TlsUpload(verdict) => verdict.clients_trust(),
        }
    }
}

fn readings(upload: &TlsUpload) -> Vec<&Arc<Reading>> {
    vec![upload.certificate().reading(), upload.private_key().reading()]
}

impl From<Verdict<TargetUpload>> for Judged {
    fn from(verdict: Verdict<TargetUpload>) -> Self {
        Self::TargetUpload(Box::new(verdict))
    }
}

impl From<Verdict<TlsUpload>> for Judged {
    fn from(verdict: Verdict<TlsUpload>) -> Self {
        Self::TlsUpload(Box::new(verdict))
    }
}

impl From<Verdict<HostCertificateRequest>> for Judged {
    fn from(verdict: Verdict<HostCertificateRequest>) -> Self {
        Self::HostCertificateRequest(Box::new(verdict))
    }
}

impl From<Verdict<IgnoreList>> for Judged {
    fn from(verdict: Verdict<IgnoreList>) -> Self {
        Self::Ignores(verdict)
    }
}

impl From<Verdict<SshDocument>> for Judged {
    fn from(verdict: Verdict<SshDocument>) -> Self {
        Self::Ssh(verdict)
    }
}

impl SshKind {
    pub(crate) fn of(document: &SshDocument) -> Self {
        let Some(line) = document.line() else { return Self::PublicKey };
        match &line.content {
            SshContent::KnownHosts(_) => Self::KnownHosts,
            SshContent::Certificate(certificate) => match certificate.fields().map(|fields| fields.role()) {
                Some(SshRole::Host) => Self::HostCertificate,
                Some(SshRole::User) => Self::UserCertificate,
                _ => Self::Certificate,
            },
            _ if line.names_certificate(document.reading().source()) => Self::Certificate,
            _ => Self::PublicKey,
        }
    }
}
