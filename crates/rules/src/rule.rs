//! The card of a rule.

use crate::case::{
    CertificateRequest, HostCertificateRequest, IgnoreList, SshAuthorityRequest, SshSubject, TargetUpload,
    TlsUpload, UserCertificateRequest,
};
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::target::{TARGETS, Target};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not reported.
    Allow,
    /// Reported; nothing is held up.
    Warning,
    /// Reported, and nothing is cleared.
    Error,
}

/// How sure it is that the API, or a client, behaves as the rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Follows from what is documented and observed.
    Inferred,
    /// Stated by the API's documents or by the standard cited.
    Documented,
}

/// What kind of case a rule is about, and how it judges one.
#[derive(Clone, Copy)]
pub(crate) enum Judge {
    /// Requests for SSH host certificates, and nothing that lies there already.
    HostCertificate(fn(&HostCertificateRequest, &Policy) -> Vec<Finding>),
    /// What a configuration says is to be ignored.
    Ignores(fn(&IgnoreList, &Policy) -> Vec<Finding>),
    /// Requests for SSH certificates, of hosts and of users.
    Request(fn(&CertificateRequest, &Policy) -> Vec<Finding>),
    /// Keys and certificates, be they asked for or signed already.
    Ssh(fn(&SshSubject<'_>, &Policy) -> Vec<Finding>),
    /// Requests for SSH certificate authorities.
    SshAuthority(fn(&SshAuthorityRequest, &Policy) -> Vec<Finding>),
    /// TLS uploads that go elsewhere than to the API.
    Target(fn(&TargetUpload, &Policy) -> Vec<Finding>),
    /// TLS uploads.
    Tls(fn(&TlsUpload, &Policy) -> Vec<Finding>),
    /// Requests for SSH user certificates.
    UserCertificate(fn(&UserCertificateRequest, &Policy) -> Vec<Finding>),
}

/// One rule: what it is called, what it cites, how it weighs, and how it judges.
pub struct Rule {
    pub(crate) code: RuleCode,
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) level: Level,
    pub(crate) confidence: Confidence,
    pub(crate) api_code: Option<ApiCode>,
    pub(crate) may_cause: &'static [ApiCode],
    pub(crate) clients_refuse: bool,
    pub(crate) citation: &'static str,
    pub(crate) explanation: &'static str,
    pub(crate) judge: Judge,
}

impl Rule {
    /// The stable code, such as `CG301`.
    #[must_use]
    pub fn code(&self) -> RuleCode {
        self.code
    }

    /// The name, such as `key-does-not-match-leaf`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What is found, in one line.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.summary
    }

    /// How it weighs where the policy says nothing else.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// How sure the prediction is.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// What the API answers to what the rule finds; `None` where it does not mind, or where that depends.
    #[must_use]
    pub fn api_code(&self) -> Option<ApiCode> {
        self.api_code
    }

    /// What else the API may answer to it, where that depends on what is there.
    #[must_use]
    pub fn may_cause(&self) -> &'static [ApiCode] {
        self.may_cause
    }

    /// Whether clients that connect will refuse what the rule finds.
    #[must_use]
    pub fn clients_refuse(&self) -> bool {
        self.clients_refuse
    }

    /// Whether it is about what a configuration ignores, and not about what is judged.
    #[must_use]
    pub fn is_about_ignores(&self) -> bool {
        matches!(self.judge, Judge::Ignores(_))
    }

    /// Whether it is about what other targets than the API take.
    #[must_use]
    pub fn is_about_targets(&self) -> bool {
        matches!(self.judge, Judge::Target(_))
    }

    /// The targets that say they take nothing of what it finds.
    pub fn targets(&self) -> impl Iterator<Item = &'static Target> {
        TARGETS.into_iter().filter(|target| target.refuses_by(self).is_some())
    }

    /// Where the requirement stands.
    #[must_use]
    pub fn citation(&self) -> &'static str {
        self.citation
    }

    /// What, why, an example, how to fix it, and references, in Markdown.
    #[must_use]
    pub fn explanation(&self) -> &'static str {
        self.explanation
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.code, self.name)
    }
}
