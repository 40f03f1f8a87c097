//! Ids of resources in the order of their creation.

use std::sync::{Mutex, PoisonError};

use certgate_facts::Timestamp;

use crate::dice::{Dice, DiceFailed};

/// How many ids were made in this second.
///
/// Lists are the newest first, also of what was created in the same second. And what comes last in all indexes is cheap to
/// keep: with ids of chance alone, every one of them would be put somewhere else among those of its second.
pub(crate) struct Sequence(Mutex<(Timestamp, u32)>);

impl Sequence {
    pub(crate) fn new() -> Self {
        Self(Mutex::new((Timestamp::from_unix_secs(0), 0)))
    }

    /// What makes an id of that second unlike any other: its place in the second, and twelve bytes of chance.
    pub(crate) fn next(&self, at: Timestamp, dice: &Dice) -> Result<[u8; 16], DiceFailed> {
        let mut bytes = dice.sixteen()?;
        bytes[..4].copy_from_slice(&self.place(at).to_be_bytes());
        Ok(bytes)
    }

    fn place(&self, at: Timestamp) -> u32 {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = if last.0 == at { (at, last.1.saturating_add(1)) } else { (at, 0) };
        last.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_a_second_are_in_the_order_in_which_they_were_made() {
        let dice = Dice::new(|bytes| {
            bytes.fill(7);
            true
        });
        let (sequence, now) = (Sequence::new(), Timestamp::from_unix_secs);
        let first = sequence.next(now(5), &dice).unwrap();
        assert_eq!(first, [0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]);
        let mut before = first;
        for _ in 0..300 {
            let next = sequence.next(now(5), &dice).unwrap();
            assert!(next > before);
            before = next;
        }
        assert_eq!(sequence.next(now(6), &dice), Ok(first));
        assert_eq!(sequence.next(now(5), &Dice::new(|_| false)), Err(DiceFailed));
    }
}
