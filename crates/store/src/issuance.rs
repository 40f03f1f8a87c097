//! Issuing through a ledger, in the one order in which nothing is lost: reserve, sign, record, hand out.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::thread::{Scope, ScopedJoinHandle};
use std::{mem, panic, vec};

use certgate_facts::{SshPublicKey, Timestamp};
use certgate_rules::{Cleared, HostCertificateRequest};
use certgate_sign::{Error as SignError, IssuedCertificate, Prepared, Signer, ToBeSigned, prepare};
use rand_core::TryCryptoRng;

use crate::authority::AuthorityName;
use crate::certificate::CertificateId;
use crate::error::Error;
use crate::ledger::Ledger;
use crate::reservation::{Preparation, Recording, Reservation, Reserving};
use crate::revocation::RevocationId;

/// Most certificates that are reserved, or recorded, in one transaction.
pub const BATCH_CERTIFICATES_MAX: usize = 1000;

/// By whom certificates are issued, and how.
#[derive(Clone, Copy)]
pub struct Issuance<'s> {
    /// The authority, as the ledger knows it.
    pub authority: &'s AuthorityName,
    /// Its key.
    pub signer: &'s (dyn Signer + Sync),
    /// Threads that sign at the same time.
    pub threads: NonZeroUsize,
    /// Tells the time to be recorded: asked for each batch, since a run may take hours and nobody must take for given up what it
    /// is busy with.
    pub clock: &'s (dyn Fn() -> Timestamp + Sync),
}

/// A certificate that is in the ledger.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Its number.
    pub id: CertificateId,
    /// The certificate.
    pub certificate: IssuedCertificate,
}

/// Why a request came to no certificate.
#[derive(Debug)]
#[non_exhaustive]
pub enum NotIssued {
    /// It was reserved and signed, and closed by somebody else before it could be recorded.
    ClosedMeanwhile(CertificateId),
    /// It was reserved and signed, and the ledger could not record it. What was reserved stays, unfinished: to be completed or
    /// abandoned.
    NotRecorded(CertificateId),
    /// Nothing was reserved for it: not one signature of a whole batch before it came about, or serials have run out.
    NotTried,
    /// What was asked for cannot be signed. No serial was used up.
    Refused(SignError),
    /// Its host key or its key id is revoked. No serial was used up.
    Revoked(RevocationId),
    /// The signature failed. What was reserved stays, unfinished: to be completed or abandoned.
    SignatureFailed(CertificateId, SignError),
}

/// What a request came to.
pub type Outcome = Result<Issued, NotIssued>;

/// A request on its way.
enum Step {
    Done(Outcome),
    Reserved(Box<(Reservation, Prepared)>),
    Signed(Reservation, Result<IssuedCertificate, SignError>),
}

/// A batch whose signatures are being made.
struct Flight<'scope> {
    steps: Vec<Option<Step>>,
    signers: Vec<ScopedJoinHandle<'scope, Vec<(usize, Step)>>>,
}

/// Issues what was cleared. `recorded` is called for each batch, in order, with what became of its requests, in
/// order; the certificates in it are durable in the ledger and may be handed out.
///
/// While one batch is being signed the next is reserved and the one before recorded. Whenever this ends, or is ended,
/// what was reserved and not recorded is found by
/// [`CertificateFilter::unfinished`](crate::CertificateFilter::unfinished), and the rest can be issued by another
/// call.
///
/// # Errors
///
/// Those of [`Ledger::reserve`] and [`Ledger::record`], the first of them. What was being signed by then is still signed, recorded
/// and reported; nothing is reserved any more, and requests that `recorded` was not told of were not tried.
pub fn issue<R: TryCryptoRng + ?Sized>(
    ledger: &mut dyn Ledger,
    issuance: &Issuance<'_>,
    requests: impl IntoIterator<Item = Cleared<HostCertificateRequest>>,
    rng: &mut R,
    recorded: &mut dyn FnMut(Vec<Outcome>),
) -> Result<(), Error> {
    let mut requests = requests.into_iter().peekable();
    std::thread::scope(|scope| {
        let mut in_flight: Option<Flight<'_>> = None;
        let mut is_signing = true;
        let mut failure = None;
        loop {
            let mut next = None;
            if is_signing && failure.is_none() && requests.peek().is_some() {
                let batch = requests.by_ref().take(BATCH_CERTIFICATES_MAX).collect();
                match reserve(ledger, issuance, batch, rng) {
                    Ok(steps) => next = Some(Flight::start(scope, *issuance, steps)),
                    Err(error) => failure = Some(error),
                }
            }
            let is_last = next.is_none();
            if let Some(flight) = mem::replace(&mut in_flight, next) {
                let landed = record(ledger, issuance, flight.land());
                is_signing &= landed.signs;
                failure = failure.or(landed.failure);
                recorded(landed.outcomes);
            } else if is_last {
                break;
            }
        }
        if let Some(failure) = failure {
            return Err(failure);
        }
        let mut rest = requests.map(|_| Err(NotIssued::NotTried)).peekable();
        while rest.peek().is_some() {
            recorded(rest.by_ref().take(BATCH_CERTIFICATES_MAX).collect());
        }
        Ok(())
    })
}

/// A batch on its way into the ledger.
struct Batch<'r, R: ?Sized> {
    authority_key: &'r SshPublicKey,
    requests: vec::IntoIter<Cleared<HostCertificateRequest>>,
    rng: &'r mut R,
    prepared: Vec<Result<Prepared, SignError>>,
}

