//! What the rules about SSH see, be it asked for or signed already.

use std::borrow::Cow;
use std::sync::Arc;

use certgate_facts::{Reading, Span, SshCertificate, SshContent, SshLine, SshPublicKey, SshRole};

use super::{CertificateRequest, Field, SshDocument, SshValidity};
use crate::finding::Label;

/// A key of a host or a user, with what is, or is to be, certified about it.
pub(crate) struct SshSubject<'a> {
    reading: &'a Arc<Reading>,
    line: Option<&'a SshLine>,
    request: Option<&'a CertificateRequest>,
    document: Option<&'a SshDocument>,
}

/// A name that a host or a user is, or is to be, certified under.
pub(crate) struct GivenPrincipal<'a> {
    /// The name; what is not UTF-8 is replaced.
    pub(crate) text: Cow<'a, str>,
    place: PrincipalPlace<'a>,
}

enum PrincipalPlace<'a> {
    Field(&'a Field),
    Certificate(&'a Arc<Reading>, Span),
}

impl<'a> SshSubject<'a> {
    pub(super) fn of_request(request: &'a CertificateRequest) -> Self {
        let reading = request.public_key_reading();
        Self { reading, line: request.public_key_line(), request: Some(request), document: None }
    }

    pub(super) fn of_document(document: &'a SshDocument) -> Self {
        let (reading, line) = (document.reading(), document.line());
        Self { reading, line, request: None, document: Some(document) }
    }

    /// What lies there already, where it is no request.
    pub(crate) fn document(&self) -> Option<&'a SshDocument> {
        self.document
    }

    /// The request, where it is one.
    pub(crate) fn request(&self) -> Option<&'a CertificateRequest> {
        self.request
    }

    /// The source of the key or certificate.
    pub(crate) fn reading(&self) -> &'a Arc<Reading> {
        self.reading
    }

    /// The line of the key or certificate; `None` where nothing looks like one.
    pub(crate) fn line(&self) -> Option<&'a SshLine> {
        self.line
    }

    /// What stands on the line; `None` where nothing looks like a key.
    pub(crate) fn content(&self) -> Option<&'a SshContent> {
        self.line.map(|line| &line.content)
    }

    /// The plain key, alone or inside a certificate.
    pub(crate) fn key(&self) -> Option<&'a SshPublicKey> {
        match self.content()? {
            SshContent::PublicKey(key) => Some(key),
            SshContent::Certificate(certificate) => Some(certificate.fields()?.public_key()),
            _ => None,
        }
    }

    /// The certificate that was signed already; `None` for requests, even for one that gives a certificate as its key.
    pub(crate) fn certificate(&self) -> Option<&'a SshCertificate> {
        match (self.request, self.content()?) {
            (None, SshContent::Certificate(certificate)) => Some(certificate),
            _ => None,
        }
    }

    /// Whom it is, or is to be, certified for. A plain key that lies there is taken for a host's.
    pub(crate) fn role(&self) -> SshRole {
        let certified = || Some(self.certificate()?.fields()?.role());
        self.request.map(CertificateRequest::role).or_else(certified).unwrap_or(SshRole::Host)
    }

    /// Whether it is a certificate of a user, which is signed already.
    pub(crate) fn is_certified_for_users(&self) -> bool {
        self.request.is_none() && self.role() == SshRole::User
    }

    /// The principals, asked for, or certified of a host; `None` where nothing is said of them, as with a plain key, and with
    /// a certificate of a user, whose names are known to its servers alone.
    pub(crate) fn principals(&self) -> Option<Vec<GivenPrincipal<'a>>> {
        if let Some(request) = self.request {
            let of_field = |field: &'a Field| GivenPrincipal {
                text: field.text().into(),
                place: PrincipalPlace::Field(field),
            };
            return Some(request.principals().iter().map(of_field).collect());
        }
        let fields = self.certificate()?.fields().filter(|fields| fields.role() == SshRole::Host)?;
        let span = self.line?.span;
        let certified = fields.principals().iter().map(|name| GivenPrincipal {
            text: String::from_utf8_lossy(name.as_bytes()),
            place: PrincipalPlace::Certificate(self.reading, span),
        });
        Some(certified.collect())
    }

    /// The validity, asked for or certified; `None` where there is none, or none that reads.
    pub(crate) fn validity(&self) -> Option<SshValidity> {
        if let Some(request) = self.request {
            return request.validity();
        }
        let fields = self.certificate()?.fields()?;
        Some(SshValidity { valid_after: fields.valid_after(), valid_before: fields.valid_before() })
    }

    /// A label on the first moment of validity as it was written, else on the key or certificate.
    pub(crate) fn label_valid_after(&self, words: impl Into<String>) -> Label {
        match self.request.and_then(|request| request.valid_after().field()) {
            Some(field) => field.label(words),
            None => self.label(words),
        }
    }

    /// A label on the end of validity as it was written, else on the key or certificate.
    pub(crate) fn label_valid_before(&self, words: impl Into<String>) -> Label {
        match self.request.and_then(|request| request.valid_before().field()) {
            Some(field) => field.label(words),
            None => self.label(words),
        }
    }

    /// A label on the line of the key or certificate, or on the start of the source where there is none.
    pub(crate) fn label(&self, words: impl Into<String>) -> Label {
        let first_line = || self.reading.source().line(1).unwrap_or_else(|| Span::new(0, 0));
        Label::new(self.reading, self.line.map_or_else(first_line, |line| line.span), words)
    }
}

impl GivenPrincipal<'_> {
    /// A label on the principal, or on the certificate it stands in.
    pub(crate) fn label(&self, words: impl Into<String>) -> Label {
        match self.place {
            PrincipalPlace::Field(field) => field.label(words),
            PrincipalPlace::Certificate(reading, span) => Label::new(reading, span, words),
        }
    }
}
