//! Dice.

use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;

/// The operating system's generator.
pub(crate) const fn system() -> SysRng {
    SysRng
}

/// The same for where it need not be secure, such as the length of pauses: without the operating system's generator, which
/// is there as long as the system is, nothing goes on.
pub(crate) const fn of_pauses() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}
