//! What requests for SSH certificates of hosts and of users have in common.

use certgate_api::Timestamp;
use certgate_facts::SshPublicKey;
use certgate_rules::{CertificateRequest, Field, Moment};

/// The authority that is to sign.
pub(super) fn authority_id(request: &CertificateRequest) -> Result<String, &'static str> {
    request.authority_id().map(|id| id.text().to_owned()).ok_or("no authority was named that is to sign")
}

/// The line of the public key.
pub(super) fn public_key(request: &CertificateRequest) -> String {
    let source = request.public_key_reading().source();
    let line = request.public_key_line();
    line.map(|line| String::from_utf8_lossy(line.span.of(source.text())).into_owned()).unwrap_or_default()
}

pub(super) fn principals(request: &CertificateRequest) -> Vec<String> {
    request.principals().iter().map(|principal| principal.text().to_owned()).collect()
}

pub(super) fn text(field: Option<&Field>) -> String {
    field.map(Field::text).unwrap_or_default().to_owned()
}

/// The moment as it was written, else in UTC.
pub(super) fn moment(moment: &Moment) -> Result<String, &'static str> {
    if let Some(field) = moment.field() {
        return Ok(field.text().to_owned());
    }
    let secs = moment.secs().and_then(|secs| i64::try_from(secs).ok());
    let timestamp = secs.and_then(Timestamp::from_unix_secs);
    timestamp
        .map(|timestamp| timestamp.to_string())
        .ok_or("the validity has an end that the API cannot write")
}

/// Whether a moment is the one that was asked for; if none was, it is.
pub(super) fn is_same_moment(text: &str, at: Timestamp) -> bool {
    text.is_empty() || text.parse::<Timestamp>() == Ok(at)
}

/// Whether two lines hold the same key, whatever their comments.
pub(super) fn is_same_key(line: &str, other: &str) -> bool {
    let key = |line: &str| SshPublicKey::read(line).ok().map(|key| key.canonical_blob().into_owned());
    key(line).is_some_and(|blob| Some(blob) == key(other))
}
