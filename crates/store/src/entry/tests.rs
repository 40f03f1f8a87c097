use certgate_facts::{SshPublicKey, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::revocation::{RevokedKeyId, RevokedSerials};

fn key() -> SshPublicKey {
    SshPublicKey::read("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh")
        .unwrap()
}

fn entries() -> Vec<Entry> {
    let name = || "prod".parse::<AuthorityName>().unwrap();
    let added = AuthorityAdded {
        name: name(),
        public_key: key().blob().to_vec(),
        comment: "a comment".to_owned(),
        custody: Custody::KeyFile("prod.key".to_owned()),
        origin: Origin::Created,
        succeeds: Some(AuthorityId(1)),
        state: AuthorityState::Prepared,
        first_serial: 7,
    };
    let agent =
        AuthorityAdded { custody: Custody::Agent, origin: Origin::Imported, succeeds: None, ..added.clone() };
    let sealed = AuthorityAdded { custody: Custody::Sealed, ..agent.clone() };
    let targets = [
        RevocationTarget::Serials { authority: name(), first: 1, last: u64::MAX },
        RevocationTarget::KeyId { authority: None, key_id: b"web-1".to_vec() },
        RevocationTarget::Principal { authority: Some(name()), name: b"web-1.example.com".to_vec() },
        RevocationTarget::Host { authority: None, name: Vec::new() },
        RevocationTarget::Key(key()),
    ];
    let everything = Revoked {
        serials: vec![RevokedSerials { authority: AuthorityId(1), first: 2, last: 3 }; 2],
        key_ids: vec![
            RevokedKeyId { authority: None, key_id: b"web-1".to_vec() },
            RevokedKeyId { authority: Some(AuthorityId(1)), key_id: Vec::new() },
        ],
        keys: vec![key()],
    };
    let revoked = |target, added| Entry::Revoked { target, reason: "lost".to_owned(), added };
    let mut entries = vec![
        Entry::AuthorityAdded(added),
        Entry::AuthorityAdded(agent),
        Entry::AuthorityMoved {
            authority: AuthorityId(1),
            from: AuthorityState::Published,
            to: AuthorityState::Signing,
            by: Transition::Switch,
        },
        Entry::SerialReserved { authority: AuthorityId(1), to_be_signed: vec![0; 300] },
        Entry::CertificateRecorded { certificate: CertificateId(2), signature: vec![1; 83] },
        Entry::CertificateAbandoned { certificate: CertificateId(3), reason: "ä".to_owned() },
        Entry::CertificateImported { authority: AuthorityId(1), certificate: vec![2; 300] },
        Entry::AuthorityAdded(sealed),
        Entry::KrlPublished { version: 1, authority: Some(AuthorityId(1)) },
        Entry::KrlPublished { version: u64::MAX, authority: None },
    ];
    entries.extend(served());
    entries.extend(targets.into_iter().map(|target| revoked(target, everything.clone())));
    entries.push(revoked(RevocationTarget::Key(key()), Revoked::default()));
    entries
}

/// Those on what is served.
fn served() -> Vec<Entry> {
    let created = ResourceCreated {
        kind: ResourceKind::SshHostCertificate,
        id: "shcrt_1".to_owned(),
        authority: Some(8),
        description: "d".to_owned(),
        metadata: String::new(),
        facts: ResourceFacts {
            subject_common_name: Some("web-1.example.com".to_owned()),
            serial_number: Some(String::new()),
            not_before: Some(Timestamp::from_unix_secs(-1)),
            not_after: Some(Timestamp::from_unix_secs(i64::MAX)),
        },
        content: vec![3; 300],
        has_secret: true,
    };
    vec![
        Entry::ResourceCreated(created.clone()),
        Entry::ResourceCreated(ResourceCreated {
            authority: None,
            facts: ResourceFacts::default(),
            has_secret: false,
            ..created
        }),
        Entry::ResourceUpdated { resource: 9, description: String::new(), metadata: "{}".to_owned() },
        Entry::ResourceDeleted { resource: 9 },
        Entry::SecretsResealed { master: MasterKeyNumber([5; 8]), count: 3 },
        Entry::ApiKeyAdded {
            id: "ak_1".to_owned(),
            hash: [6; 32],
            description: "ä".to_owned(),
            is_read_only: true,
        },
        Entry::ApiKeyRevoked { key: 10 },
    ]
}

#[test]
fn entries_are_read_back() {
    for entry in entries() {
        assert_eq!(Entry::read(entry.kind(), &entry.body()), Some(entry));
    }
}

#[test]
fn a_body_that_is_cut_or_longer_or_of_another_kind_or_version_is_not_read() {
    for entry in entries() {
        let body = entry.body();
        for length in 0..body.len() {
            assert_eq!(Entry::read(entry.kind(), &body[..length]), None, "{entry:?} cut to {length}");
        }
        assert_eq!(Entry::read(entry.kind(), &[&body[..], &[0]].concat()), None);
        assert_eq!(Entry::read(entry.kind(), &[&[2], &body[1..]].concat()), None);
        assert_eq!(Entry::read("something-else", &body), None);
    }
}

proptest! {
    #[test]
    fn what_reads_is_what_would_be_written(
        which in 0..entries().len(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let entry = entries().remove(which);
        let mut body = entry.body();
        let at = at.index(body.len());
        body[at] = byte;
        if let Some(read) = Entry::read(entry.kind(), &body) {
            prop_assert_eq!(read.body(), body);
        }
    }
}
