//! Reading bodies. What is not exactly as it is written is not read.

use certgate_facts::{SshPublicKey, Timestamp};

use super::{AuthorityAdded, BODY_VERSION, Entry, ResourceCreated};
use crate::authority::{AuthorityId, AuthorityName, AuthorityState, Custody, Origin, Transition};
use crate::certificate::CertificateId;
use crate::resource::{ResourceFacts, ResourceKind};
use crate::revocation::{RevocationTarget, Revoked, RevokedKeyId, RevokedSerials};
use crate::seal::MasterKeyNumber;

/// What is not read yet.
struct Fields<'b>(&'b [u8]);

impl<'b> Fields<'b> {
    fn bytes(&mut self) -> Option<&'b [u8]> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let (bytes, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        self.0 = rest;
        Some(bytes)
    }

    fn number(&mut self) -> Option<u64> {
        number(self.bytes()?)
    }

    fn flag(&mut self) -> Option<bool> {
        match self.bytes()? {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }

    fn text(&mut self) -> Option<String> {
        text(self.bytes()?)
    }

    fn authority(&mut self) -> Option<AuthorityId> {
        self.number().map(AuthorityId)
    }

    fn certificate(&mut self) -> Option<CertificateId> {
        self.number().map(CertificateId)
    }

    fn name(&mut self) -> Option<AuthorityName> {
        self.text()?.parse().ok()
    }

    fn state(&mut self) -> Option<AuthorityState> {
        AuthorityState::from_name(self.bytes()?)
    }

    /// What may be absent.
    fn maybe<T>(&mut self, read: impl FnOnce(&[u8]) -> Option<T>) -> Option<Option<T>> {
        match self.bytes()? {
            [] => Some(None),
            [1, value @ ..] => read(value).map(Some),
            _ => None,
        }
    }

    fn maybe_authority(&mut self) -> Option<Option<AuthorityId>> {
        self.maybe(|value| number(value).map(AuthorityId))
    }

    fn maybe_name(&mut self) -> Option<Option<AuthorityName>> {
        self.maybe(|value| std::str::from_utf8(value).ok()?.parse().ok())
    }

    /// A list: `read` again and again, until nothing is left.
    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut inner = Self(self.bytes()?);
        let mut list = Vec::new();
        while !inner.0.is_empty() {
            list.push(read(&mut inner)?);
        }
        Some(list)
    }
}

fn number(bytes: &[u8]) -> Option<u64> {
    bytes.try_into().ok().map(u64::from_be_bytes)
}

fn text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

fn time(bytes: &[u8]) -> Option<Timestamp> {
    bytes.try_into().ok().map(|bytes| Timestamp::from_unix_secs(i64::from_be_bytes(bytes)))
}

/// The entry of this kind and body.
pub(super) fn entry(kind: &str, body: &[u8]) -> Option<Entry> {
    let (version, rest) = body.split_first()?;
    let mut fields = Fields(rest);
    let entry = match kind {
        _ if *version != BODY_VERSION => return None,
        "authority-added" => Entry::AuthorityAdded(added(&mut fields)?),
        "authority-moved" => Entry::AuthorityMoved {
            authority: fields.authority()?,
            from: fields.state()?,
            to: fields.state()?,
            by: Transition::from_name(fields.bytes()?)?,
        },
        "serial-reserved" => {
            Entry::SerialReserved { authority: fields.authority()?, to_be_signed: fields.bytes()?.to_vec() }
        }
        "certificate-recorded" => Entry::CertificateRecorded {
            certificate: fields.certificate()?,
            signature: fields.bytes()?.to_vec(),
        },
        "certificate-abandoned" => {
            Entry::CertificateAbandoned { certificate: fields.certificate()?, reason: fields.text()? }
        }
        "certificate-imported" => Entry::CertificateImported {
            authority: fields.authority()?,
            certificate: fields.bytes()?.to_vec(),
        },
        "revoked" => Entry::Revoked {
            target: target(&mut Fields(fields.bytes()?))?,
            reason: fields.text()?,
            added: revoked(&mut fields)?,
        },
        "krl-published" => {
            Entry::KrlPublished { version: fields.number()?, authority: fields.maybe_authority()? }
        }
        _ => served(kind, &mut fields)?,
    };
    fields.0.is_empty().then_some(entry)
}

