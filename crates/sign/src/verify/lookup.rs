//! The search through the known hosts.

use certgate_facts::{SshCertificateFields, SshPublicKey};

use super::outcome::{Attempt, Decision, Outcome, Place, Step, Subject, furthest};
use super::{Client, Target, host_certificate};
use crate::known_hosts::{Entry, Marker};
use crate::plain_key;

/// What a host shows, as far as the search goes.
#[derive(Clone, Copy)]
pub(super) enum Shown<'a> {
    Certificate(&'a SshCertificateFields),
    Key(&'a SshPublicKey),
}

impl<'a> Shown<'a> {
    const fn subject(self) -> Subject {
        match self {
            Self::Certificate(_) => Subject::Certificate,
            Self::Key(_) => Subject::Key,
        }
    }

    /// The key without its certificate.
    const fn key(self) -> &'a SshPublicKey {
        match self {
            Self::Certificate(certificate) => certificate.public_key(),
            Self::Key(key) => key,
        }
    }

    /// The key that a line must have for it to be known.
    const fn trusted_key(self) -> &'a SshPublicKey {
        match self {
            Self::Certificate(certificate) => certificate.authority_key(),
            Self::Key(key) => key,
        }
    }

    const fn step(self) -> Step {
        match self {
            Self::Certificate(_) => Step::Authority,
            Self::Key(_) => Step::Key,
        }
    }
}

/// How the lines for a name stand to what is shown.
enum Standing {
    /// A line has the key.
    Known(Place),
    /// No line has the key, but this one, the last of its kind, has another: for a host's own key that settles it.
    Differs(Place),
    /// No line has the key; for a certificate there may be lines for other authorities, the last of them here.
    Unknown(Option<Place>),
    /// A `@revoked` line has the key or the authority's key.
    Revoked(Place),
}

/// Searches for what is shown, and for the plain key if the certificate fails.
pub(super) fn search(client: &Client<'_>, target: &Target, shown: Shown<'_>, at: u64) -> Outcome {
    let mut search = Search { client, target, at, attempts: Vec::new() };
    let (name, without_port) = target.lookup_names();
    let accepted = search.under(&name, without_port.as_deref(), shown);
    let attempts = search.attempts;
    if let Some(accepted) = accepted {
        return accepted.outcome(attempts);
    }
    let of_certificate = furthest(&attempts, Subject::Certificate);
    let of_key = furthest(&attempts, Subject::Key);
    let Some(decisive) = of_certificate.or(of_key) else {
        return Outcome::refused(shown.step(), String::new());
    };
    let reason = match (of_certificate, of_key) {
        (Some(certificate), Some(key)) => format!("{}; then {}", certificate.reason, key.reason),
        _ => decisive.reason.clone(),
    };
    let (step, place) = (decisive.step, decisive.place);
    Outcome { decision: Decision::Refused, step, reason, place, attempts }
}

struct Accepted {
    subject: Subject,
    name: String,
    place: Place,
}

impl Accepted {
    fn outcome(self, attempts: Vec<Attempt>) -> Outcome {
        let Self { subject, name, place } = self;
        let (decision, step, reason) = match subject {
            Subject::Certificate => (
                Decision::Certificate,
                Step::SignatureAlgorithm,
                format!("the certificate is of an authority known for `{name}` and good for this host"),
            ),
            Subject::Key => {
                let known = format!("the plain key is known for `{name}`");
                let reason = match furthest(&attempts, Subject::Certificate) {
                    Some(refusal) => format!("{}; {known}", refusal.reason),
                    None => known,
                };
                (Decision::PlainKey, Step::Key, reason)
            }
        };
        Outcome { decision, step, reason, place: Some(place), attempts }
    }
}

struct Search<'a> {
    client: &'a Client<'a>,
    target: &'a Target,
    at: u64,
    attempts: Vec<Attempt>,
}

