//! What a client decides, and why.

use std::fmt;

/// What becomes of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Decision {
    /// The host is accepted for its certificate.
    Certificate,
    /// The host is accepted for its plain key; the certificate, if there is one, plays no part.
    PlainKey,
    /// The host is not accepted. A person who is asked might still accept an unknown key.
    Refused,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Certificate => "certificate",
            Self::PlainKey => "plain-key",
            Self::Refused => "refused",
        })
    }
}

/// The steps at which a decision can fall, in the order in which they are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Step {
    /// The key or certificate can be used at all, and the authority's signature holds.
    KeyExchange,
    /// The list of revoked keys can be read and does not revoke it.
    RevocationList,
    /// No `@revoked` line has the key or the authority's key.
    RevokedLine,
    /// The plain key is known.
    Key,
    /// The authority is known for the host.
    Authority,
    /// The certificate is one for hosts.
    Role,
    /// Its validity has begun.
    ValidAfter,
    /// Its validity has not ended.
    ValidBefore,
    /// The host is among its principals.
    Principals,
    /// It has no critical options.
    CriticalOptions,
    /// Its signature is of an allowed algorithm. The last step: a certificate that passes it is accepted.
    SignatureAlgorithm,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::KeyExchange => "key-exchange",
            Self::RevocationList => "revocation-list",
            Self::RevokedLine => "revoked-line",
            Self::Key => "key",
            Self::Authority => "authority",
            Self::Role => "role",
            Self::ValidAfter => "valid-after",
            Self::ValidBefore => "valid-before",
            Self::Principals => "principals",
            Self::CriticalOptions => "critical-options",
            Self::SignatureAlgorithm => "signature-algorithm",
        })
    }
}

/// A line of a file of known hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which of the client's files, from 0.
    pub file: usize,
    /// The number of the line, from 1.
    pub line: usize,
}

/// What is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The certificate.
    Certificate,
    /// The plain key.
    Key,
}

/// One search that did not lead to acceptance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub(super) subject: Subject,
    pub(super) name: String,
    pub(super) step: Step,
    pub(super) reason: String,
    pub(super) place: Option<Place>,
}

impl Attempt {
    /// What was looked up.
    #[must_use]
    pub const fn subject(&self) -> Subject {
        self.subject
    }

    /// The name under which it was looked up.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it failed.
    #[must_use]
    pub const fn step(&self) -> Step {
        self.step
    }

    /// Why, in words.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The line that decided, if one did.
    #[must_use]
    pub const fn place(&self) -> Option<Place> {
        self.place
    }
}

/// A decision, the step that made it, and how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub(super) decision: Decision,
    pub(super) step: Step,
    pub(super) reason: String,
    pub(super) place: Option<Place>,
    pub(super) attempts: Vec<Attempt>,
}

impl Outcome {
    /// Refused before any search.
    pub(super) const fn refused(step: Step, reason: String) -> Self {
        Self { decision: Decision::Refused, step, reason, place: None, attempts: Vec::new() }
    }

    /// The decision.
    #[must_use]
    pub const fn decision(&self) -> Decision {
        self.decision
    }

    /// The step that made it: for a refusal the one that failed, of the certificate if there is one; for an acceptance
    /// the last one that was passed.
    #[must_use]
    pub const fn step(&self) -> Step {
        self.step
    }

    /// Why, in words. Names from certificates stand as they are.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The line of the known hosts that decided, if one did.
    #[must_use]
    pub const fn place(&self) -> Option<Place> {
        self.place
    }

    /// The searches that failed, in order.
    #[must_use]
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// Why the certificate was not accepted: the search that came furthest. Nothing if it was, or there is none, or it
    /// was refused before any search.
    #[must_use]
    pub fn certificate_refusal(&self) -> Option<&Attempt> {
        furthest(&self.attempts, Subject::Certificate)
    }
}

/// The failed search for a subject that counts: one that found it revoked, or else the one that came furthest.
pub(super) fn furthest(attempts: &[Attempt], subject: Subject) -> Option<&Attempt> {
    let own = || attempts.iter().filter(move |attempt| attempt.subject == subject);
    own().find(|attempt| attempt.step == Step::RevokedLine).or_else(|| {
        // Of equals the first: it was made with the port.
        own().reduce(|best, next| {
            let rank = |attempt: &Attempt| (attempt.step, attempt.place.is_some());
            if rank(next) > rank(best) { next } else { best }
        })
    })
}
