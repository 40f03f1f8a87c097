use certgate_facts::SshPublicKey;
use proptest::prelude::*;

use super::wire::write_string;
use super::*;

fn header() -> Header {
    Header::new(7, 1_780_000_000, "since Monday").unwrap()
}

/// A list with these sections, each a kind and a body.
fn bytes(sections: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut out = RevocationList { header: header(), sections: Vec::new() }.to_bytes();
    for (kind, body) in sections {
        out.push(*kind);
        write_string(&mut out, body);
    }
    out
}

/// The body of a section for certificates of any authority.
fn any_authority(subsections: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut body = vec![0; 8];
    for (kind, inside) in subsections {
        body.push(*kind);
        write_string(&mut body, inside);
    }
    body
}

fn numbers(numbers: &[u64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

fn bitmap(offset: u64, bits: &[u8]) -> Vec<u8> {
    let mut body = numbers(&[offset]);
    write_string(&mut body, bits);
    body
}

fn strings(strings: &[&[u8]]) -> Vec<u8> {
    let mut body = Vec::new();
    strings.iter().for_each(|string| write_string(&mut body, string));
    body
}

fn runs(revoked: &Revocations) -> Vec<(u64, u64)> {
    revoked.certificates().flat_map(|(_, serials, _)| serials.runs().collect::<Vec<_>>()).collect()
}

#[test]
fn every_kind_of_section_is_a_fact_and_comes_out_as_it_went_in() {
    let extension = [strings(&[b"new@example.com"]), vec![0], strings(&[b"x"])].concat();
    let certificates = any_authority(&[
        (0x20, numbers(&[9, 3, 3])),
        (0x21, numbers(&[100, 200])),
        (0x22, bitmap(1000, &[0, 0, 0x05])),
        (0x23, strings(&[b"web-1", b"", b"ends\0"])),
        (0x39, extension.clone()),
        (0x24, b"?".to_vec()),
    ]);
    let mut list = bytes(&[
        (1, certificates),
        (2, strings(&[b"any bytes"])),
        (3, strings(&[&[1; 20]])),
        (5, strings(&[&[2; 32]])),
        (255, extension),
        (77, b"body".to_vec()),
    ]);
    list.push(4);
    list.extend_from_slice(&strings(&[b"key", b"signature"]));
    let read = RevocationList::read(&list).unwrap();
    assert_eq!(read.to_bytes(), list);
    assert_eq!(read.sections().len(), 7);
    assert_eq!(RevocationList::of_sections(header(), read.sections().to_vec()), Ok(read.clone()));
    assert_eq!(read.header(), &header());
    let revoked = Revocations::of(&read);
    assert_eq!(runs(&revoked), [(3, 3), (9, 9), (100, 200), (1000, 1000), (1002, 1002)]);
    let ids: Vec<_> = revoked.certificates().flat_map(|(_, _, ids)| ids.collect::<Vec<_>>()).collect();
    assert_eq!(ids, [&b""[..], b"ends", b"web-1"]);
}

#[test]
fn what_clients_refuse_at_any_version_is_an_error_with_its_offset() {
    let start = bytes(&[]).len() + 5;
    let serials = start + 8 + 5;
    let one = |kind, body| bytes(&[(1, any_authority(&[(kind, body)]))]);
    for (list, expected) in [
        (one(0x20, numbers(&[0])), RevocationListError::SerialZero { offset: serials }),
        (one(0x20, vec![0; 7]), RevocationListError::Truncated { offset: serials }),
        (one(0x21, numbers(&[0, 5])), RevocationListError::SerialZero { offset: serials }),
        (one(0x21, numbers(&[5, 4])), RevocationListError::RangeInverted { offset: serials }),
        (
            one(0x21, numbers(&[1, 2, 3, 4])),
            RevocationListError::TrailingBytes { offset: serials + 16, count: 16 },
        ),
        (one(0x22, bitmap(0, &[1])), RevocationListError::SerialZero { offset: serials + 8 }),
        (one(0x22, bitmap(1, &[0x80])), RevocationListError::BitmapNegative { offset: serials + 8 }),
        (one(0x22, bitmap(u64::MAX, &[2])), RevocationListError::BitmapOverflows { offset: serials + 8 }),
        (one(0x22, bitmap(1, &[1; 2049])), RevocationListError::BitmapTooLong { offset: serials + 8 }),
        (one(0x23, strings(&[b"a\0b"])), RevocationListError::NulInText { offset: serials }),
        (bytes(&[(3, strings(&[&[0; 19]]))]), RevocationListError::HashLength { offset: start, found: 19 }),
        (bytes(&[(5, strings(&[&[0; 20]]))]), RevocationListError::HashLength { offset: start, found: 20 }),
        ([bytes(&[]), vec![2]].concat(), RevocationListError::Truncated { offset: start - 4 }),
        (b"ssh-rsa AAAA".to_vec(), RevocationListError::NotRevocationList),
        (Vec::new(), RevocationListError::NotRevocationList),
    ] {
        assert_eq!(RevocationList::read(&list), Err(expected));
    }
    let mut format = bytes(&[]);
    format[11] = 2;
    assert_eq!(RevocationList::read(&format), Err(RevocationListError::Format { found: 2 }));
    assert!(RevocationList::read(&one(0x22, bitmap(1, &[&[0][..], &[0xff; 2048]].concat()))).is_ok());
    assert!(RevocationList::read(&one(0x22, bitmap(u64::MAX, &[1]))).is_ok());
    assert!(RevocationList::read(&one(0x22, bitmap(0, &[2]))).is_ok());
}

#[test]
fn limits_hold() {
    let large = vec![0; REVOCATION_LIST_BYTES_MAX + 1];
    assert_eq!(
        RevocationList::read(&large),
        Err(RevocationListError::TooLarge { bytes: REVOCATION_LIST_BYTES_MAX + 1 })
    );
    let empty_keys = bytes(&[(2, vec![0; 4 * REVOCATION_LIST_ENTRIES_MAX])]);
    assert!(matches!(RevocationList::read(&empty_keys), Err(RevocationListError::TooManyEntries { .. })));
    // Bits count as the runs they become.
    let bitmaps: Vec<_> = (0..600).map(|at| (0x22, bitmap(1 + at * 20_000, &[0x55; 2048]))).collect();
    assert!(matches!(
        RevocationList::read(&bytes(&[(1, any_authority(&bitmaps))])),
        Err(RevocationListError::TooManyEntries { .. })
    ));
    assert!(RevocationList::read(&bytes(&[(1, any_authority(&bitmaps[..500]))])).is_ok());
}

#[test]
fn some_clients_do_not_read_all_lists() {
    let (old, new) = (ClientVersion::new(9, 2), ClientVersion::new(9, 4));
    let extension = |critical: u8| [strings(&[b"n"]), vec![critical], strings(&[b"x"])].concat();
    let unsupported = |kind, body| {
        let list = RevocationList::read(&bytes(&[(kind, body)])).unwrap();
        (list.unsupported_by(old), list.unsupported_by(new))
    };
    assert_eq!(unsupported(255, extension(0)), (Some(Unsupported::Extension), None));
    assert_eq!(
        unsupported(1, any_authority(&[(0x39, extension(1))])),
        (Some(Unsupported::Extension), Some(Unsupported::CriticalExtension))
    );
    let unknown = Some(Unsupported::Section { kind: 6 });
    assert_eq!(unsupported(6, Vec::new()), (unknown, unknown));
    assert_eq!(unsupported(2, Vec::new()), (None, None));
}

#[test]
fn versions_go_up() {
    let first = header();
    assert_eq!(first.succeeded_by(7, 0, ""), Err(HeaderError::VersionNotHigher { old: 7, new: 7 }));
    assert_eq!(first.succeeded_by(6, 0, ""), Err(HeaderError::VersionNotHigher { old: 7, new: 6 }));
    assert_eq!(first.succeeded_by(8, 0, "").map(|header| header.version()), Ok(8));
    assert_eq!(Header::new(1, 0, "a\0"), Err(HeaderError::CommentHasNul));
    assert_eq!(Header::of_fields(1, 0, 2, b"", b"a\0b"), Err(HeaderError::CommentHasNul));
    let fields = Header::of_fields(1, 0, 2, b"r", b"a\0").unwrap();
    assert_eq!((fields.flags(), fields.reserved(), fields.comment()), (2, &b"r"[..], &b"a\0"[..]));
}

#[test]
fn what_cannot_be_revoked_is_refused_and_leaves_nothing_behind() {
    let mut revoked = Revocations::new();
    let any = Scope::any_authority();
    assert_eq!(revoked.revoke_serial(&any, 0), Err(RevocationError::SerialZero));
    assert_eq!(revoked.revoke_serials(&any, 9, 8), Err(RevocationError::RangeInverted { first: 9, last: 8 }));
    assert_eq!(revoked.revoke_key_id(&any, b"a\0"), Err(RevocationError::KeyIdHasNul));
    assert!(revoked.is_empty());
    let unknown = SshPublicKey::from_blob(&strings(&[b"ssh-new"])).unwrap();
    revoked.revoke_serial(&Scope::authority(&unknown), 5).unwrap();
    assert_eq!(revoked.to_list(header()), Err(RevocationError::AuthorityKeyType));
}

#[test]
fn what_could_not_be_read_again_is_refused_when_written() {
    // Four bytes of six bits each, none of them 0.
    let id = |at: u32| Box::from([18, 12, 6, 0].map(|shift| u8::try_from(at >> shift & 63).unwrap() + 1));
    let mut revoked = Revocations::new();
    let count = u32::try_from(REVOCATION_LIST_ENTRIES_MAX).unwrap();
    revoked.certificates.entry(Scope::any_authority()).or_default().key_ids = (0..count).map(id).collect();
    assert_eq!(revoked.to_list(header()), Err(RevocationError::TooManyEntries));
    let mut large = Revocations::new();
    large.revoke_key_id(&Scope::any_authority(), &vec![b'a'; REVOCATION_LIST_BYTES_MAX]).unwrap();
    assert_eq!(large.to_list(header()), Err(RevocationError::TooLarge));
    assert_eq!(
        large.revoke_key_id(&Scope::any_authority(), &vec![b'a'; REVOCATION_LIST_BYTES_MAX + 1]),
        Err(RevocationError::TooLarge)
    );
}

fn some_revocations() -> impl Strategy<Value = Revocations> {
    let scope = prop_oneof![
        Just(Scope::any_authority()),
        // Any blob of a key: two Ed25519 keys.
        prop::sample::select(vec![1u8, 2]).prop_map(|fill| {
            Scope::authority(&SshPublicKey::from_blob(&strings(&[b"ssh-ed25519", &[fill; 32]])).unwrap())
        }),
    ];
    let serial = prop_oneof![1..300u64, 1..100_000u64, 1..=u64::MAX, u64::MAX - 200..=u64::MAX];
    let range = (serial, prop_oneof![Just(0u64), 0..5u64, 0..30_000u64]);
    let by_serial = prop::collection::vec((scope.clone(), range), 0..40);
    let by_id = prop::collection::vec((scope, "[ -~é]{0,9}"), 0..4);
    let sums = prop::collection::vec(prop::array::uniform20(0u8..3), 0..4);
    (by_serial, by_id, sums).prop_map(|(by_serial, by_id, sums)| {
        let mut revoked = Revocations::new();
        for (scope, (first, more)) in by_serial {
            revoked.revoke_serials(&scope, first, first.saturating_add(more)).unwrap();
        }
        for (scope, id) in by_id {
            revoked.revoke_key_id(&scope, id.as_bytes()).unwrap();
        }
        for sum in sums {
            revoked.revoke_sha1(sum);
            revoked.revoke_sha256(std::array::from_fn(|at| sum[at % 20]));
        }
        revoked
    })
}

/// One list of every kind, to be damaged.
fn sample() -> Vec<u8> {
    let mut revoked = Revocations::new();
    for serial in [3, 4, 9, 15, 17, 30, 1 << 40] {
        revoked.revoke_serial(&Scope::any_authority(), serial).unwrap();
    }
    let authority =
        Scope::authority(&SshPublicKey::from_blob(&strings(&[b"ssh-ed25519", &[7; 32]])).unwrap());
    revoked.revoke_serials(&authority, 100, 90_000).unwrap();
    revoked.revoke_key_id(&authority, b"web-1").unwrap();
    revoked.revoke_sha1([3; 20]);
    revoked.revoke_sha256([4; 32]);
    let mut bytes = revoked.to_list(header()).unwrap().to_bytes();
    bytes.extend([255]);
    write_string(&mut bytes, &[strings(&[b"n"]), vec![0], strings(&[b"x"])].concat());
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn any_bytes_are_read_or_refused(tail in prop::collection::vec(any::<u8>(), 0..200), magic in any::<bool>()) {
        let start = if magic { bytes(&[]) } else { Vec::new() };
        let input = [start, tail].concat();
        if let Ok(list) = RevocationList::read(&input) {
            prop_assert_eq!(list.to_bytes(), input);
            let _ = Revocations::of(&list);
        }
    }

    #[test]
    fn damaged_lists_are_read_or_refused(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
        cut_it in any::<bool>(),
    ) {
        let mut input = sample();
        for (at, byte) in edits {
            let at = at.index(input.len());
            input[at] = byte;
        }
        if cut_it {
            input.truncate(cut.index(input.len()));
        }
        if let Ok(list) = RevocationList::read(&input) {
            prop_assert_eq!(list.to_bytes(), input);
            let revoked = Revocations::of(&list);
            match revoked.to_list(header()) {
                Ok(again) => prop_assert_eq!(Revocations::of(&again), revoked),
                Err(error) => {
                    prop_assert_eq!(error, RevocationError::AuthorityKeyType);
                    prop_assert!(list.unsupported_by(ClientVersion::new(10, 3)).is_some());
                }
            }
        }
    }

    #[test]
    fn what_is_written_reads_as_the_same_set(revoked in some_revocations(), other in some_revocations()) {
        let list = revoked.to_list(header()).unwrap();
        prop_assert_eq!(&RevocationList::read(&list.to_bytes()), &Ok(list.clone()));
        prop_assert_eq!(&Revocations::of(&list), &revoked);
        prop_assert_eq!(list.unsupported_by(ClientVersion::new(9, 2)), None);
        let mut both = revoked.clone();
        both.merge(&other);
        let mut either = other;
        either.merge(&revoked);
        prop_assert_eq!(both, either);
    }
}
