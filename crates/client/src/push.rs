//! Creation: of what was cleared, and once.

mod tls_certificate;
mod ssh_host_certificate;
mod ssh_certificate_authority;
mod ssh_fields;
mod ssh_user_certificate;

use std::collections::BTreeSet;

use certgate_api::{Id, Ksuid, Received, Resource, Timestamp};
use certgate_rules::{Case, Cleared, Verdict};
use tokio::time::Instant;

use crate::answer::Setback;
use crate::call::{Call, ListQuery};
use crate::client::{Client, PauseReason};
use crate::error::Error;
use crate::retry::{Attempts, LOOK_PAUSES, Next, RETRY_AFTER_MAX};
use crate::transport::Transport;

/// How much earlier than the first attempt, in seconds of the server's clock, something may have been created and still
/// be taken for its outcome: servers that work together differ by this much at most.
pub const CREATED_EARLIER_SECS_MAX: i64 = 60;

/// A case whose outcome is a resource. Sealed.
pub trait Request: Case + Send + Sync + sealed::Sealed {
    /// What it creates.
    type Resource: Resource;

    /// The body of the request, as it is sent.
    ///
    /// # Errors
    /// What is missing to write it, in words; whatever was cleared for the API can be written.
    fn create(&self) -> Result<<Self::Resource as Resource>::Create, &'static str>;

    /// Whether all that the request decides is so in a resource.
    #[doc(hidden)]
    fn is_outcome(create: &<Self::Resource as Resource>::Create, resource: &Self::Resource) -> bool;
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else may name it")]
    pub trait Sealed {}
    impl Sealed for certgate_rules::HostCertificateRequest {}
    impl Sealed for certgate_rules::SshAuthorityRequest {}
    impl Sealed for certgate_rules::TlsUpload {}
    impl Sealed for certgate_rules::UserCertificateRequest {}
}

/// What may be taken for the outcome of a creation.
struct Search<'a, C: Request> {
    create: &'a <C::Resource as Resource>::Create,
    /// What was there before.
    known: Option<&'a BTreeSet<Id<C::Resource>>>,
    started: Instant,
}

impl<T: Transport> Client<T> {
    /// Creates what was cleared, once. This is the only way to create.
    ///
    /// Where an answer gets lost, what it may have created is looked for before anything is sent again: a resource
    /// with all that the request decides, not created by this client before, and no more than
    /// [`CREATED_EARLIER_SECS_MAX`] seconds before the first attempt by the header `Date` of the server.
    ///
    /// # Errors
    /// [`Error::is_refused`] with the API's code; [`Error::is_ambiguous`] if something may have been created and was
    /// not found.
    pub async fn push<C: Request>(&self, cleared: Cleared<C>) -> Result<Received<C::Resource>, Error> {
        self.create(&cleared.spend(), None).await
    }

    /// Like [`Client::push`], and none of the resources known before is taken for the outcome: for whoever has listed
    /// what there is.
    ///
    /// # Errors
    /// Those of [`Client::push`].
    pub async fn push_besides<C: Request>(
        &self,
        cleared: Cleared<C>,
        known: &BTreeSet<Id<C::Resource>>,
    ) -> Result<Received<C::Resource>, Error> {
        self.create(&cleared.spend(), Some(known)).await
    }

    /// Creates what was judged, whatever the verdict: what the API refuses it refuses, and what clients will refuse is
    /// there for them. The caller says why it is done.
    ///
    /// # Errors
    /// Those of [`Client::push`].
    pub async fn push_although_not_cleared<C: Request>(
        &self,
        verdict: &Verdict<C>,
    ) -> Result<Received<C::Resource>, Error> {
        self.create(verdict.case(), None).await
    }

