//! What arguments name, seen as a whole: the cases that are in there, to be read and judged one by one.

mod group;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::Reading;
use certgate_rules::{KeyCensus, Outline, Pair, TlsUpload, is_continued, pairs_of};

use crate::cli::{ColorChoice, PassphraseArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::sources::{Place, Seen, Sources};
use crate::threads::in_order;
use crate::{input, output, selection};

/// Sources, which of them belong together, and what could not be seen.
pub(crate) struct Survey {
    sources: Sources,
    /// Where the sources of pairs are, by their numbers.
    places: Vec<Place>,
    pairs: Vec<Pair>,
    census: KeyCensus,
    openssh: Vec<Place>,
    /// How many lines there are in those.
    lines: usize,
    /// Files that cannot be read, and folders.
    failures: Vec<Failure>,
    /// Files in folders that have nothing to do with certificates and keys.
    passed_over: usize,
    /// Symbolic links in folders.
    links: usize,
}

/// Something to judge.
pub(crate) enum Item {
    Upload(Box<TlsUpload>),
    /// A source of OpenSSH keys, certificates or known hosts.
    Ssh(Arc<Reading>),
}

impl Survey {
    /// Looks at everything that arguments name.
    pub(crate) fn of(
        files: &[PathBuf],
        passphrases: &PassphraseArguments,
        threads: usize,
    ) -> Result<Self, Failure> {
        let passphrases = input::passphrases(passphrases)?;
        let selection = selection::select(files)?;
        let mut survey = Self {
            sources: Sources::new(selection.files, passphrases),
            places: Vec::new(),
            pairs: Vec::new(),
            census: KeyCensus::default(),
            openssh: Vec::new(),
            lines: 0,
            failures: selection.failures,
            passed_over: 0,
            links: selection.links,
        };
        let mut outlines = Vec::new();
        let mut is_torn = false;
        let sources = &survey.sources;
        let mut progress = Progress::of(sources.count(), true);
        in_order(
            sources.count(),
            threads,
            |file| (file, sources.look(file)),
            |(file, seen)| {
                progress.one_done();
                match seen {
                    Err(failure) => {
                        is_torn |= sources.is_named(file);
                        survey.failures.push(failure);
                    }
                    Ok(seen) if seen.is_empty() => survey.passed_over += 1,
                    Ok(seen) => seen.into_iter().for_each(|seen| match seen {
                        Seen::Ssh(place, lines) => {
                            survey.openssh.push(place);
                            survey.lines += lines;
                        }
                        Seen::Upload(place, outline) => {
                            survey.places.push(place);
                            outlines.push(outline);
                        }
                    }),
                }
                Ok(())
            },
        )?;
        progress.end();
        survey.pairs = survey.paired(&outlines);
        survey.census = KeyCensus::of(&outlines);
        if is_torn && survey.items() == 1 {
            // The rest of an upload would be found incomplete for the wrong reason.
            (survey.pairs, survey.openssh, survey.lines) = (Vec::new(), Vec::new(), 0);
        }
        if survey.items() == 0 && survey.failures.is_empty() {
            let what = format!("nothing to judge in {} files", survey.passed_over);
            survey.failures.push(
                Failure::input(what)
                    .with_hint("name the files that hold certificates, keys or OpenSSH lines"),
            );
        }
        Ok(survey)
    }

    /// A source that cannot be read again continues nothing; its failure comes when it is to be judged.
    fn paired(&self, outlines: &[Outline]) -> Vec<Pair> {
        let read = |source: usize| self.sources.reading(self.places[source]);
        pairs_of(outlines, |below, above| match (read(below), read(above)) {
            (Ok(below), Ok(above)) => is_continued(&below, &above),
            _ => false,
        })
    }

    /// The keys of all sources.
    pub(crate) fn take_census(&mut self) -> KeyCensus {
        std::mem::take(&mut self.census)
    }

    /// How many things there are to judge.
    pub(crate) fn items(&self) -> usize {
        self.pairs.len() + self.openssh.len()
    }

    /// How many verdicts there will be: on each upload, and on each line of OpenSSH.
    pub(crate) fn cases(&self) -> usize {
        self.pairs.len() + self.lines
    }

    /// Uploads first, then OpenSSH sources, each in the order of the files.
    pub(crate) fn item(&self, number: usize) -> Result<Item, Failure> {
        match (self.pairs.get(number), number.checked_sub(self.pairs.len())) {
            (None, Some(number)) => self.sources.reading(self.openssh[number]).map(Item::Ssh),
            (pair, _) => {
                let pair = pair.ok_or_else(|| Failure::input("there are fewer cases than that"))?;
                pair.upload(|source| self.sources.reading(self.places[source]))
                    .map(|upload| Item::Upload(Box::new(upload)))
            }
        }
    }

    /// The files in which there is something to judge.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.places.iter().chain(&self.openssh).map(|place| self.sources.path(*place))
    }

    /// Says what was passed over and what could not be read, at first or, in `unread`, later. [`Exit::Failed`] where there is any
    /// such.
    pub(crate) fn tell(&self, color: ColorChoice, unread: Vec<Failure>) -> Result<Option<Exit>, Failure> {
        if let Some(passed_over) = self.passed_over() {
            writeln!(output::stderr(color), "{passed_over}")?;
        }
        let mut failures = self.failures.iter().chain(&unread).peekable();
        let failed = failures.peek().map(|_| Exit::Failed);
        failures.for_each(|failure| failure.report(color));
        Ok(failed)
    }

    /// What was not looked at further, in words; nothing where all was.
    fn passed_over(&self) -> Option<String> {
        let counted = |count: usize, noun: &str, what: &str| {
            let plural = if count == 1 { "" } else { "s" };
            (count > 0).then(|| format!("{count} {noun}{plural} {what}"))
        };
        let files = counted(self.passed_over, "file", "without a certificate or a key");
        let links = counted(self.links, "symbolic link", "not followed");
        let both: Vec<String> = files.into_iter().chain(links).collect();
        (!both.is_empty()).then(|| format!("passed over: {}", both.join(", ")))
    }
}
