//! `certgate check`.

use certgate_facts::{DefectKind, Reading};
use certgate_report::{Judged, Run};
use certgate_rules::{Level, SshDocument, TlsUpload, judge};

use crate::cli::{CheckArguments, ColorChoice, FailOn};
use crate::config::Config;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::known::Known;
use crate::{input, report, trust};

/// Judges what the arguments name and writes the verdicts.
pub(crate) fn run(arguments: &CheckArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let slots = arguments.input.certificate.iter().chain(&arguments.input.private_key);
    let files = arguments.input.files.iter().chain(slots).chain(&arguments.baseline.baseline);
    report::refuse_overlaps(&arguments.report, files)?;
    let config = Config::in_force(&arguments.config)?;
    let policy = config.policy(&arguments.levels, None, arguments.at)?;
    let policy = trust::with_clients(policy, &arguments.clients)?;
    let known = Known::of(&arguments.baseline)?;
    let given = input::given(&arguments.input)?;
    given.openssh.iter().try_for_each(|reading| refuse_too_many_lines(reading))?;
    let with_texts = |upload: TlsUpload| {
        upload.with_description(arguments.description.as_str()).with_metadata(arguments.metadata.as_str())
    };
    let uploads = given.uploads.into_iter().map(|upload| judge(with_texts(upload), &policy).into());
    let documents = given.openssh.iter().flat_map(SshDocument::all_of);
    let mut verdicts: Vec<Judged> =
        uploads.chain(documents.map(|document| judge(document, &policy).into())).collect();
    verdicts.extend(config.judged(&verdicts, &policy));
    if let Some(known) = known {
        known.apply(&mut verdicts, color)?;
    }
    let fails_at = match config.fail_on(arguments.fail_on) {
        FailOn::Error => Some(Level::Error),
        FailOn::Warning => Some(Level::Warning),
        FailOn::Never => None,
    };
    let run = Run { at: policy.at(), fails_at };
    report::write(&arguments.report, color, &verdicts, run)?;
    Ok(if run.fails(&verdicts) { Exit::Findings } else { Exit::Clean })
}

/// What is not read is not judged: to pass over it would look like a verdict.
fn refuse_too_many_lines(reading: &Reading) -> Result<(), Failure> {
    let is_about_lines = |kind: &&DefectKind| matches!(kind, DefectKind::SshLinesOverLimit { .. });
    match reading.defects().iter().map(|defect| &defect.kind).find(is_about_lines) {
        None => Ok(()),
        Some(kind) => {
            let name = reading.source().name().escape_debug();
            Err(Failure::input(format!("`{name}`: {kind}")).with_hint("split it into several files"))
        }
    }
}
