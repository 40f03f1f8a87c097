//! PKCS #12 with everything that openssl offers.

use super::openssl::{OpenSsl, outline, unpacked};

const WHOLE: &str = "gate.example.com, Test intermediate p256-b, Test root p256-c, [ecdsa p256]";
const EXPORT: &str = "pkcs12 -export -in @chain/p256-depth-3.pem -inkey @chain/p256-depth-3.key -out out.p12";

/// Seals with `options` and opens again.
fn opened(openssl: &OpenSsl, options: &str, sealed_with: &str, opened_with: &[&str]) -> String {
    openssl.write("pass", format!("{sealed_with}\n").as_bytes());
    openssl.run(&format!("{EXPORT} -passout file:pass {options}"));
    outline(&unpacked(openssl.read("out.p12"), opened_with))
}

#[test]
fn every_cipher_that_openssl_offers_opens() {
    let openssl = OpenSsl::new();
    let offered = [
        "AES-128-CBC",
        "AES-192-CBC",
        "AES-256-CBC",
        "ARIA-128-CBC",
        "ARIA-192-CBC",
        "ARIA-256-CBC",
        "CAMELLIA-128-CBC",
        "CAMELLIA-192-CBC",
        "CAMELLIA-256-CBC",
        "DES-EDE3-CBC",
        "SM4-CBC",
        "PBE-SHA1-3DES",
        "PBE-SHA1-2DES",
    ];
    for cipher in offered {
        let options = format!("-certpbe {cipher} -keypbe {cipher}");
        assert_eq!(opened(&openssl, &options, "secret", &["wrong", "secret"]), WHOLE, "{cipher}");
    }
    let with_legacy = [
        "PBE-SHA1-RC2-40",
        "PBE-SHA1-RC2-128",
        "PBE-SHA1-RC4-40",
        "PBE-SHA1-RC4-128",
        "PBE-MD5-DES",
        "PBE-SHA1-DES",
        "PBE-MD5-RC2-64",
        "PBE-SHA1-RC2-64",
        "RC2-CBC",
        "BF-CBC",
        "DES-CBC",
        "CAST5-CBC",
    ];
    for cipher in with_legacy {
        let options = format!("-legacy -certpbe {cipher} -keypbe {cipher}");
        assert_eq!(opened(&openssl, &options, "secret", &["secret"]), WHOLE, "{cipher}");
    }
}

#[test]
fn every_mac_that_openssl_offers_is_checked() {
    let openssl = OpenSsl::new();
    for digest in ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-224", "sha512-256"] {
        let options = format!("-macalg {digest} -iter 3");
        assert_eq!(opened(&openssl, &options, "secret", &["secret"]), WHOLE, "{digest}");
        let wrong = opened(&openssl, &options, "secret", &["Secret"]);
        assert_eq!(wrong, "(this is PKCS#12, and it is not opened by the passphrase given)", "{digest}");
    }
    for options in ["-nomac", "-nomac -certpbe NONE", "-certpbe NONE -keypbe NONE", "-legacy"] {
        assert_eq!(opened(&openssl, options, "secret", &["secret"]), WHOLE, "{options}");
    }
}

#[test]
fn what_windows_wrote_for_twenty_years_opens() {
    let openssl = OpenSsl::new();
    let options = "-legacy -certpbe PBE-SHA1-RC2-40 -keypbe PBE-SHA1-3DES -macalg sha1 -iter 2000";
    assert_eq!(opened(&openssl, options, "secret", &["secret"]), WHOLE);
}

#[test]
fn passphrases_of_every_kind_open() {
    let openssl = OpenSsl::new();
    for passphrase in ["", "pässwörd", "päss 日本 🔑", "with \"quotes\" and `more`"] {
        for options in ["", "-legacy"] {
            assert_eq!(opened(&openssl, options, passphrase, &[passphrase]), WHOLE, "{passphrase} {options}");
        }
    }
    assert_eq!(opened(&openssl, "", "", &[]), WHOLE, "an empty passphrase needs none");
    assert_eq!(
        opened(&openssl, "", "secret", &[]),
        "(this is PKCS#12, and it is under a passphrase, and none was given)"
    );
}

#[test]
fn what_cannot_be_opened_says_which_of_three_ways_it_is() {
    let openssl = OpenSsl::new();
    assert_eq!(
        opened(&openssl, "-legacy -certpbe SEED-CBC -keypbe SEED-CBC", "secret", &["secret"]),
        "(this is PKCS#12, and it is protected with SEED-CBC, which is not read here)"
    );
    assert_eq!(
        opened(&openssl, "", "secret", &["wrong"]),
        "(this is PKCS#12, and it is not opened by the passphrase given)"
    );
    let whole = openssl.read("out.p12");
    assert_eq!(
        outline(&unpacked(whole[..whole.len() - 1].to_vec(), &["secret"])),
        "(this is PKCS#12, and it is malformed: the data is cut off inside a value)"
    );
}

#[test]
fn certificates_come_leaf_first_whatever_their_order() {
    let openssl = OpenSsl::new();
    openssl.write("pass", b"secret");
    openssl.run(
        "pkcs12 -export -nokeys -in @rules/chain-out-of-order/bad-reversed.pem -out out.p12 -passout file:pass",
    );
    let readings = unpacked(openssl.read("out.p12"), &["secret"]);
    let origin = readings[0].source().origin().unwrap();
    assert!(
        outline(&readings).starts_with("gate.example.com, Test intermediate p521-b"),
        "{}",
        outline(&readings)
    );
    assert_eq!(origin.order_before(), [1, 4, 3, 2]);
    let titles: Vec<_> =
        readings[0].entries().iter().map(|entry| origin.title_of(entry.block().begin()).unwrap()).collect();
    assert_eq!(
        titles[..2],
        ["certificate 1 \"gate.example.com\"", "certificate 2 \"Test intermediate p521-b\""]
    );
}
