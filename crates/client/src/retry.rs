//! When to try again, and after how long.

use std::time::Duration;

use certgate_api::Verb;

use crate::error::Kind;
use crate::transport::TransportFault;

/// How often a request is tried against faults: broken connections, answers 5xx, answers that cannot be read.
pub const FAULT_ATTEMPTS_MAX: u32 = 4;
/// How often a request is tried against rate limits, which pass on their own within a minute.
pub const LIMITED_ATTEMPTS_MAX: u32 = 8;
/// The longest pause that is made without being asked to.
pub const PAUSE_MAX: Duration = Duration::from_secs(60);
/// The longest pause that is made because the API asks for it (`Retry-After`).
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(300);
/// The pauses before each look for what may have been created: the creation may still be going on.
pub const LOOK_PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(4)];

const FAULT_PAUSE_FIRST: Duration = Duration::from_millis(500);
const LIMITED_PAUSE_FIRST: Duration = Duration::from_secs(2);

/// What a failed attempt means for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The same again, after a pause.
    Again(Duration),
    /// Something may have been created: look for it before anything else.
    Look,
    /// It is as it is.
    GiveUp,
}

/// The attempts at one operation so far.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    faults: u32,
    limited: u32,
    lost_answer: bool,
}

impl Attempts {
    /// How many there were; all of them failed.
    pub(crate) const fn count(&self) -> u32 {
        self.faults + self.limited
    }

    /// Whether one of them may have done what was asked.
    pub(crate) const fn lost_answer(&self) -> bool {
        self.lost_answer
    }

    /// Counts a failure and says what to do.
    ///
    /// What repeats without harm is repeated: `GET`, `DELETE`, and `PATCH`, which sets two fields to the same texts
    /// again. `POST` creates: where it may have been received, what it created is looked for. A rate limit (429) and a
    /// connection that was never made change nothing, whatever the verb.
    pub(crate) fn after(
        &mut self,
        kind: &Kind,
        verb: Verb,
        retry_after: Option<Duration>,
        random: &mut dyn FnMut() -> u64,
    ) -> Next {
        let is_limited = matches!(kind, Kind::Refused { status: 429, .. });
        let (count, count_max, first_pause) = match is_limited {
            true => (&mut self.limited, LIMITED_ATTEMPTS_MAX, LIMITED_PAUSE_FIRST),
            false => (&mut self.faults, FAULT_ATTEMPTS_MAX, FAULT_PAUSE_FIRST),
        };
        *count += 1;
        let is_creation = verb == Verb::Create;
        let (is_final, may_be_done) = match kind {
            Kind::Refused { status: 429, .. } => (false, false),
            Kind::Refused { status: 500.., .. } | Kind::Unreadable { .. } => (false, true),
            Kind::Transport(error) => match error.fault() {
                TransportFault::NotConnected => (false, false),
                TransportFault::Interrupted | TransportFault::TimedOut => (false, true),
                TransportFault::TooLarge => (!is_creation, true),
                TransportFault::NotTrusted => (true, false),
            },
            Kind::NotJson { .. } => (!is_creation, true),
            _ => (true, false),
        };
        self.lost_answer |= may_be_done;
        if is_final {
            return Next::GiveUp;
        }
        if is_creation && may_be_done {
            return Next::Look;
        }
        let pause = retry_after.unwrap_or_else(|| jittered(first_pause, *count, random));
        if *count >= count_max || pause > RETRY_AFTER_MAX {
            return Next::GiveUp;
        }
        Next::Again(pause)
    }

    /// Whether what was not found may be created once more.
    pub(crate) const fn may_create_again(&self) -> bool {
        self.faults < FAULT_ATTEMPTS_MAX
    }
}

/// Any time up to the first pause, doubled with each attempt, and capped: clients that failed together do not come back
/// together.
fn jittered(first: Duration, attempt: u32, random: &mut dyn FnMut() -> u64) -> Duration {
    let doubled = first.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
    let millis_max = u64::try_from(doubled.min(PAUSE_MAX).as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(random() % millis_max.saturating_add(1))
}
