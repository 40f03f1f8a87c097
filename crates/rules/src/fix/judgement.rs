//! What a repair has to know of a verdict, wherever the upload goes.

use crate::case::{TlsUpload, Upload};
use crate::finding::Finding;
use crate::verdict::Verdict;

/// An upload, and what was found in it.
#[derive(Clone, Copy)]
pub(super) struct Judgement<'a> {
    pub(super) upload: &'a TlsUpload,
    pub(super) findings: &'a [Finding],
}

impl<'a> Judgement<'a> {
    pub(super) fn of<C: Upload>(verdict: &'a Verdict<C>) -> Self {
        Self { upload: verdict.case().upload(), findings: verdict.findings() }
    }
}
