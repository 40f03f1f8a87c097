use proptest::prelude::*;

use super::*;
use crate::fixture::{key_block, names};
use crate::private_key;

fn fixture_key(name: &str) -> PublicKey {
    let block = key_block(name);
    private_key::read(&block.label, &[], &block.body).public_key().unwrap().clone()
}

/// The same point in compressed form.
fn compressed(curve: Curve, key: &PublicKey) -> PublicKey {
    let size = curve.field_bytes();
    let point = &key.spki()[key.spki().len() - 2 * size..];
    let form = 2 + (point.last().unwrap() & 1);
    PublicKey::from_point(curve, &[&[form], &point[..size]].concat()).unwrap()
}

#[test]
fn a_point_matches_in_every_form() {
    for (curve, name) in
        [(Curve::P256, "p256-a.key"), (Curve::P384, "p384-a.key"), (Curve::P521, "p521-a.key")]
    {
        let key = fixture_key(name);
        let short = compressed(curve, &key);
        assert_ne!(key, short);
        assert!(key.matches(&short) && short.matches(&key));
        assert_eq!(key.identity(), short.identity());
        assert_eq!(short.key_type(), key.key_type());
    }
    assert!(!compressed(Curve::P256, &fixture_key("p256-a.key")).matches(&fixture_key("p256-b.key")));
}

#[test]
fn explicit_parameters_of_a_named_curve_match_its_name() {
    let explicit = fixture_key("p256-explicit-parameters.key");
    let point = &explicit.spki()[explicit.spki().len() - 65..];
    let named = PublicKey::from_point(Curve::P256, point).unwrap();
    assert!(named.matches(&explicit));
    assert_eq!(named.identity(), explicit.identity());
    assert_eq!(explicit.key_type().to_string(), "ecdsa with explicit parameters");
    assert!(!explicit.has_standard_parameters() && named.has_standard_parameters());
}

#[test]
fn points_off_their_curve_are_refused() {
    let key = fixture_key("p256-a.key");
    let mut spki = key.spki().to_vec();
    *spki.last_mut().unwrap() ^= 1;
    assert_eq!(
        PublicKey::from_spki(&spki),
        Err(KeyDefect::Point { reason: "the point is not on its curve" })
    );
    let point = |bytes: &[u8]| PublicKey::from_point(Curve::P256, bytes).unwrap_err().to_string();
    assert_eq!(point(&[]), "the point is empty");
    assert_eq!(point(&[0]), "the point is the one at infinity");
    assert_eq!(point(&[4; 65 + 2]), "the point is too long or too short for its curve");
    assert_eq!(point(&[4; 65 + 1]), "the point's coordinates differ in length");
    assert_eq!(point(&[5; 65]), "the point is in none of the forms of SEC 1");
}

#[test]
fn rsa_keys_match_by_their_numbers() {
    let rsa = fixture_key("rsa-2048-a.key");
    let (n, e) = (rsa.rsa_modulus().unwrap(), rsa.rsa_exponent().unwrap());
    assert_eq!((n.len(), e), (256, &[1, 0, 1][..]));
    // rsaEncryption without its NULL.
    let lax = PublicKey::from_rsa_under(&der::write(der::SEQUENCE, &[&spki::RSA]), n, e).unwrap();
    assert!(lax.matches(&rsa) && !lax.has_standard_parameters() && rsa.has_standard_parameters());
    assert!(!rsa.matches(&fixture_key("rsa-2048-b.key")));
    assert!(!rsa.matches(&fixture_key("ed25519-a.key")) && !fixture_key("ed25519-a.key").matches(&rsa));
}

#[test]
fn keys_of_one_length_are_not_confused() {
    let ed25519 = PublicKey::from_ed25519(&[9; 32]).unwrap();
    let x25519 =
        PublicKey::from_parts(&der::write(der::SEQUENCE, &[&[6, 3, 0x2b, 0x65, 0x6e]]), &[9; 32]).unwrap();
    assert!(ed25519.matches(&ed25519) && !ed25519.matches(&x25519));
    assert_eq!(PublicKey::from_ed25519(&[9; 31]), Err(KeyDefect::RawKeyLength { found: 31, due: 32 }));
}

