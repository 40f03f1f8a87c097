//! How much memory a long revocation list takes. Alone in its program, since the peak is that of the whole program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::fs;

use certgate_sign::krl::{Header, RevocationList, Revocations, Scope};

const SERIALS: u64 = 1_000_000;
/// Most that reading and making a set may add to the peak: the list is 8 MB of bytes.
const KIBIBYTES_MAX: u64 = 96 << 10;

/// The most memory the program has had, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// A list of serials too far apart for anything but a list, made without the program under test.
fn long_list() -> Vec<u8> {
    let serials: Vec<u8> = (1..=SERIALS).flat_map(|at| (at * 1_000_003).to_be_bytes()).collect();
    let string = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    let certificates = [&[0; 8][..], &[0x20], &string(&serials)].concat();
    let mut list = b"SSHKRL\n\0\0\0\0\x01".to_vec();
    list.extend([0; 24 + 8]);
    list.push(1);
    list.extend(string(&certificates));
    list
}

#[test]
fn a_million_serials_are_read_in_bounded_memory() {
    let bytes = long_list();
    let before = peak();
    let list = RevocationList::read(&bytes).unwrap();
    let revoked = Revocations::of(&list);
    let took = peak() - before;
    assert!(took < KIBIBYTES_MAX, "{took} KiB");
    let (scope, serials, _) = revoked.certificates().next().unwrap();
    assert_eq!((scope, serials.runs().len()), (&Scope::any_authority(), 1_000_000));
    assert_eq!(serials.run_of(1_000_003), Some((1_000_003, 1_000_003)));
    assert_eq!(serials.run_of(1_000_004), None);
    let again = revoked.to_list(Header::new(0, 0, "").unwrap()).unwrap();
    assert_eq!(again.to_bytes(), bytes);
}
