//! The lines that sum up.

use annotate_snippets::renderer::{AnsiColor, Effects, Reset, Style as Colour};
use certgate_rules::{TlsUpload, Verdict};

use crate::printable::printable;
use crate::tally::{Tally, counted};

/// One line on an upload: its inputs, what the API and what clients would say, and how much was found.
pub(super) fn of_case(verdict: &Verdict<TlsUpload>, color: bool) -> String {
    let api = match verdict.api_code() {
        None => coloured("API accepts", AnsiColor::Green, color),
        Some(code) => coloured(&format!("API refuses ({code})"), AnsiColor::Red, color),
    };
    let clients = match (verdict.clients_trust(), verdict.api_code()) {
        (Some(true), _) => "clients accept",
        (Some(false), _) => "clients refuse",
        (None, Some(_)) => "clients not asked",
        (None, None) => "clients: no objection found",
    };
    let tally = Tally::of(std::slice::from_ref(verdict));
    let counts = if verdict.findings().is_empty() { String::new() } else { format!("; {tally}") };
    format!("{}: {api}, {clients}{counts}", inputs(verdict.case()))
}

/// One line on all uploads.
pub(super) fn of_all(tally: Tally) -> String {
    let Tally { cases, accepted, refused, .. } = tally;
    format!("{}: {accepted} accepted, {refused} refused; {tally}", counted(cases, "upload"))
}

/// The paths that were given, each once.
fn inputs(upload: &TlsUpload) -> String {
    let slots = [upload.certificate(), upload.private_key()];
    let given = slots.into_iter().filter(|slot| slot.is_given());
    let mut paths: Vec<_> = given.map(|slot| printable(slot.reading().source().name())).collect();
    paths.dedup();
    if paths.is_empty() { "(nothing given)".to_owned() } else { paths.join(" + ") }
}

fn coloured(text: &str, colour: AnsiColor, color: bool) -> String {
    if !color {
        return text.to_owned();
    }
    let style: Colour = colour.on_default().effects(Effects::BOLD);
    format!("{style}{text}{Reset}")
}