/// Entries on what is served.
fn served(kind: &str, fields: &mut Fields<'_>) -> Option<Entry> {
    Some(match kind {
        "resource-created" => Entry::ResourceCreated(ResourceCreated {
            kind: ResourceKind::from_name(fields.bytes()?)?,
            id: fields.text()?,
            authority: fields.maybe(number)?,
            description: fields.text()?,
            metadata: fields.text()?,
            facts: ResourceFacts {
                subject_common_name: fields.maybe(text)?,
                serial_number: fields.maybe(text)?,
                not_before: fields.maybe(time)?,
                not_after: fields.maybe(time)?,
            },
            content: fields.bytes()?.to_vec(),
            has_secret: fields.flag()?,
        }),
        "resource-updated" => Entry::ResourceUpdated {
            resource: fields.number()?,
            description: fields.text()?,
            metadata: fields.text()?,
        },
        "resource-deleted" => Entry::ResourceDeleted { resource: fields.number()? },
        "secrets-resealed" => Entry::SecretsResealed {
            master: MasterKeyNumber(fields.bytes()?.try_into().ok()?),
            count: fields.number()?,
        },
        "api-key-added" => Entry::ApiKeyAdded {
            id: fields.text()?,
            hash: fields.bytes()?.try_into().ok()?,
            description: fields.text()?,
            is_read_only: fields.flag()?,
        },
        "api-key-revoked" => Entry::ApiKeyRevoked { key: fields.number()? },
        _ => return None,
    })
}

fn added(fields: &mut Fields<'_>) -> Option<AuthorityAdded> {
    Some(AuthorityAdded {
        name: fields.name()?,
        public_key: fields.bytes()?.to_vec(),
        comment: fields.text()?,
        custody: match (fields.bytes()?, fields.text()?) {
            (b"agent", path) if path.is_empty() => Custody::Agent,
            (b"sealed", path) if path.is_empty() => Custody::Sealed,
            (b"file", path) => Custody::KeyFile(path),
            _ => return None,
        },
        origin: match fields.bytes()? {
            b"created" => Origin::Created,
            b"imported" => Origin::Imported,
            _ => return None,
        },
        succeeds: fields.maybe_authority()?,
        state: fields.state()?,
        first_serial: fields.number()?,
    })
}

fn target(fields: &mut Fields<'_>) -> Option<RevocationTarget> {
    let target = match fields.bytes()? {
        b"serials" => RevocationTarget::Serials {
            authority: fields.name()?,
            first: fields.number()?,
            last: fields.number()?,
        },
        b"key id" => {
            RevocationTarget::KeyId { authority: fields.maybe_name()?, key_id: fields.bytes()?.to_vec() }
        }
        b"principal" => {
            RevocationTarget::Principal { authority: fields.maybe_name()?, name: fields.bytes()?.to_vec() }
        }
        b"host" => RevocationTarget::Host { authority: fields.maybe_name()?, name: fields.bytes()?.to_vec() },
        b"key" => RevocationTarget::Key(SshPublicKey::from_blob(fields.bytes()?).ok()?),
        _ => return None,
    };
    fields.0.is_empty().then_some(target)
}

fn revoked(fields: &mut Fields<'_>) -> Option<Revoked> {
    Some(Revoked {
        serials: fields.list(|fields| {
            Some(RevokedSerials {
                authority: fields.authority()?,
                first: fields.number()?,
                last: fields.number()?,
            })
        })?,
        key_ids: fields.list(|fields| {
            Some(RevokedKeyId { authority: fields.maybe_authority()?, key_id: fields.bytes()?.to_vec() })
        })?,
        keys: fields.list(|fields| SshPublicKey::from_blob(fields.bytes()?).ok())?,
    })
}
