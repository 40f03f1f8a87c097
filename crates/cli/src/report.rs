//! Verdicts, written to standard output and into files.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use certgate_report::{Format, Judged, Run, github, json, text};

use crate::cli::{ColorChoice, Output, ReportArguments, VerdictFormat};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, replacement};

/// The variable that names the file of a step's summary, on the runners of GitHub.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Refuses files that would be written twice, or over one of those that are read.
pub(crate) fn refuse_overlaps<'p>(
    arguments: &ReportArguments,
    inputs: impl IntoIterator<Item = &'p Path>,
) -> Result<(), Failure> {
    if arguments.output.is_empty() {
        return Ok(());
    }
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

/// Verdicts on their way out: to standard output, then into each file that was named, then into the summary of the step.
///
/// Text and JSON go to standard output case by case, and nothing is kept; other formats, and files, are of all verdicts at once.
pub(crate) struct Writer<'a> {
    arguments: &'a ReportArguments,
    color: ColorChoice,
    run: Run,
    stdout: output::Stdout,
    sheet: Sheet,
    kept: Option<Vec<Judged>>,
    has_failed: bool,
}

/// What standard output becomes.
enum Sheet {
    Json(json::Sheet),
    Text(text::Sheet),
    Whole,
}

impl<'a> Writer<'a> {
    /// For so many verdicts.
    pub(crate) fn begin(
        arguments: &'a ReportArguments,
        color: ColorChoice,
        run: Run,
        verdicts: usize,
    ) -> Self {
        let sheet = match format(arguments.format, style(arguments, output::has_color(color))) {
            Format::Json => Sheet::Json(json::Sheet::begin(run.at)),
            Format::Text(style) => Sheet::Text(text::Sheet::begin(style, verdicts)),
            _ => Sheet::Whole,
        };
        let keeps = matches!(sheet, Sheet::Whole) || !arguments.output.is_empty();
        let (stdout, kept) = (output::stdout(color), keeps.then(Vec::new));
        Self { arguments, color, run, stdout, sheet, kept, has_failed: false }
    }

    /// The next verdict.
    pub(crate) fn add(&mut self, verdict: Judged) -> Result<(), Failure> {
        self.has_failed |= self.run.fails(std::slice::from_ref(&verdict));
        match &mut self.sheet {
            Sheet::Json(sheet) => sheet.add(&mut self.stdout, &verdict)?,
            Sheet::Text(sheet) => sheet.add(&mut self.stdout, &verdict)?,
            Sheet::Whole => {}
        }
        if let Some(kept) = &mut self.kept {
            kept.push(verdict);
        }
        Ok(())
    }

    /// Writes what is left to write.
    pub(crate) fn end(mut self) -> Result<Exit, Failure> {
        let verdicts = self.kept.unwrap_or_default();
        match self.sheet {
            Sheet::Json(sheet) => sheet.end(&mut self.stdout)?,
            Sheet::Text(sheet) => sheet.end(&mut self.stdout)?,
            Sheet::Whole => {
                let style = style(self.arguments, output::has_color(self.color));
                format(self.arguments.format, style).write(&mut self.stdout, &verdicts, self.run)?;
            }
        }
        self.stdout.flush()?;
        for output in &self.arguments.output {
            let mut bytes = Vec::new();
            let format = format(output.format, style(self.arguments, false));
            format.write(&mut bytes, &verdicts, self.run)?;
            replacement::write(&output.path, &bytes)?;
        }
        let outputs = self.arguments.output.iter().map(|output| output.format);
        let mut formats = outputs.chain([self.arguments.format]);
        if let Some(path) = step_summary().filter(|_| formats.any(|format| format == VerdictFormat::Github)) {
            append_summary(&path, &verdicts)?;
        }
        Ok(if self.has_failed { Exit::Findings } else { Exit::Clean })
    }
}

fn style(arguments: &ReportArguments, color: bool) -> text::Style {
    text::Style { color, quiet: arguments.quiet, ..text::Style::PLAIN }
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
