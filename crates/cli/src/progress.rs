//! How far a run over many files is.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A run that takes no longer than this has no bar.
const QUIET: Duration = Duration::from_secs(1);

/// A bar on standard error, where that is a terminal and it takes longer than a second.
pub(crate) struct Progress {
    bar: ProgressBar,
    may_show: bool,
}

impl Progress {
    /// Of so many things; `is_alone` says that nothing else is written meanwhile.
    pub(crate) fn of(count: usize, is_alone: bool) -> Self {
        let target = ProgressDrawTarget::hidden();
        let bar = ProgressBar::with_draw_target(Some(u64::try_from(count).unwrap_or(u64::MAX)), target);
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len}");
        let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let is_terminal = std::io::stderr().is_terminal();
        Self { bar, may_show: is_terminal && (is_alone || !std::io::stdout().is_terminal()) }
    }

    pub(crate) fn one_done(&mut self) {
        if self.may_show && self.bar.elapsed() >= QUIET {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.may_show = false;
        }
        self.bar.inc(1);
    }

    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
