//! Verdicts, written to standard output and into files.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use certgate_report::{Format, Judged, Run, github, text};

use crate::cli::{ColorChoice, Output, ReportArguments, VerdictFormat};
use crate::failure::Failure;
use crate::{output, replacement};

/// The variable that names the file of a step's summary, on the runners of GitHub.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Refuses files that would be written twice, or over one of those that are read.
pub(crate) fn refuse_overlaps<'p>(
    arguments: &ReportArguments,
    inputs: impl IntoIterator<Item = &'p PathBuf>,
) -> Result<(), Failure> {
    let inputs: Vec<PathBuf> = inputs.into_iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
    let outputs: Vec<PathBuf> = arguments.output.iter().map(|output| place(&output.path)).collect();
    for (index, Output { path, .. }) in arguments.output.iter().enumerate() {
        let name = path.display().to_string();
        if inputs.contains(&outputs[index]) {
            let what = format!("`{}` is read, and would be overwritten", name.escape_debug());
            return Err(Failure::input(what).with_hint("name another file behind `--output`"));
        }
        if outputs[..index].contains(&outputs[index]) {
            let what = format!("`{}` would be written twice", name.escape_debug());
            return Err(Failure::input(what).with_hint("name a file for each format"));
        }
    }
    Ok(())
}

/// Where a file is or will be, whatever it is called.
fn place(path: &Path) -> PathBuf {
    let of_new = || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or_else(|| Path::new("."))).ok()?;
        Some(folder.join(path.file_name()?))
    };
    fs::canonicalize(path).ok().or_else(of_new).unwrap_or_else(|| path.to_owned())
}

/// Writes verdicts: to standard output, then into each file that was named, then into the summary of the step.
pub(crate) fn write(
    arguments: &ReportArguments,
    color: ColorChoice,
    verdicts: &[Judged],
    run: Run,
) -> Result<(), Failure> {
    let style = text::Style { quiet: arguments.quiet, ..text::Style::PLAIN };
    let mut stdout = output::stdout(color);
    let colored = text::Style { color: output::has_color(color), ..style };
    format(arguments.format, colored).write(&mut stdout, verdicts, run)?;
    stdout.flush()?;
    for output in &arguments.output {
        let mut bytes = Vec::new();
        format(output.format, style).write(&mut bytes, verdicts, run)?;
        replacement::write(&output.path, &bytes)?;
    }
    let mut formats = arguments.output.iter().map(|output| output.format).chain([arguments.format]);
    match step_summary().filter(|_| formats.any(|format| format == VerdictFormat::Github)) {
        Some(path) => append_summary(&path, verdicts),
        None => Ok(()),
    }
}

fn format(format: VerdictFormat, style: text::Style) -> Format {
    match format {
        VerdictFormat::Github => Format::Github,
        VerdictFormat::Gitlab => Format::Gitlab,
        VerdictFormat::Json => Format::Json,
        VerdictFormat::Junit => Format::Junit,
        VerdictFormat::Sarif => Format::Sarif,
        VerdictFormat::Text => Format::Text(style),
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads this variable")]
fn step_summary() -> Option<PathBuf> {
    std::env::var_os(STEP_SUMMARY).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Other steps' words may stand there already.
fn append_summary(path: &Path, verdicts: &[Judged]) -> Result<(), Failure> {
    let opened = OpenOptions::new().append(true).create(true).open(path);
    let appended = opened.and_then(|mut file| {
        let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        github::write_summary(&mut bytes, verdicts, github::SUMMARY_BYTES_MAX.saturating_sub(length))?;
        file.write_all(&bytes)
    });
    appended.map_err(|error| {
        let name = path.display().to_string();
        Failure::input(format!("cannot write `{}`, which {STEP_SUMMARY} names: {error}", name.escape_debug()))
    })
}
