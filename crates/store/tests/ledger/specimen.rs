//! A ledger in which there is something of everything, to be tampered with.

use certgate_sign::Signer as _;
use certgate_store::{
    ApiKeyHash, CertificateFilter, MasterKey, NewApiKey, NewAuthority, NewResource, ResourceFacts,
    ResourceKind, ResourceUpdate, RevocationTarget, Transition, wait,
};

use crate::harness::{
    Guarded, Keygen, add, found, host_key, issue_all, key, name, new_authority, now, rng, try_issue, wish,
};
use crate::resources::{Place, id, resource};

/// But for `secret`: what is in there is authenticated by its seal.
pub(crate) const TABLES: [&str; 10] = [
    "audit",
    "authority",
    "certificate",
    "principal",
    "revoked_serials",
    "revoked_key_id",
    "revoked_key",
    "krl",
    "resource",
    "api_key",
];

/// A ledger in which every column of every table has something in it.
pub(crate) fn full(place: &dyn Place) {
    let mut opened = place.ledger();
    let ledger = opened.as_mut();
    add(ledger, "prod", 1);
    let next = NewAuthority {
        succeeds: Some(name("prod")),
        custody: certgate_store::Custody::Agent,
        ..new_authority("next", 2)
    };
    ledger.add_authority(&next, now()).unwrap();
    ledger.take_step(&name("next"), Transition::Publish, now()).unwrap();
    issue_all(ledger, "prod", 1, &[wish(1), wish(2)]);
    let refusing = Guarded { key: key(1), guard: |_: &[u8]| Err(certgate_sign::Error::AgentRefused) };
    assert!(try_issue(ledger, "prod", &refusing, &[wish(3), wish(4)]).unwrap()[0].is_err());
    let unfinished = found(ledger, CertificateFilter::unfinished());
    ledger.abandon(unfinished[0].id(), "lost", now()).unwrap();
    let imported = Keygen::with_key(1).certificate(5, "old", &["-h"]);
    ledger.import(&name("prod"), &[imported], now()).unwrap().remove(0).unwrap();
    let targets = [
        RevocationTarget::Serials { authority: name("prod"), first: 2, last: 3 },
        RevocationTarget::KeyId { authority: None, key_id: b"web-9".to_vec() },
        RevocationTarget::KeyId { authority: Some(name("prod")), key_id: b"web-8".to_vec() },
        RevocationTarget::Key(host_key(9)),
    ];
    for target in targets {
        ledger.revoke(&target, "a reason", now()).unwrap();
    }
    serve(place);
    ledger.publish_krl(None, now()).unwrap();
    ledger.verify_audit().unwrap();
}

/// Resources of every kind that there is to their rows: as created, changed, deleted, signed by an authority.
fn serve(place: &dyn Place) {
    let store = place.open();
    let created = |number| {
        let new = resource(ResourceKind::TlsCertificate, number);
        let facts = ResourceFacts {
            subject_common_name: Some("web-1.example.com".to_owned()),
            serial_number: Some("7".to_owned()),
            not_before: Some(now()),
            not_after: Some(now()),
        };
        let secret = Some(sealed(new.id.as_str()));
        wait(store.create(NewResource { secret, facts, ..new }, now())).unwrap().id
    };
    let (changed, deleted) = (created(1), created(2));
    let update = ResourceUpdate { description: Some("new".to_owned()), metadata: None };
    wait(store.update(ResourceKind::TlsCertificate, &changed, update, now())).unwrap();
    wait(store.delete(ResourceKind::TlsCertificate, &deleted, now())).unwrap();
    let authority = resource(ResourceKind::SshCertificateAuthority, 3);
    let by = authority.id.clone();
    wait(store.create_authority(authority, key(8).public_key().clone(), now())).unwrap();
    let signed = NewResource { authority: Some(by), ..resource(ResourceKind::SshUserCertificate, 4) };
    wait(store.create(signed, now())).unwrap();
    for number in [1, 2] {
        let hash = ApiKeyHash::of("a key");
        let new = NewApiKey { id: id(number), hash, description: String::new(), is_read_only: number == 1 };
        wait(store.add_api_key(new, now())).unwrap();
    }
    wait(store.revoke_api_key(&id(1), now())).unwrap();
}

fn sealed(id: &str) -> certgate_store::Sealed {
    MasterKey::read(&"07".repeat(32)).unwrap().seal(id, b"a secret", &mut rng(5)).unwrap()
}