impl<R: TryCryptoRng + ?Sized> Preparation for Batch<'_, R> {
    fn next(&mut self, serial: u64) -> Option<&ToBeSigned> {
        for request in self.requests.by_ref() {
            let prepared = prepare(request, self.authority_key, serial, self.rng);
            let can_be_signed = prepared.is_ok();
            self.prepared.push(prepared);
            if can_be_signed {
                return self.prepared.last()?.as_ref().ok().map(Prepared::to_be_signed);
            }
        }
        None
    }
}

/// Reserves for each of some requests.
fn reserve<R: TryCryptoRng + ?Sized>(
    ledger: &mut dyn Ledger,
    issuance: &Issuance<'_>,
    requests: Vec<Cleared<HostCertificateRequest>>,
    rng: &mut R,
) -> Result<Vec<Step>, Error> {
    let authority_key = issuance.signer.public_key();
    let prepared = Vec::with_capacity(requests.len());
    let mut batch = Batch { authority_key, requests: requests.into_iter(), rng, prepared };
    // The ledger answers for those that could be prepared.
    let mut reserved = ledger.reserve(issuance.authority, (issuance.clock)(), &mut batch)?.into_iter();
    let step = |prepared| match (prepared, &mut reserved) {
        (Err(refusal), _) => Step::Done(Err(NotIssued::Refused(refusal))),
        (Ok(prepared), reserved) => match reserved.next() {
            Some(Reserving::Reserved(reservation)) => Step::Reserved(Box::new((reservation, prepared))),
            Some(Reserving::Revoked(revocation)) => Step::Done(Err(NotIssued::Revoked(revocation))),
            None => Step::Done(Err(NotIssued::NotTried)),
        },
    };
    let mut steps: Vec<Step> = batch.prepared.into_iter().map(step).collect();
    steps.extend(batch.requests.map(|_| Step::Done(Err(NotIssued::NotTried))));
    Ok(steps)
}

impl<'scope> Flight<'scope> {
    /// Starts threads that sign what was reserved, each taking the next as it becomes free.
    fn start<'env: 'scope>(
        scope: &'scope Scope<'scope, 'env>,
        issuance: Issuance<'env>,
        steps: Vec<Step>,
    ) -> Self {
        let count = steps.len();
        let work: Mutex<vec::IntoIter<(usize, Step)>> =
            Mutex::new(steps.into_iter().enumerate().collect::<Vec<_>>().into_iter());
        let work = std::sync::Arc::new(work);
        let signers = (0..issuance.threads.get().min(count.max(1)))
            .map(|_| {
                let work = std::sync::Arc::clone(&work);
                scope.spawn(move || {
                    let next = || work.lock().unwrap_or_else(PoisonError::into_inner).next();
                    std::iter::from_fn(next).map(|(at, step)| (at, step.sign(issuance.signer))).collect()
                })
            })
            .collect();
        Self { steps: std::iter::repeat_with(|| None).take(count).collect(), signers }
    }

    /// Waits for all signatures; what became of each request, in order.
    fn land(mut self) -> Vec<Step> {
        for signer in self.signers {
            let signed = signer.join().unwrap_or_else(|payload| panic::resume_unwind(payload));
            for (at, step) in signed {
                if let Some(place) = self.steps.get_mut(at) {
                    *place = Some(step);
                }
            }
        }
        self.steps.into_iter().flatten().collect()
    }
}

impl Step {
    fn sign(self, signer: &(dyn Signer + Sync)) -> Self {
        match self {
            Self::Reserved(reserved) => {
                let (reservation, prepared) = *reserved;
                Self::Signed(reservation, prepared.sign(signer))
            }
            done => done,
        }
    }
}

/// What came of a batch that was signed.
struct Landed {
    outcomes: Vec<Outcome>,
    /// Whether the signer signs at all.
    signs: bool,
    /// Why nothing of it was recorded.
    failure: Option<Error>,
}

/// Records what was signed.
fn record(ledger: &mut dyn Ledger, issuance: &Issuance<'_>, steps: Vec<Step>) -> Landed {
    let mut signed = Vec::with_capacity(steps.len());
    let mut failed = 0;
    let mut places = Vec::with_capacity(steps.len());
    for step in steps {
        places.push(match step {
            Step::Done(outcome) => Some(outcome),
            Step::Signed(reservation, Ok(issued)) => {
                signed.push((reservation, issued));
                None
            }
            Step::Signed(reservation, Err(error)) => {
                failed += 1;
                Some(Err(NotIssued::SignatureFailed(reservation.id(), error)))
            }
            // Every one that was reserved went through a signer.
            Step::Reserved(_) => None,
        });
    }
    let recorded =
        if signed.is_empty() { Ok(Vec::new()) } else { ledger.record(&signed, (issuance.clock)()) };
    let (recordings, failure) = match recorded {
        Ok(recordings) => (recordings, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let signs = failed == 0 || !signed.is_empty();
    let mut recordings = recordings.into_iter();
    let mut done = signed.into_iter().map(|(reservation, certificate)| match recordings.next() {
        Some(Recording::Recorded(id)) => Ok(Issued { id, certificate }),
        Some(Recording::ClosedMeanwhile(id)) => Err(NotIssued::ClosedMeanwhile(id)),
        None => Err(NotIssued::NotRecorded(reservation.id())),
    });
    let outcomes = places.into_iter().filter_map(|place| place.or_else(|| done.next())).collect();
    Landed { outcomes, signs, failure }
}
