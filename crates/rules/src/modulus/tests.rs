use std::path::Path;

use certgate_facts::{Entry, PublicKey, Reading, Source};

use super::*;

fn modulus(name: &str) -> Modulus {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/keys").join(name).with_extension("key");
    let reading = Reading::of(Source::read(name, std::fs::File::open(path).unwrap()).unwrap());
    let key = reading.entries().iter().find_map(Entry::private_key).unwrap();
    let modulus = key.public_key().and_then(PublicKey::rsa_modulus).unwrap().to_vec();
    Modulus::of(&modulus).unwrap()
}

#[test]
fn keys_of_common_tools_show_nothing() {
    for name in ["rsa-1024", "rsa-2048-a", "rsa-2048-b", "rsa-2048-c", "rsa-4096-a"] {
        let modulus = modulus(name);
        let shown = (modulus.small_factor(), modulus.has_roca_form(), modulus.fermat_round());
        assert_eq!(shown, (None, false, None), "{name}");
    }
}

#[test]
fn each_weak_key_shows_its_own_weakness_and_no_other() {
    let shown = |name| {
        let modulus = modulus(name);
        (modulus.small_factor(), modulus.has_roca_form(), modulus.fermat_round())
    };
    assert_eq!(shown("rsa-2048-factor-3"), (Some(3), false, None));
    assert_eq!(shown("rsa-2048-factor-751"), (Some(751), false, None));
    assert_eq!(shown("rsa-2048-roca"), (None, true, None));
    assert_eq!(shown("rsa-3072-roca"), (None, true, None));
    assert_eq!(shown("rsa-2048-next-primes"), (None, false, Some(1)));
    assert_eq!(shown("rsa-2048-close-primes"), (None, false, Some(1)));
}

#[test]
fn the_first_prime_that_is_let_pass_is_757() {
    assert_eq!(Modulus(757_u32.into()).small_factor(), None);
    assert_eq!(Modulus((751_u32 * 757).into()).small_factor(), Some(751));
    assert_eq!(Modulus(2_u32.into()).small_factor(), Some(2));
}

#[test]
fn factors_are_found_up_to_the_hundredth_round_and_not_behind_it() {
    // a = p + b, and the square root of p (p + 2b) is a less some b² / 2a.
    let round = |p: u64, b: u64| Modulus(BigUint::from(p) * (p + 2 * b)).fermat_round();
    let p = 1_000_000_007;
    assert_eq!(round(p, 0), Some(1));
    let last = (1..).map(|step| step * 1000).map_while(|b| round(p, b)).last();
    assert_eq!(last, Some(100));
}

#[test]
fn a_modulus_over_the_limit_is_not_looked_into() {
    let bytes = usize::try_from(MODULUS_BITS_MAX / 8).unwrap();
    assert!(Modulus::of(&vec![0xff; bytes]).is_some());
    assert!(Modulus::of(&vec![0xff; bytes + 1]).is_none());
}

#[test]
fn what_is_no_modulus_at_all_is_answered_too() {
    let shown = |bytes: &[u8]| {
        let modulus = Modulus::of(bytes).unwrap();
        (modulus.small_factor(), modulus.has_roca_form(), modulus.fermat_round())
    };
    assert_eq!(shown(&[]), (Some(2), false, Some(1)));
    assert_eq!(shown(&[1]), (None, true, Some(1)));
    assert_eq!(shown(&[0xff; 2]), (Some(3), false, Some(1)));
}