#[test]
fn what_is_not_a_key_is_refused() {
    let good = fixture_key("ed25519-a.key").spki().to_vec();
    assert_eq!(
        PublicKey::from_spki(&[&good[..], &[0, 0]].concat()),
        Err(KeyDefect::TrailingBytes { count: 2 })
    );
    assert!(matches!(PublicKey::from_spki(&good[..good.len() - 1]), Err(KeyDefect::Encoding { .. })));
    assert!(matches!(PublicKey::from_spki(b""), Err(KeyDefect::Encoding { .. })));
    assert_eq!(PublicKey::from_rsa(&[], &[3]), Err(KeyDefect::RsaNumberZero));
}

#[test]
fn types_have_names_for_people_and_for_the_api() {
    let named =
        |name: &str| (fixture_key(name).key_type().to_string(), fixture_key(name).key_type().api_name());
    assert_eq!(named("rsa-1024.key"), ("rsa 1024".to_owned(), Some("rsa")));
    assert_eq!(named("rsa-pss.key"), ("rsa-pss 2048".to_owned(), None));
    assert_eq!(named("p224.key"), ("ecdsa p224".to_owned(), Some("ecdsa")));
    assert_eq!(named("p521-a.key"), ("ecdsa p521".to_owned(), Some("ecdsa")));
    assert_eq!(named("secp256k1.key"), ("ecdsa secp256k1".to_owned(), None));
    assert_eq!(named("ed25519-a.key"), ("ed25519".to_owned(), Some("ed25519")));
    assert_eq!(named("x25519.key"), ("x25519".to_owned(), None));
    assert_eq!(named("dsa.traditional.key").1, None);
    let other = PublicKey::from_parts(&der::write(der::SEQUENCE, &[&[6, 3, 0x2a, 3, 4]]), &[1]).unwrap();
    assert_eq!(other.key_type().to_string(), "algorithm 1.2.3.4");
    let curve = PublicKey::from_parts(&der::write(der::SEQUENCE, &[&spki::EC, &[6, 3, 0x2a, 3, 4]]), &[2, 1])
        .unwrap();
    assert_eq!(curve.key_type().to_string(), "ecdsa on curve 1.2.3.4");
}

#[test]
fn canonical_encodings_read_back_equal() {
    for name in names("keys") {
        let block = key_block(&name);
        if let Some(key) = private_key::read(&block.label, &[], &block.body).public_key() {
            assert_eq!(PublicKey::from_spki(key.spki()).as_ref(), Ok(key), "{name}");
        }
    }
}

fn some_spki() -> Vec<Vec<u8>> {
    let blocks = names("keys").into_iter().map(|name| key_block(&name));
    let keys = blocks.map(|block| private_key::read(&block.label, &[], &block.body));
    keys.filter_map(|key| key.public_key().map(|key| key.spki().to_vec())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6_000))]

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = PublicKey::from_spki(&bytes);
    }

    #[test]
    fn mutated_keys_do_not_panic(
        mut spki in prop::sample::select(some_spki()),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        for (at, value) in edits {
            let range = if value % 2 == 0 { spki.len() } else { spki.len().min(32) };
            spki[at.index(range)] = value;
        }
        if let Ok(key) = PublicKey::from_spki(&spki) {
            prop_assert!(key.matches(&key));
        }
    }
}

#[test]
fn identities_are_the_same_exactly_where_keys_match() {
    let keys: Vec<PublicKey> = names("keys")
        .iter()
        .filter(|name| name.ends_with(".key"))
        .filter_map(|name| {
            let block = key_block(name);
            private_key::read(&block.label, &[], &block.body).public_key().cloned()
        })
        .collect();
    assert!(keys.len() > 10);
    for (key, other) in keys.iter().flat_map(|key| keys.iter().map(move |other| (key, other))) {
        assert_eq!(key.matches(other), key.identity() == other.identity());
    }
}
