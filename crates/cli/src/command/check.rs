//! `certgate check`.

use certgate_report::{Judged, Run};
use certgate_rules::{Level, Policy, SshDocument, TargetUpload, TlsUpload, judge};

use crate::cli::{CheckArguments, ColorChoice, FailOn};
use crate::config::Config;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::known::Known;
use crate::progress::Progress;
use crate::survey::{Item, Survey};
use crate::threads::{self, in_order};
use crate::{input, report, trust};

/// Judges what the arguments name and writes the verdicts.
pub(crate) fn run(arguments: &CheckArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let slots = arguments.input.certificate.iter().chain(&arguments.input.private_key);
    let named = arguments.input.files.iter().chain(slots).chain(&arguments.baseline.baseline);
    report::refuse_overlaps(&arguments.report, named.map(|path| path.as_path()))?;
    let config = Config::in_force(&arguments.config)?;
    let policy = config.policy(&arguments.levels, None, arguments.at)?;
    let policy = trust::with_clients(policy, &arguments.clients)?;
    let known = Known::of(&arguments.baseline)?;
    let fails_at = match config.fail_on(arguments.fail_on) {
        FailOn::Error => Some(Level::Error),
        FailOn::Warning => Some(Level::Warning),
        FailOn::Never => None,
    };
    let run = Run { at: policy.at(), fails_at };
    let kept = (known.is_some() || config.has_ignores()).then(Vec::new);
    let begin =
        |cases| Verdicts { kept, writer: report::Writer::begin(&arguments.report, color, run, cases) };
    if let Some(upload) = input::of_fields(&arguments.input)? {
        let mut verdicts = begin(1);
        verdicts.add(judged(arguments, upload, &policy, &config)?)?;
        return verdicts.end(&config, &policy, known, color);
    }
    let threads = arguments.threads.map_or_else(threads::available, usize::from);
    let mut survey = Survey::of(&arguments.input.files, &arguments.input.passphrases, threads)?;
    let policy = policy.with_census(survey.take_census());
    report::refuse_overlaps(&arguments.report, survey.paths())?;
    let mut verdicts = begin(survey.cases());
    let unread = check(arguments, &survey, (&policy, &config), &mut verdicts)?;
    let exit =
        if survey.items() == 0 { Exit::Clean } else { verdicts.end(&config, &policy, known, color)? };
    Ok(survey.tell(color, unread)?.unwrap_or(exit))
}

/// Verdicts, written as they come, or kept where something is to be said of them all.
struct Verdicts<'a> {
    kept: Option<Vec<Judged>>,
    writer: report::Writer<'a>,
}

impl Verdicts<'_> {
    fn add(&mut self, verdict: Judged) -> Result<(), Failure> {
        match &mut self.kept {
            Some(kept) => {
                kept.push(verdict);
                Ok(())
            }
            None => self.writer.add(verdict),
        }
    }

    fn end(
        mut self,
        config: &Config,
        policy: &Policy,
        known: Option<Known<'_>>,
        color: ColorChoice,
    ) -> Result<Exit, Failure> {
        if let Some(mut verdicts) = self.kept {
            verdicts.extend(config.judged(&verdicts, policy));
            if let Some(known) = known {
                known.apply(&mut verdicts, color)?;
            }
            verdicts.into_iter().try_for_each(|verdict| self.writer.add(verdict))?;
        }
        self.writer.end()
    }
}

/// Judges everything; gives what could not be read this time.
fn check(
    arguments: &CheckArguments,
    survey: &Survey,
    (policy, config): (&Policy, &Config),
    all: &mut Verdicts<'_>,
) -> Result<Vec<Failure>, Failure> {
    let threads = arguments.threads.map_or_else(threads::available, usize::from);
    let mut progress = Progress::of(survey.items(), false);
    let work = |number| {
        Ok::<Vec<Judged>, Failure>(match survey.item(number)? {
            Item::Upload(upload) => vec![judged(arguments, *upload, policy, config)?],
            Item::Ssh(reading) => {
                SshDocument::all_of(&reading).map(|document| judge(document, policy).into()).collect()
            }
        })
    };
    let mut unread = Vec::new();
    in_order(survey.items(), threads, work, |verdicts| {
        progress.one_done();
        match verdicts {
            Ok(verdicts) => verdicts.into_iter().try_for_each(|verdict| all.add(verdict)),
            Err(failure) => {
                unread.push(failure);
                Ok(())
            }
        }
    })?;
    progress.end();
    Ok(unread)
}

fn judged(
    arguments: &CheckArguments,
    upload: TlsUpload,
    policy: &Policy,
    config: &Config,
) -> Result<Judged, Failure> {
    Ok(match config.target(arguments.target, &upload)? {
        Some(target) => judge(TargetUpload::new(upload, target), policy).into(),
        None => {
            let upload = upload.with_description(arguments.description.as_str());
            judge(upload.with_metadata(arguments.metadata.as_str()), policy).into()
        }
    })
}
