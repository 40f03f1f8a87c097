//! `certgate check`.

use certgate_report::{Judged, Run};
use certgate_rules::{Level, Policy, SshDocument, TlsUpload, judge};

use crate::cli::{CheckArguments, ColorChoice, FailOn};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::survey::{Item, Survey};
use crate::threads::{self, in_order};
use crate::{input, policy, report};

/// Judges what the arguments name and writes the verdicts.
pub(crate) fn run(arguments: &CheckArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let slots = arguments.input.certificate.iter().chain(&arguments.input.private_key);
    let named = arguments.input.files.iter().chain(slots).map(|path| path.as_path());
    report::refuse_overlaps(&arguments.report, named)?;
    let policy = policy::of(&arguments.levels, arguments.at)?;
    let fails_at = match arguments.fail_on {
        FailOn::Error => Some(Level::Error),
        FailOn::Warning => Some(Level::Warning),
        FailOn::Never => None,
    };
    let run = Run { at: policy.at(), fails_at };
    if let Some(upload) = input::of_fields(&arguments.input)? {
        let mut writer = report::Writer::begin(&arguments.report, color, run, 1);
        writer.add(judged(arguments, upload, &policy))?;
        return writer.end();
    }
    let threads = arguments.threads.map_or_else(threads::available, usize::from);
    let survey = Survey::of(&arguments.input, threads)?;
    report::refuse_overlaps(&arguments.report, survey.paths())?;
    check(arguments, &survey, &policy, report::Writer::begin(&arguments.report, color, run, survey.cases()))
}

fn check(
    arguments: &CheckArguments,
    survey: &Survey,
    policy: &Policy,
    mut writer: report::Writer<'_>,
) -> Result<Exit, Failure> {
    let threads = arguments.threads.map_or_else(threads::available, usize::from);
    let mut progress = Progress::of(survey.items(), false);
    let work = |number| {
        Ok::<Vec<Judged>, Failure>(match survey.item(number)? {
            Item::Upload(upload) => vec![judged(arguments, *upload, policy)],
            Item::Ssh(reading) => {
                SshDocument::all_of(&reading).map(|document| judge(document, policy).into()).collect()
            }
        })
    };
    let mut unread = Vec::new();
    in_order(survey.items(), threads, work, |verdicts| {
        progress.one_done();
        match verdicts {
            Ok(verdicts) => verdicts.into_iter().try_for_each(|verdict| writer.add(verdict)),
            Err(failure) => {
                unread.push(failure);
                Ok(())
            }
        }
    })?;
    progress.end();
    let color = writer.color();
    let exit = if survey.items() == 0 { Exit::Clean } else { writer.end()? };
    survey.tell(color, unread).map(|failed| failed.unwrap_or(exit))
}

fn judged(arguments: &CheckArguments, upload: TlsUpload, policy: &Policy) -> Judged {
    let upload = upload.with_description(arguments.description.as_str());
    judge(upload.with_metadata(arguments.metadata.as_str()), policy).into()
}
