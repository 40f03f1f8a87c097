//! Dice.

use rand::rngs::SysRng;

/// The operating system's generator.
pub(crate) const fn system() -> SysRng {
    SysRng
}
