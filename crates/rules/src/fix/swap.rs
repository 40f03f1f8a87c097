//! A chain and a private key, each in the place of the other.

use std::sync::Arc;

use certgate_facts::{Entry, Reading, Source, SourceError};

use super::Fix;
use super::judgement::Judgement;
use super::repair::Repair;
use crate::case::TlsUpload;

/// Whether the fields hold just what the other should.
pub(super) fn is_called_for(judgement: Judgement<'_>) -> bool {
    let (certificate, key) = (judgement.upload.certificate(), judgement.upload.private_key());
    let is_found =
        judgement.findings.iter().any(|finding| std::ptr::eq(finding.rule(), Repair::SlotsSwapped.rule()));
    let is_sound = |reading: &Reading| reading.source().origin().is_none();
    is_found
        && [certificate, key]
            .iter()
            .all(|slot| slot.is_given() && slot.is_whole() && is_sound(slot.reading()))
        && !certificate.entries().any(Entry::is_certificate)
        && key.entries().any(Entry::is_certificate)
        && !key.entries().any(Entry::is_private_key)
}

/// Gives each source what the other holds. Whether both are among the sources comes back.
pub(super) fn swap(fixes: &mut [Fix], upload: &TlsUpload) -> Result<bool, SourceError> {
    let place = |reading: &Arc<Reading>| fixes.iter().position(|fix| Arc::ptr_eq(&fix.after, reading));
    let (Some(first), Some(second)) =
        (place(upload.certificate().reading()), place(upload.private_key().reading()))
    else {
        return Ok(false);
    };
    let with_content_of = |name: &Reading, content: &Reading| {
        let bytes = content.source().bytes().to_vec();
        Source::from_bytes(name.source().name(), bytes).map(|source| Arc::new(Reading::of(source)))
    };
    let (one, other) = (Arc::clone(&fixes[first].after), Arc::clone(&fixes[second].after));
    fixes[first].after = with_content_of(&one, &other)?;
    fixes[second].after = with_content_of(&other, &one)?;
    for place in [first, second] {
        fixes[place].repairs.insert(Repair::SlotsSwapped);
    }
    Ok(true)
}
