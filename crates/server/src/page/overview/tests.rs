use certgate_store::{NewResource, ResourceFacts, SqliteStore, wait};

use super::*;

const NOW: i64 = 1_793_491_200;
const TLS: ResourceKind = ResourceKind::TlsCertificate;

fn at(secs: i64) -> Timestamp {
    Timestamp::from_unix_secs(NOW + secs)
}

/// A resource whose last valid second is so long after now.
fn ending(kind: ResourceKind, number: usize, secs: i64) -> NewResource {
    let facts = ResourceFacts {
        subject_common_name: Some(format!("{number}.example")),
        serial_number: None,
        not_before: Some(at(-90 * DAY_SECS)),
        not_after: Some(at(secs)),
    };
    NewResource {
        kind,
        id: format!("id_{number:04}").parse().unwrap(),
        authority: None,
        description: String::new(),
        metadata: String::new(),
        facts,
        content: b"{}".to_vec(),
        secret: None,
    }
}

fn overview(resources: impl IntoIterator<Item = NewResource>) -> Result<Overview, Refusal> {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    for new in resources {
        wait(store.create(new, at(0))).unwrap();
    }
    wait(Overview::of(&store, at(0)))
}

#[test]
fn what_expired_of_late_comes_first_and_then_what_expires_next() {
    let ends = [3 * DAY_SECS, -1, 0, 31 * DAY_SECS, -MONTH_DAYS * DAY_SECS - 1, -2 * DAY_SECS];
    let resources = ends.into_iter().enumerate().map(|(number, secs)| ending(TLS, number, secs));
    let authority = ending(ResourceKind::CertificateAuthority, 9, 4);
    let overview = overview(resources.chain([authority])).unwrap();
    let ids: Vec<&str> = overview.certificates.iter().map(|shown| shown.id.as_str()).collect();
    assert_eq!(ids, ["id_0005", "id_0001", "id_0002", "id_0000", "id_0003"]);
    let due = Counts { certificates: 6, expired: 3, week: 2, month: 2, authorities: 1 };
    assert_eq!(overview.counts, due);
    assert_eq!((overview.authorities.len(), overview.newest.len()), (1, 7));
}

#[test]
fn each_list_has_its_end() {
    let valid = (0..CERTIFICATES_MAX + 5).map(|number| ending(TLS, number, 5));
    let expired = (0..EXPIRED_MAX + 5).map(|number| ending(ResourceKind::SshUserCertificate, number, -5));
    let kind = ResourceKind::CertificateAuthority;
    let authorities = (0..AUTHORITIES_MAX + 5).map(|number| ending(kind, number, 5));
    let overview = overview(valid.chain(expired).chain(authorities)).unwrap();
    assert_eq!(overview.certificates.len(), CERTIFICATES_MAX + EXPIRED_MAX);
    assert_eq!(overview.authorities.len(), AUTHORITIES_MAX);
    assert_eq!(overview.newest.len(), NEWEST_MAX);
}

#[test]
fn a_name_is_shown_once_and_who_signed_is_said() {
    let content = br#"{"subject_alternative_names":{"dns_names":["1.example","b.example"],"ips":["::1"]},"issuer_common_name":"R11"}"#;
    let resource = NewResource { content: content.to_vec(), ..ending(TLS, 1, 5) };
    let overview = overview([resource]).unwrap();
    let shown = &overview.certificates[0];
    assert_eq!(shown.names, ["1.example", "b.example", "::1"]);
    assert_eq!(shown.issuer, "R11");
}

#[test]
fn a_resource_that_does_not_read_is_a_fault_and_no_gap() {
    let resource = NewResource { content: b"{".to_vec(), ..ending(TLS, 1, 5) };
    let refusal = overview([resource]).err().unwrap();
    assert!(refusal.internal().unwrap().starts_with("id_0001 does not read"), "{refusal:?}");
}
