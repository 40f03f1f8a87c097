//! How many files this process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// As many as the system lets it: each connection is one, and what systems give at first is fewer than a server accepts.
pub(crate) fn allow() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // A system that refuses leaves it as it is: then connections wait.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}
