//! How verdicts are written, and where.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

// How to write verdicts.
#[derive(Args)]
pub(crate) struct ReportArguments {
    /// How to write the verdicts
    #[arg(long, value_enum, default_value_t = VerdictFormat::Text)]
    pub(crate) format: VerdictFormat,

    /// Write them into this file too, in this format (repeatable)
    ///
    /// The file is replaced at once or not at all, whatever the exit code.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output)]
    pub(crate) output: Vec<Output>,

    /// Write the summary lines alone, where the format is text
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// What verdicts are written as.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerdictFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Results of tests as XML, for Jenkins, GitLab and others
    Junit,
    /// Commands to the runners of GitHub, and a table in the summary of the step
    Github,
    /// The code quality report of GitLab
    Gitlab,
}

/// A file, and what is written into it.
#[derive(Clone)]
pub(crate) struct Output {
    pub(crate) format: VerdictFormat,
    pub(crate) path: PathBuf,
}

fn output(text: &str) -> Result<Output, String> {
    let Some((format, path)) = text.split_once('=') else {
        return Err("it is not FORMAT=FILE, such as sarif=certgate.sarif".to_owned());
    };
    let known = || {
        let names = VerdictFormat::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        names.map(|value| value.get_name().to_owned()).collect::<Vec<_>>().join(", ")
    };
    let format = VerdictFormat::from_str(format, false)
        .map_err(|_| format!("`{}` is no format: there are {}", format.escape_debug(), known()))?;
    match path {
        "" => Err("it names no file".to_owned()),
        "-" => Err("standard output has what `--format` says: name a file".to_owned()),
        path => Ok(Output { format, path: path.into() }),
    }
}
