//! What is left of a process that ends by a fault.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Sees to it that the system writes none of this process's memory to a file: there may be a private key in it. Where a program is
/// told of faults, it is told the limit, too.
pub(crate) fn forbid() {
    // A system that refuses has a limit below what was asked for, which is nothing.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}
