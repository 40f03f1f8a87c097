//! An SSH host certificate of a cleared request.

use certgate_api::{SshHostCertificate, SshHostCertificateCreate, Timestamp};
use certgate_facts::SshPublicKey;
use certgate_rules::{Field, HostCertificateRequest, Moment};

use super::Request;

impl Request for HostCertificateRequest {
    type Resource = SshHostCertificate;

    /// The key id stays here: the API's certificates have the id of the resource in its place.
    fn create(&self) -> Result<SshHostCertificateCreate, &'static str> {
        let text = |field: Option<&Field>| field.map(Field::text).unwrap_or_default().to_owned();
        let line = self.public_key_line();
        let source = self.public_key_reading().source();
        let line = line.map(|line| String::from_utf8_lossy(line.span.of(source.text())).into_owned());
        Ok(SshHostCertificateCreate {
            ssh_certificate_authority_id: self
                .authority_id()
                .map(|id| id.text().to_owned())
                .ok_or("no authority was named that is to sign")?,
            public_key: line.unwrap_or_default(),
            principals: self.principals().iter().map(|principal| principal.text().to_owned()).collect(),
            valid_after: moment(self.valid_after())?,
            valid_until: moment(self.valid_before())?,
            description: text(self.description()),
            metadata: text(self.metadata()),
        })
    }

    fn is_outcome(create: &SshHostCertificateCreate, resource: &SshHostCertificate) -> bool {
        let is_same_moment =
            |text: &str, at: Timestamp| text.is_empty() || text.parse::<Timestamp>() == Ok(at);
        create.ssh_certificate_authority_id == resource.ssh_certificate_authority_id.to_string()
            && key(&create.public_key).is_some_and(|blob| Some(blob) == key(&resource.public_key))
            && create.principals == resource.principals
            && is_same_moment(&create.valid_after, resource.valid_after)
            && is_same_moment(&create.valid_until, resource.valid_until)
            && create.description == resource.description
            && create.metadata == resource.metadata
    }
}

/// The moment as it was written, else in UTC.
fn moment(moment: &Moment) -> Result<String, &'static str> {
    if let Some(field) = moment.field() {
        return Ok(field.text().to_owned());
    }
    let secs = moment.secs().and_then(|secs| i64::try_from(secs).ok());
    let timestamp = secs.and_then(Timestamp::from_unix_secs);
    timestamp
        .map(|timestamp| timestamp.to_string())
        .ok_or("the validity has an end that the API cannot write")
}

/// The key of a line, without its comment.
fn key(line: &str) -> Option<Vec<u8>> {
    SshPublicKey::read(line).ok().map(|key| key.canonical_blob().into_owned())
}