impl Search<'_> {
    /// Searches under one name, and under another where the first settles nothing. Nothing if not accepted.
    ///
    /// As in `ssh`, the search under the other name falls back to the plain key by itself, and that it found
    /// something revoked is forgotten afterwards.
    fn under(&mut self, name: &str, otherwise: Option<&str>, shown: Shown<'_>) -> Option<Accepted> {
        let mut shown = shown;
        loop {
            match self.standing(name, shown) {
                Standing::Known(place) => match self.check(shown) {
                    Ok(()) => {
                        return Some(Accepted { subject: shown.subject(), name: name.to_owned(), place });
                    }
                    Err((step, reason)) => self.note(name, shown, step, reason, Some(place)),
                },
                Standing::Differs(place) => {
                    let what = format!("another key is known for `{name}`");
                    self.note(name, shown, shown.step(), what, Some(place));
                }
                Standing::Revoked(place) => {
                    let what = format!("a line for `{name}` revokes the key or its authority");
                    self.note(name, shown, Step::RevokedLine, what, Some(place));
                    return None;
                }
                Standing::Unknown(place) => {
                    if let Some(accepted) = otherwise.and_then(|other| self.under(other, None, shown)) {
                        return Some(accepted);
                    }
                    let what = match (shown, place) {
                        (Shown::Certificate(_), Some(_)) => {
                            format!("no authority known for `{name}` made the certificate")
                        }
                        (Shown::Certificate(_), None) => format!("no authority is known for `{name}`"),
                        (Shown::Key(_), _) => format!("no key is known for `{name}`"),
                    };
                    self.note(name, shown, shown.step(), what, place);
                }
            }
            match shown {
                Shown::Certificate(_) => shown = Shown::Key(shown.key()),
                Shown::Key(_) => return None,
            }
        }
    }

    fn check(&self, shown: Shown<'_>) -> Result<(), host_certificate::Failure> {
        match shown {
            Shown::Certificate(certificate) => {
                host_certificate::check(self.client, certificate, self.target.name(), self.at)
            }
            Shown::Key(_) => Ok(()),
        }
    }

    fn note(&mut self, name: &str, shown: Shown<'_>, step: Step, reason: String, place: Option<Place>) {
        let attempt = Attempt { subject: shown.subject(), name: name.to_owned(), step, reason, place };
        // The same search is made twice when a name is tried without its port.
        if !self.attempts.contains(&attempt) {
            self.attempts.push(attempt);
        }
    }

    fn standing(&self, name: &str, shown: Shown<'_>) -> Standing {
        let mut standing = Standing::Unknown(None);
        let mut revoked = None;
        for (place, entry) in self.entries(name) {
            if entry.marker() == Some(Marker::Revoked) {
                let same = |key| plain_key::same(key, entry.key());
                if same(shown.key()) || same(shown.trusted_key()) {
                    revoked = revoked.or(Some(place));
                }
            } else if !matches!(standing, Standing::Known(_)) && is_kind_for(entry, shown) {
                standing = match shown {
                    _ if is_trusted(entry, shown) => Standing::Known(place),
                    Shown::Certificate(_) => Standing::Unknown(Some(place)),
                    Shown::Key(_) => Standing::Differs(place),
                };
            }
        }
        revoked.map_or(standing, Standing::Revoked)
    }

    fn entries(&self, name: &str) -> impl Iterator<Item = (Place, &Entry)> {
        self.client.known_hosts.iter().enumerate().flat_map(move |(file, known)| {
            known.matching(name).map(move |(line, entry)| (Place { file, line }, entry))
        })
    }
}

/// Whether a line without `@revoked` is of the kind that could make this known.
fn is_kind_for(entry: &Entry, shown: Shown<'_>) -> bool {
    let authority = entry.marker() == Some(Marker::CertAuthority);
    authority == matches!(shown, Shown::Certificate(_))
}

/// Whether a line of that kind does. A certificate in place of a host's key is not that key.
fn is_trusted(entry: &Entry, shown: Shown<'_>) -> bool {
    let comparable = !entry.is_certificate() || matches!(shown, Shown::Certificate(_));
    comparable && plain_key::same(shown.trusted_key(), entry.key())
}
