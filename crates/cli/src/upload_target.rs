//! Where uploads go: to the API, or to another target.

use std::fmt;

use certgate_rules::{TARGETS, Target, TlsUpload, target};

use crate::nearest::nearest;

/// What the API is called among the targets.
const API: &str = "ngrok";

/// The API, or another target.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UploadTarget(Option<&'static Target>);

impl UploadTarget {
    /// The API.
    pub(crate) const API: Self = Self(None);

    /// The target of a word; or why there is none, and the word that was probably meant.
    pub(crate) fn named(word: &str) -> Result<Self, (String, Option<String>)> {
        if word.eq_ignore_ascii_case(API) {
            return Ok(Self::API);
        }
        target(word).map(|target| Self(Some(target))).ok_or_else(|| {
            let known: Vec<&str> = Self::names().collect();
            let what =
                format!("`{}` is no upload target: there are {}", word.escape_debug(), known.join(", "));
            (what, nearest(word, known.into_iter()).map(|near| format!("did you mean `{near}`?")))
        })
    }

    /// All words for targets, the API first.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        std::iter::once(API).chain(TARGETS.into_iter().map(Target::name))
    }

    /// The target, if it is not the API.
    pub(crate) fn elsewhere(self) -> Option<&'static Target> {
        self.0
    }
}

impl fmt::Display for UploadTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.map_or(API, Target::name))
    }
}

/// As an argument of the command line.
pub(crate) fn parsed(word: &str) -> Result<UploadTarget, String> {
    UploadTarget::named(word).map_err(|(what, hint)| match hint {
        Some(hint) => format!("{what}; {hint}"),
        None => what,
    })
}

/// The paths of the files of an upload.
pub(crate) fn paths(upload: &TlsUpload) -> impl Iterator<Item = &str> {
    upload.certificate().paths().chain(upload.private_key().paths())
}
