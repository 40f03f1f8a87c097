//! Revocation lists made by hand or damaged, read by `ssh-keygen` and by us.

use certgate_sign::krl::{Header, Revocations};

use super::krl::{WRITTEN, World};

fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

fn section(kind: u8, body: &[u8]) -> Vec<u8> {
    [vec![kind], string(body)].concat()
}

fn numbers(numbers: &[u64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// A list by hand: the authority's key, reserved, and subsections.
fn certificates(authority: &[u8], reserved: &[u8], subsections: &[Vec<u8>]) -> Vec<u8> {
    section(1, &[string(authority), string(reserved), subsections.concat()].concat())
}

fn bitmap(offset: u64, bits: &[u8]) -> Vec<u8> {
    section(0x22, &[numbers(&[offset]), string(bits)].concat())
}

/// Sections made by hand, whole or broken.
fn odd_sections(world: &World) -> Vec<(&'static str, Vec<u8>)> {
    let any = |subsection: Vec<u8>| certificates(&[], &[], &[subsection]);
    let key = world.folder.public("host-ed.pub");
    let certificate = world.certificate("ca-a-5-cert.pub").blob().to_vec();
    let full = [&[0][..], &[0xff; 2048]].concat();
    let extension = |critical: u8| [string(b"n@example.com"), vec![critical], string(b"x")].concat();
    let authority = world.authorities[0].blob();
    let serial = || section(0x20, &numbers(&[5]));
    vec![
        ("serial 0 in a list", any(section(0x20, &numbers(&[0])))),
        ("serial 0 in a range", any(section(0x21, &numbers(&[0, 9])))),
        ("inverted range", any(section(0x21, &numbers(&[9, 8])))),
        ("two ranges in one", any(section(0x21, &numbers(&[1, 2, 5, 6])))),
        ("half a range", any(section(0x21, &numbers(&[1])))),
        ("empty range", any(section(0x21, &[]))),
        ("the longest range", any(section(0x21, &numbers(&[1, u64::MAX])))),
        ("unsorted and repeated serials", any(section(0x20, &numbers(&[9, 5, 9, 1])))),
        ("half a serial", any(section(0x20, &[0; 4]))),
        ("empty list", any(section(0x20, &[]))),
        ("empty bitmap", any(bitmap(5, &[]))),
        ("zero bitmap", any(bitmap(5, &[0, 0, 0]))),
        ("bitmap with leading zeros", any(bitmap(5, &[0, 0, 1]))),
        ("bitmap below zero", any(bitmap(5, &[0x80]))),
        ("bitmap with a sign", any(bitmap(5, &[0, 0x80]))),
        ("bitmap of 2048 bytes", any(bitmap(1, &[0x7f; 2048]))),
        ("bitmap of 16384 bits", any(bitmap(1, &full))),
        ("bitmap of 2049 bytes", any(bitmap(1, &[1; 2049]))),
        ("bitmap of 2050 bytes with zeros", any(bitmap(1, &[&[0, 0][..], &[1; 2048]].concat()))),
        ("bitmap from 0 with bit 0", any(bitmap(0, &[1]))),
        ("bitmap from 0 without bit 0", any(bitmap(0, &[0x22]))),
        ("bitmap to the end", any(bitmap(u64::MAX, &[1]))),
        ("bitmap beyond the end", any(bitmap(u64::MAX, &[2]))),
        ("empty key ids", any(section(0x23, &[]))),
        ("key id with NUL inside", any(section(0x23, &string(b"id\0 3")))),
        ("key id with NUL at its end", any(section(0x23, &string(b"id 3\0")))),
        ("key id with two NULs", any(section(0x23, &string(b"id 3\0\0")))),
        ("unknown subsection", any(section(0x24, &[]))),
        ("subsection extension", any(section(0x39, &extension(0)))),
        ("reserved not empty", certificates(&[], b"reserved", &[serial()])),
        ("no subsections", certificates(&[], &[], &[])),
        ("authority", certificates(authority, &[], &[serial()])),
        (
            "authority twice",
            [
                certificates(authority, &[], &[serial()]),
                certificates(authority, &[], &[section(0x23, &string(b"id 2"))]),
            ]
            .concat(),
        ),
        ("authority is a certificate", certificates(&certificate, &[], &[serial()])),
        ("authority is no key", certificates(b"nonsense", &[], &[serial()])),
        ("authority of unknown type", certificates(&string(b"ssh-new"), &[], &[serial()])),
        ("authority with bytes after", certificates(&[authority, &[0]].concat(), &[], &[serial()])),
        ("explicit key", section(2, &string(key.blob()))),
        ("explicit certificate", section(2, &string(&certificate))),
        ("explicit nonsense", section(2, &string(b"nonsense"))),
        ("half an explicit key", section(2, &[0, 0, 0, 9, 1])),
        ("sha-1 of 20 bytes", section(3, &string(&[1; 20]))),
        ("sha-1 of 19 bytes", section(3, &string(&[1; 19]))),
        ("sha-256 of 32 bytes", section(5, &string(&[1; 32]))),
        ("sha-256 of 20 bytes", section(5, &string(&[1; 20]))),
        ("extension", section(255, &extension(0))),
        ("critical extension", section(255, &extension(1))),
        ("unknown section", section(6, &[])),
        ("section 0", section(0, &[])),
        ("a byte after", [serial_list_of_any(), vec![1]].concat()),
        ("a bad signature", [section(4, key.blob()), string(b"nonsense")].concat()),
    ]
}

fn serial_list_of_any() -> Vec<u8> {
    certificates(&[], &[], &[section(0x20, &numbers(&[5]))])
}

fn with_header(sections: &[u8]) -> Vec<u8> {
    let mut list = b"SSHKRL\n\0".to_vec();
    list.extend_from_slice(&1u32.to_be_bytes());
    list.extend_from_slice(&numbers(&[1, 1_780_000_000, 0]));
    list.extend_from_slice(&string(b""));
    list.extend_from_slice(&string(b"comment"));
    list.extend_from_slice(sections);
    list
}

/// Both refuse the list, or both read it and say the same of all.
fn same_verdict(world: &World, name: &str, list: &[u8]) -> bool {
    world.folder.write("krl", list);
    let (theirs, ours) = (world.asked_of_ssh_keygen("krl"), world.asked_of_us(list));
    assert_eq!(ours, theirs, "{name}: we, then ssh-keygen: {list:02x?}");
    ours.is_some()
}

#[test]
fn odd_lists_are_refused_by_both_or_read_alike() {
    let world = World::new();
    let mut read = 0;
    let sections = odd_sections(&world);
    for (name, sections) in &sections {
        read += usize::from(same_verdict(&world, name, &with_header(sections)));
    }
    assert!((20..sections.len() - 15).contains(&read), "{read} of {} are read", sections.len());
    let plain = with_header(&serial_list_of_any());
    for (name, at, byte) in [("magic", 0, b'X'), ("format", 11, 2), ("flags", 35, 1), ("comment", 48, 0)] {
        let mut list = plain.clone();
        list[at] = byte;
        same_verdict(&world, name, &list);
    }
    for length in 0..plain.len() {
        same_verdict(&world, "cut off", &plain[..length]);
    }
}

#[test]
fn damaged_lists_are_refused_by_both_or_read_alike() {
    let world = World::new();
    // Without the long bitmaps, so that damage hits the frame more often.
    let mut small = Revocations::new();
    for (name, fill) in WRITTEN.iter().filter(|(name, _)| !name.contains("bitmap") && *name != "everything") {
        if *name != "all serials" {
            fill(&world, &mut small).unwrap();
        }
    }
    let whole = small.to_list(Header::new(1, 1, "x").unwrap()).unwrap().to_bytes();
    // A fixed sequence of numbers (Knuth's MMIX generator), so that every run is the same.
    let mut state = 20_260_701u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut read = 0;
    for round in 0..400 {
        let mut list = whole.clone();
        for _ in 0..=next(2) {
            let at = next(list.len());
            // Half of the damage is to a single bit, which lengths survive more often.
            list[at] =
                if round % 2 == 0 { list[at] ^ 1 << next(8) } else { u8::try_from(next(256)).unwrap() };
        }
        read += usize::from(same_verdict(&world, "damaged", &list));
    }
    assert!((50..380).contains(&read), "{read} of 400 are read");
}
