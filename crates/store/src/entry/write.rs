//! Writing bodies.

use super::{AuthorityAdded, BODY_VERSION, Entry, ResourceCreated};
use crate::authority::{AuthorityId, Custody, Origin};
use crate::resource::ResourceFacts;
use crate::revocation::{RevocationTarget, Revoked};

/// Most bodies are shorter.
const BODY_BYTES_USUAL: usize = 512;

/// Fields, one after the other.
#[derive(Default)]
struct Fields(Vec<u8>);

impl Fields {
    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        // Everything kept is far below 2^32 bytes.
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    fn number(&mut self, number: u64) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    fn maybe(&mut self, value: Option<&[u8]>) -> &mut Self {
        match value {
            Some(value) => self.bytes(&[&[1], value].concat()),
            None => self.bytes(&[]),
        }
    }

    fn flag(&mut self, flag: bool) -> &mut Self {
        self.bytes(&[u8::from(flag)])
    }

    fn maybe_authority(&mut self, id: Option<AuthorityId>) -> &mut Self {
        self.maybe(id.map(|id| id.number().to_be_bytes()).as_ref().map(<[u8; 8]>::as_slice))
    }
}

/// The body of an entry.
pub(super) fn body(entry: &Entry) -> Vec<u8> {
    let mut fields = Fields(Vec::with_capacity(BODY_BYTES_USUAL));
    fields.0.push(BODY_VERSION);
    match entry {
        Entry::AuthorityAdded(added) => authority(&mut fields, added),
        Entry::AuthorityMoved { authority, from, to, by } => {
            fields.number(authority.number()).bytes(from.name().as_bytes());
            fields.bytes(to.name().as_bytes()).bytes(by.name().as_bytes());
        }
        Entry::SerialReserved { authority, to_be_signed: bytes }
        | Entry::CertificateImported { authority, certificate: bytes } => {
            fields.number(authority.number()).bytes(bytes);
        }
        Entry::CertificateRecorded { certificate, signature } => {
            fields.number(certificate.number()).bytes(signature);
        }
        Entry::CertificateAbandoned { certificate, reason } => {
            fields.number(certificate.number()).bytes(reason.as_bytes());
        }
        Entry::Revoked { target: revoked, reason, added } => {
            let mut inner = Fields::default();
            target(&mut inner, revoked);
            fields.bytes(&inner.0).bytes(reason.as_bytes());
            revoked_entries(&mut fields, added);
        }
        Entry::KrlPublished { version, authority } => {
            fields.number(*version).maybe_authority(*authority);
        }
        Entry::ResourceCreated(created) => resource(&mut fields, created),
        Entry::ResourceUpdated { resource, description, metadata } => {
            fields.number(*resource).bytes(description.as_bytes()).bytes(metadata.as_bytes());
        }
        Entry::ResourceDeleted { resource: number } | Entry::ApiKeyRevoked { key: number } => {
            fields.number(*number);
        }
        Entry::SecretsResealed { master, count } => {
            fields.bytes(&master.0).number(*count);
        }
        Entry::ApiKeyAdded { id, hash, description, is_read_only } => {
            fields.bytes(id.as_bytes()).bytes(hash).bytes(description.as_bytes()).flag(*is_read_only);
        }
    }
    fields.0
}

fn authority(fields: &mut Fields, added: &AuthorityAdded) {
    fields.bytes(added.name.as_str().as_bytes()).bytes(&added.public_key).bytes(added.comment.as_bytes());
    match &added.custody {
        Custody::Agent => fields.bytes(b"agent").bytes(b""),
        Custody::KeyFile(path) => fields.bytes(b"file").bytes(path.as_bytes()),
        Custody::Sealed => fields.bytes(b"sealed").bytes(b""),
    };
    fields.bytes(match added.origin {
        Origin::Created => b"created",
        Origin::Imported => b"imported",
    });
    fields.maybe_authority(added.succeeds).bytes(added.state.name().as_bytes()).number(added.first_serial);
}

fn resource(fields: &mut Fields, created: &ResourceCreated) {
    fields.bytes(created.kind.name().as_bytes()).bytes(created.id.as_bytes());
    fields.maybe(created.authority.map(u64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
    fields.bytes(created.description.as_bytes()).bytes(created.metadata.as_bytes());
    let ResourceFacts { subject_common_name, serial_number, not_before, not_after } = &created.facts;
    for text in [subject_common_name, serial_number] {
        fields.maybe(text.as_ref().map(String::as_bytes));
    }
    for time in [not_before, not_after] {
        fields.maybe(time.map(|at| at.unix_secs().to_be_bytes()).as_ref().map(<[u8; 8]>::as_slice));
    }
    fields.bytes(&created.content).flag(created.has_secret);
}

fn target(fields: &mut Fields, target: &RevocationTarget) {
    fields.bytes(target.name().as_bytes());
    match target {
        RevocationTarget::Serials { authority, first, last } => {
            fields.bytes(authority.as_str().as_bytes()).number(*first).number(*last);
        }
        RevocationTarget::KeyId { authority, key_id: text }
        | RevocationTarget::Principal { authority, name: text }
        | RevocationTarget::Host { authority, name: text } => {
            fields.maybe(authority.as_ref().map(|name| name.as_str().as_bytes())).bytes(text);
        }
        RevocationTarget::Key(key) => {
            fields.bytes(key.blob());
        }
    }
}

fn revoked_entries(fields: &mut Fields, revoked: &Revoked) {
    let (mut serials, mut key_ids, mut keys) = (Fields::default(), Fields::default(), Fields::default());
    for run in &revoked.serials {
        serials.number(run.authority.number()).number(run.first).number(run.last);
    }
    for entry in &revoked.key_ids {
        key_ids.maybe_authority(entry.authority).bytes(&entry.key_id);
    }
    for key in &revoked.keys {
        keys.bytes(key.blob());
    }
    fields.bytes(&serials.0).bytes(&key_ids.0).bytes(&keys.0);
}
