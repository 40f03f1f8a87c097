//! What was found before, and is not reported again: the baseline of `check`.

use std::io::{self, Write};
use std::path::Path;

use certgate_report::Judged;
use certgate_report::baseline::Baseline;

use crate::cli::{BaselineArguments, ColorChoice};
use crate::failure::Failure;
use crate::place::Folder;
use crate::{input, output, replacement};

/// A baseline, before it is used.
pub(crate) struct Known<'a> {
    path: &'a Path,
    folder: Folder,
    /// What it holds; nothing where it is to be written.
    baseline: Option<Baseline>,
}

impl<'a> Known<'a> {
    /// The baseline that is asked for, if one is. A file that is to be written may be missing, and must not be something else.
    pub(crate) fn of(arguments: &'a BaselineArguments) -> Result<Option<Self>, Failure> {
        let Some(path) = arguments.baseline.as_deref() else { return Ok(None) };
        let is_new = arguments.write_baseline
            && matches!(path.symlink_metadata(), Err(error) if error.kind() == io::ErrorKind::NotFound);
        let read = if is_new { None } else { Some(read(path)?) };
        let baseline = read.filter(|_| !arguments.write_baseline);
        Ok(Some(Self { path, folder: Folder::of_file(path)?, baseline }))
    }

    /// Reports no longer what is known; where it is to be written, that is all there is.
    pub(crate) fn apply(self, verdicts: &mut [Judged], color: ColorChoice) -> Result<(), Failure> {
        let seen = |name: &str| self.folder.way_to(name);
        let name = self.path.display().to_string();
        let name = name.escape_debug();
        let baseline = match self.baseline {
            Some(baseline) => baseline,
            None => {
                let baseline = Baseline::of(verdicts, seen);
                let mut bytes = Vec::new();
                baseline.write(&mut bytes)?;
                replacement::write(self.path, &bytes)?;
                writeln!(output::stderr(color), "`{name}`: known from now on: {}", counted(baseline.len()))?;
                baseline
            }
        };
        let gone = baseline.suppress(verdicts, seen);
        if let Some(first) = gone.first() {
            let (path, rule) = (first.path.escape_debug(), &first.rule);
            let count = counted(gone.len());
            writeln!(
                output::stderr(color),
                "`{name}`: known and not found any more: {count}, the first `{rule}` in `{path}`; --write-baseline takes them out"
            )?;
        }
        Ok(())
    }
}

fn read(path: &Path) -> Result<Baseline, Failure> {
    let source = input::source(path)
        .map_err(|failure| failure.with_hint("`--write-baseline` makes a baseline of what is found now"))?;
    Baseline::read(source.bytes()).map_err(|error| {
        let name = path.display().to_string();
        Failure::input(format!(
            "`{}` is no baseline: {}",
            name.escape_debug(),
            error.to_string().escape_debug()
        ))
        .with_hint(
            "`certgate check --baseline FILE --write-baseline` makes one; it writes over no other file",
        )
    })
}

fn counted(findings: usize) -> String {
    if findings == 1 { "1 finding".to_owned() } else { format!("{findings} findings") }
}
