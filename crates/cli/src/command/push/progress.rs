//! How far a run is, for terminals.

use std::io::IsTerminal;

use certgate_client::Pause;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::ColorChoice;
use crate::network;

/// A bar on standard error, if that is a terminal.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn new() -> Self {
        let target = match std::io::stderr().is_terminal() {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg}");
        let bar = ProgressBar::with_draw_target(None, target);
        Self(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    /// There are so many things to be done.
    pub(super) fn begin(&self, count: usize) {
        self.0.set_length(u64::try_from(count).unwrap_or(u64::MAX));
        self.0.set_message("");
    }

    pub(super) fn one_done(&self) {
        self.0.inc(1);
    }

    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }

    /// Says why nothing moves: on the bar, or in a line where there is none.
    pub(super) fn pauses(&self, color: ColorChoice) -> impl Fn(Pause) + Send + Sync + 'static {
        let bar = self.0.clone();
        move |pause| match bar.is_hidden() {
            true => network::tell_pause(pause, color),
            false => bar.set_message(network::shown_pause(pause).unwrap_or_default()),
        }
    }
}
