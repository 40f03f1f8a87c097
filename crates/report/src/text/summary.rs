//! The lines that sum up.

use annotate_snippets::renderer::{AnsiColor, Effects, Reset, Style as Colour};
use certgate_rules::{Slot, SshDocument, TlsUpload};

use crate::judged::{Judged, SshKind};
use crate::printable::printable;
use crate::tally::{Tally, counted};

/// One line on a case: where it came from, what the API and what clients would say, and how much was found.
pub(super) fn of_case(verdict: &Judged, color: bool) -> String {
    let api = verdict.api().map(|api| match api {
        Ok(()) => coloured("API accepts", AnsiColor::Green, color),
        Err(code) => coloured(&format!("API refuses ({code})"), AnsiColor::Red, color),
    });
    let target = verdict.target().map(|(target, refusal)| match refusal {
        None => coloured(&format!("{}: no objection found", target.name()), AnsiColor::Green, color),
        Some(rule) => {
            coloured(&format!("{} refuses ({})", target.name(), rule.code()), AnsiColor::Red, color)
        }
    });
    let clients = match (verdict.clients_trust(), verdict.is_accepted()) {
        (Some(true), _) => "clients accept",
        (Some(false), _) => "clients refuse",
        (None, Some(false)) => "clients not asked",
        (None, _) => "clients: no objection found",
    };
    let said = match verdict {
        Judged::TargetUpload(_) => vec![target.unwrap_or_default(), clients.to_owned()],
        Judged::TlsUpload(_) => vec![api.unwrap_or_default(), clients.to_owned()],
        Judged::HostCertificateRequest(_) => {
            vec!["ssh host certificate request".to_owned(), api.unwrap_or_default(), clients.to_owned()]
        }
        Judged::Ignores(_) => vec!["configuration".to_owned()],
        Judged::Ssh(verdict) => {
            let (what, asks_clients) = described(SshKind::of(verdict.case()));
            let mut said = vec![what.to_owned()];
            said.extend(api);
            said.extend(asks_clients.then(|| clients.to_owned()));
            said
        }
    };
    let counts = match Tally::of(std::slice::from_ref(verdict)) {
        // Where nobody is asked, that is all there is to say.
        Tally { errors: 0, warnings: 0, ignored: 0, known: 0, .. } if said.len() > 1 => String::new(),
        tally => format!("; {tally}"),
    };
    format!("{}: {}{counts}", title(verdict), said.join(", "))
}

/// Where a case came from.
pub(crate) fn title(verdict: &Judged) -> String {
    match verdict {
        Judged::TargetUpload(verdict) => inputs(verdict.case().upload()),
        Judged::TlsUpload(verdict) => inputs(verdict.case()),
        Judged::HostCertificateRequest(verdict) => {
            printable(verdict.case().public_key_reading().source().name()).into_owned()
        }
        Judged::Ignores(verdict) => printable(verdict.case().path()).into_owned(),
        Judged::Ssh(verdict) => place(verdict.case()),
    }
}

/// One line on all cases.
pub(super) fn of_all(tally: Tally, are_uploads: bool) -> String {
    let cases = counted(tally.cases, if are_uploads { "upload" } else { "case" });
    match tally {
        Tally { accepted: 0, refused: 0, .. } => format!("{cases}: {tally}"),
        Tally { accepted, refused, .. } => {
            format!("{cases}: {accepted} accepted, {refused} refused; {tally}")
        }
    }
}

/// What a line of an OpenSSH file is, and whether it is for clients of hosts to judge.
fn described(kind: SshKind) -> (&'static str, bool) {
    match kind {
        SshKind::Certificate => ("ssh certificate", true),
        SshKind::HostCertificate => ("ssh host certificate", true),
        SshKind::KnownHosts => ("line of known hosts", false),
        SshKind::PublicKey => ("ssh public key", false),
        SshKind::UserCertificate => ("ssh user certificate", false),
    }
}

/// The path, and the number of the line.
fn place(document: &SshDocument) -> String {
    let source = document.reading().source();
    let number = document.line().map_or(1, |line| source.location(line.span).line);
    format!("{}:{number}", printable(source.name()))
}

/// The paths that were given, each once.
fn inputs(upload: &TlsUpload) -> String {
    let slots = [upload.certificate(), upload.private_key()];
    let mut paths: Vec<_> = slots.into_iter().flat_map(Slot::paths).map(printable).collect();
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