    async fn create<C: Request>(
        &self,
        case: &C,
        known: Option<&BTreeSet<Id<C::Resource>>>,
    ) -> Result<Received<C::Resource>, Error> {
        let create = case.create().map_err(Error::unsendable::<C::Resource>)?;
        let call = Call::create::<C::Resource>(&create);
        let search = Search::<C> { create: &create, known, started: Instant::now() };
        let mut attempts = Attempts::default();
        loop {
            let setback = match self.attempt(&call).await.and_then(|answer| answer.parse(self.key())) {
                Ok(received) => return Ok(self.created(received)),
                Err(setback) => setback,
            };
            match self.next(&mut attempts, &call, &setback) {
                Next::Again(pause) => self.pause_after(&setback.kind, pause).await,
                Next::GiveUp => return Err(Error::of_creation(&call, setback, &attempts, None)),
                Next::Look => match self.look(&search, &setback).await {
                    Ok(Some(received)) => return Ok(received),
                    Ok(None) if attempts.may_create_again() => {}
                    Ok(None) => return Err(Error::of_creation(&call, setback, &attempts, None)),
                    Err(error) => return Err(Error::of_creation(&call, setback, &attempts, Some(error))),
                },
            }
        }
    }

    /// Looks for what an attempt may have created, for as long as that may still be going on.
    async fn look<C: Request>(
        &self,
        search: &Search<'_, C>,
        setback: &Setback,
    ) -> Result<Option<Received<C::Resource>>, Error> {
        let mut retry_after = setback.retry_after.unwrap_or_default().min(RETRY_AFTER_MAX);
        for pause in LOOK_PAUSES {
            self.pause(pause.max(std::mem::take(&mut retry_after)), PauseReason::Look).await;
            if let Some(received) = self.found(search).await? {
                return Ok(Some(received));
            }
        }
        Ok(None)
    }

    /// The newest resource that may be the outcome, taken so that nothing else is said to have created it.
    async fn found<C: Request>(
        &self,
        search: &Search<'_, C>,
    ) -> Result<Option<Received<C::Resource>>, Error> {
        let mut newest: Option<Received<C::Resource>> = None;
        let mut pages = self.list::<C::Resource>(&ListQuery::default());
        while let Some((page, date)) = pages.dated_page().await? {
            let since = date.map(|date| search.since(date));
            let is_last = since.is_some_and(|since| is_newest_first_and_older(&page.items, since));
            for received in page.items {
                let id = received.resource.id();
                let is_newer = newest.as_ref().is_none_or(|newest| newest.resource.id() < id);
                if !is_newer || self.has_created(id.ksuid()) || !search.finds(&received.resource, since) {
                    continue;
                }
                if since.is_none() && search.known.is_none() {
                    return Err(pages.undated());
                }
                newest = Some(received);
            }
            if is_last {
                break;
            }
        }
        // Meanwhile another creation may have taken it.
        Ok(newest.filter(|received| self.take(received.resource.id().ksuid())))
    }

    fn created<R: Resource>(&self, received: Received<R>) -> Received<R> {
        self.take(received.resource.id().ksuid());
        received
    }

    fn has_created(&self, id: Ksuid) -> bool {
        self.created_ids().contains(&id)
    }

    /// Whether nothing was said to have created it before.
    fn take(&self, id: Ksuid) -> bool {
        self.created_ids().insert(id)
    }
}

impl<C: Request> Search<'_, C> {
    /// Since when the outcome was created, by the clock of a server whose present is `date`.
    fn since(&self, date: Timestamp) -> i64 {
        let ago_secs = i64::try_from(self.started.elapsed().as_secs()).unwrap_or(i64::MAX);
        date.unix_secs().saturating_sub(ago_secs).saturating_sub(CREATED_EARLIER_SECS_MAX)
    }

    /// Whether a resource may be the outcome; without a date, its age does not speak against it.
    fn finds(&self, resource: &C::Resource, since: Option<i64>) -> bool {
        self.known.is_none_or(|known| !known.contains(&resource.id()))
            && since.is_none_or(|since| resource.created_at().unix_secs() >= since)
            && C::is_outcome(self.create, resource)
    }
}

/// Whether all that follows on later pages is older.
fn is_newest_first_and_older<R: Resource>(items: &[Received<R>], since: i64) -> bool {
    let is_newest_first =
        items.len() > 1 && items.is_sorted_by(|one, next| one.resource.id() > next.resource.id());
    let last = items.last().map(|last| last.resource.created_at().unix_secs());
    is_newest_first && last.is_some_and(|last| last < since)
}
