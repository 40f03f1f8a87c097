//! What the exit code says.

use std::process::ExitCode;

/// The three ways a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: done, and nothing found that weighs enough.
    Clean,
    /// 1: done, and something was found.
    Findings,
    /// 2: the job could not be done.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Clean => Self::from(0),
            Exit::Findings => Self::from(1),
            Exit::Failed => Self::from(2),
        }
    }
}

/// Prints what clap has to say: help and version are data, the rest is talk.
pub(crate) fn of_usage(error: &clap::Error) -> ExitCode {
    let is_asked_for = !error.use_stderr();
    match error.print() {
        Ok(()) if is_asked_for => Exit::Clean.into(),
        Err(error) if is_asked_for && error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Clean.into(),
        _ => Exit::Failed.into(),
    }
}
