//! What is judged: requests to the API or to an authority of one's own, and what came of them, as they were read; and what a
//! configuration says is to be ignored.

mod field;
mod ignore_list;
mod slot;
mod target_upload;
mod tls_upload;
mod certificate_request;
mod ssh_authority_request;
mod ssh_document;
mod ssh_subject;

use crate::code::ApiCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Judge, Rule};

pub use certificate_request::{
    CertificateRequest, ForHost, ForUser, HostCertificateRequest, Moment, RequestFor, Role, SshValidity,
    UserCertificateRequest,
};
pub use field::Field;
pub use ignore_list::{Ignore, IgnoreList};
pub use slot::Slot;
pub use ssh_authority_request::SshAuthorityRequest;
pub use ssh_document::SshDocument;
pub(crate) use ssh_subject::{GivenPrincipal, SshSubject};
pub use target_upload::TargetUpload;
pub use tls_upload::TlsUpload;

/// A kind of case. Sealed: what can be judged is decided here.
pub trait Case: sealed::Sealed {
    /// Every code such a case can be predicted to meet, in the order in which the API looks.
    const API_ORDER: &'static [ApiCode];

    /// Works out what several rules ask about; before any of them.
    #[doc(hidden)]
    fn prepare(&mut self, _policy: &Policy) {}

    /// Whether clients would trust it, where that is known for sure.
    #[doc(hidden)]
    fn is_trusted(&self) -> Option<bool> {
        None
    }

    /// What one rule finds; nothing where it is about other kinds of cases.
    #[doc(hidden)]
    fn judged_by(&self, rule: &'static Rule, policy: &Policy) -> Vec<Finding>;
}

/// A case that is an upload, wherever it goes.
pub trait Upload: Case {
    /// What would be uploaded.
    fn upload(&self) -> &TlsUpload;
}

impl Upload for TlsUpload {
    fn upload(&self) -> &TlsUpload {
        self
    }
}

impl Upload for TargetUpload {
    fn upload(&self) -> &TlsUpload {
        Self::upload(self)
    }
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else may name it")]
    pub trait Sealed {}
    impl Sealed for super::HostCertificateRequest {}
    impl Sealed for super::IgnoreList {}
    impl Sealed for super::SshAuthorityRequest {}
    impl Sealed for super::SshDocument {}
    impl Sealed for super::TargetUpload {}
    impl Sealed for super::TlsUpload {}
    impl Sealed for super::UserCertificateRequest {}
}

impl Case for TlsUpload {
    const API_ORDER: &'static [ApiCode] = &ApiCode::TLS_UPLOAD_ORDER;

    fn prepare(&mut self, policy: &Policy) {
        self.find_path(policy);
    }

    fn is_trusted(&self) -> Option<bool> {
        self.path()?.is_ok().then_some(true)
    }

    fn judged_by(&self, rule: &'static Rule, policy: &Policy) -> Vec<Finding> {
        match rule.judge {
            Judge::Tls(judge) => judge(self, policy),
            _ => Vec::new(),
        }
    }
}

impl Case for TargetUpload {
    const API_ORDER: &'static [ApiCode] = &[];

    fn prepare(&mut self, policy: &Policy) {
        self.upload.prepare(policy);
    }

    fn is_trusted(&self) -> Option<bool> {
        self.upload.is_trusted()
    }

    fn judged_by(&self, rule: &'static Rule, policy: &Policy) -> Vec<Finding> {
        let found = match rule.judge {
            Judge::Target(judge) => judge(self, policy),
            Judge::Tls(judge) => judge(&self.upload, policy),
            _ => return Vec::new(),
        };
        found.into_iter().filter_map(|finding| self.weighed(finding)).collect()
    }
}

impl Case for HostCertificateRequest {
    const API_ORDER: &'static [ApiCode] = &ApiCode::HOST_CERTIFICATE_ORDER;

    fn judged_by(&self, rule: &'static Rule, policy: &Policy) -> Vec<Finding> {
        match rule.judge {
            Judge::HostCertificate(judge) => judge(self, policy),
            Judge::Request(judge) => judge(self, policy),
            Judge::Ssh(judge) => judge(&SshSubject::of_request(self), policy),
            _ => Vec::new(),
        }
    }
}

impl Case for UserCertificateRequest {
    const API_ORDER: &'static [ApiCode] = &ApiCode::USER_CERTIFICATE_ORDER;

    fn judged_by(&self, rule: &'static Rule, policy: &Policy) -> Vec<Finding> {
        match rule.judge {
            Judge::UserCertificate(judge) => judge(self, policy),
            Judge::Request(judge) => judge(self, policy),
            Judge::Ssh(judge) => judge(&SshSubject::of_request(self), policy),
            _ => Vec::new(),
        }
    }
}

impl Case for SshDocument {
    const API_ORDER: &'static [ApiCode] = &ApiCode::HOST_CERTIFICATE_ORDER;

    fn judged_by(&self, rule: &'static Rule, policy: &Policy) -> Vec<Finding> {
        match rule.judge {
            Judge::Ssh(judge) => judge(&SshSubject::of_document(self), policy),
            _ => Vec::new(),
        }
    }
}

impl Case for SshAuthorityRequest {
    const API_ORDER: &'static [ApiCode] = &ApiCode::SSH_AUTHORITY_ORDER;

    fn judged_by(&self, rule: &'static Rule, policy: &Policy) -> Vec<Finding> {
        match rule.judge {
            Judge::SshAuthority(judge) => judge(self, policy),
            _ => Vec::new(),
        }
    }
}

impl Case for IgnoreList {
    const API_ORDER: &'static [ApiCode] = &[];

    fn judged_by(&self, rule: &'static Rule, policy: &Policy) -> Vec<Finding> {
        match rule.judge {
            Judge::Ignores(judge) => judge(self, policy),
            _ => Vec::new(),
        }
    }
}
