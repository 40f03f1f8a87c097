use certgate_facts::Source;

use super::*;
use crate::case::Slot;

fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../../fixtures/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn named(name: &str, bytes: Vec<u8>) -> Arc<Reading> {
    Arc::new(Reading::of(Source::from_bytes(name, bytes).unwrap()))
}

fn read(path: &str) -> Arc<Reading> {
    named(path.rsplit('/').next().unwrap(), bytes(path))
}

/// Each upload as `certificate-source + key-source`.
fn pairs(readings: Vec<Arc<Reading>>) -> Vec<String> {
    let name = |slot: &Slot| slot.reading().source().name().to_owned();
    uploads_of(readings)
        .iter()
        .map(|upload| format!("{} + {}", name(upload.certificate()), name(upload.private_key())))
        .collect()
}

#[test]
fn keys_find_their_chains_in_any_order_whatever_their_names() {
    let pairs = pairs(vec![
        read("chain/p256-depth-2.key"),
        named("p256-depth-2.pem", bytes("chain/rsa-2048-depth-3.pem")),
        named("nothing-in-a-name", bytes("chain/p256-depth-2.pem")),
        read("chain/rsa-2048-depth-3.key"),
    ]);
    assert_eq!(pairs, ["p256-depth-2.pem + rsa-2048-depth-3.key", "nothing-in-a-name + p256-depth-2.key"]);
}

#[test]
fn one_key_serves_every_chain_that_holds_its_public_half() {
    let again = named("again.pem", bytes("chain/p256-depth-2.pem"));
    let pairs = pairs(vec![read("chain/p256-depth-2.pem"), again, read("chain/p256-depth-2.key")]);
    assert_eq!(pairs, ["p256-depth-2.pem + p256-depth-2.key", "again.pem + p256-depth-2.key"]);
}

#[test]
fn of_copies_of_a_key_each_chain_takes_the_one_beside_it() {
    let key = |name| named(name, bytes("chain/p256-depth-2.key"));
    let chain = |name| named(name, bytes("chain/p256-depth-2.pem"));
    let readings = vec![key("a.key"), key("b.key"), chain("b.pem"), chain("a.pem"), chain("c.pem")];
    assert_eq!(pairs(readings), ["b.pem + b.key", "a.pem + a.key", "c.pem + a.key"]);
}

#[test]
fn a_file_with_both_is_a_chain_and_a_key() {
    let both = [bytes("keys/p256-a.sec1-parameters.key"), bytes("chain/p256-depth-2.pem")].concat();
    let uploads = uploads_of([named("both.pem", both)]);
    let [upload] = &uploads[..] else { panic!("one upload") };
    let labels =
        |slot: &Slot| slot.entries().map(|entry| entry.block().label().to_owned()).collect::<Vec<_>>();
    assert_eq!(labels(upload.certificate()), ["CERTIFICATE", "CERTIFICATE"]);
    assert_eq!(labels(upload.private_key()), ["EC PARAMETERS", "EC PRIVATE KEY"]);
    assert!(!upload.certificate().is_whole());
}

#[test]
fn what_fits_nothing_goes_together_when_it_is_all_that_is_left() {
    let stranger = read("keys/ed25519-c.key");
    assert_eq!(
        pairs(vec![stranger, read("chain/rsa-2048-depth-2.pem")]),
        ["rsa-2048-depth-2.pem + ed25519-c.key"]
    );
    let empty = named("empty.key", Vec::new());
    assert_eq!(pairs(vec![empty, read("chain/rsa-2048-depth-2.pem")]), ["rsa-2048-depth-2.pem + empty.key"]);
    let request = named("request.pem", bytes("rules/pem-block-type-unexpected/bad-request.pem"));
    assert_eq!(pairs(vec![read("keys/ed25519-c.key"), request]), ["request.pem + ed25519-c.key"]);
}

#[test]
fn of_several_that_fit_nothing_those_with_the_same_path_go_together() {
    let key = |name| named(name, bytes("keys/rsa-1024.key"));
    let chain = |name, path| named(name, bytes(path));
    let readings = vec![
        key("b.key"),
        key("a.key"),
        chain("a.pem", "chain/p256-depth-1.pem"),
        chain("b.pem", "chain/p384-depth-1.pem"),
        chain("c.pem", "chain/ed25519-depth-1.pem"),
    ];
    assert_eq!(pairs(readings), ["a.pem + a.key", "b.pem + b.key", "c.pem + (not given)"]);
}

#[test]
fn what_stands_alone_is_an_upload_too() {
    assert_eq!(pairs(vec![read("chain/p256-depth-2.pem")]), ["p256-depth-2.pem + (not given)"]);
    assert_eq!(pairs(vec![read("keys/p256-a.key")]), ["(not given) + p256-a.key"]);
    assert_eq!(pairs(vec![named("note.txt", b"hello".to_vec())]), ["note.txt + (not given)"]);
    assert_eq!(pairs(Vec::new()), [""; 0]);
}

#[test]
fn an_encrypted_key_whose_public_half_can_be_read_is_paired_by_it() {
    let readings = vec![
        read("keys/ed25519-a.openssh.key"),
        read("keys/rsa-1024.key"),
        read("chain/ed25519-depth-2.pem"),
    ];
    assert_eq!(
        pairs(readings),
        ["ed25519-depth-2.pem + ed25519-a.openssh.key", "(not given) + rsa-1024.key"]
    );
}

#[test]
fn outlines_of_ten_thousand_chains_and_keys_are_paired_in_a_moment_and_hold_little() {
    let (chain, key) = (read("chain/p256-depth-2.pem"), read("chain/p256-depth-2.key"));
    let outline = |number: u16, reading: &Reading| {
        let [high, low] = number.to_be_bytes();
        let altered = |mut identity: Digest| {
            (identity[0], identity[1]) = (high, low);
            identity
        };
        let whole = Outline::of(reading);
        let certified = whole.certified.iter().copied().map(altered).collect();
        Outline { certified, key: whole.key.map(altered), ..whole }
    };
    let chains = (0..10_000).map(|number| outline(number, &chain));
    let outlines: Vec<Outline> =
        chains.chain((0..10_000).rev().map(|number| outline(number, &key))).collect();
    let pairs = pairs_of(&outlines, |_, _| panic!("no chain goes on in another file"));
    assert_eq!(pairs.len(), 10_000);
    for (number, pair) in pairs.iter().enumerate() {
        assert_eq!(pair.sources().collect::<Vec<_>>(), [number, 19_999 - number]);
    }
    assert!(size_of::<Outline>() <= 256, "{}", size_of::<Outline>());
}
