//! Randomness, which comes in.

use std::fmt;
use std::sync::Arc;

use rand_core::{TryCryptoRng, TryRng};

/// The generator failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiceFailed;

impl fmt::Display for DiceFailed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the random generator failed")
    }
}

impl std::error::Error for DiceFailed {}

/// A random generator that any thread may use.
#[derive(Clone)]
pub struct Dice(Arc<Fill>);

/// Fills bytes; whether it could comes back.
type Fill = dyn Fn(&mut [u8]) -> bool + Send + Sync;

impl Dice {
    /// A generator that is fit for keys; `fill` says whether it filled.
    #[must_use]
    pub fn new(fill: impl Fn(&mut [u8]) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// Sixteen bytes.
    pub(crate) fn sixteen(&self) -> Result<[u8; 16], DiceFailed> {
        let mut bytes = [0; 16];
        self.clone().try_fill_bytes(&mut bytes)?;
        Ok(bytes)
    }
}

impl TryRng for Dice {
    type Error = DiceFailed;

    fn try_next_u32(&mut self) -> Result<u32, DiceFailed> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, DiceFailed> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), DiceFailed> {
        match (self.0)(bytes) {
            true => Ok(()),
            false => Err(DiceFailed),
        }
    }
}

impl TryCryptoRng for Dice {}
