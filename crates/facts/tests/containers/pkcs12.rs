//! PKCS #12 with everything that openssl offers.

use std::collections::BTreeSet;

use super::openssl::{OpenSsl, openssl_says, outline, unpacked};

const WHOLE: &str = "gate.example.com, Test intermediate p256-b, Test root p256-c, [ecdsa p256]";
const EXPORT: &str = "pkcs12 -export -in @chain/p256-depth-3.pem -inkey @chain/p256-depth-3.key -out out.p12";

/// Seals with `options` and opens again.
fn opened(openssl: &OpenSsl, options: &str, sealed_with: &str, opened_with: &[&str]) -> String {
    openssl.write("pass", format!("{sealed_with}\n").as_bytes());
    openssl.run(&format!("{EXPORT} -passout file:pass {options}"));
    outline(&unpacked(openssl.read("out.p12"), opened_with))
}

/// Schemes of PKCS #5 and PKCS #12, which are no ciphers and stand in no list.
const SCHEMES: [&str; 10] = [
    "PBE-MD5-DES",
    "PBE-MD5-RC2-64",
    "PBE-SHA1-2DES",
    "PBE-SHA1-3DES",
    "PBE-SHA1-DES",
    "PBE-SHA1-RC2-128",
    "PBE-SHA1-RC2-40",
    "PBE-SHA1-RC2-64",
    "PBE-SHA1-RC4-128",
    "PBE-SHA1-RC4-40",
];

/// Names of ciphers in the words of openssl, with those of its legacy provider.
fn ciphers() -> BTreeSet<String> {
    let list = openssl_says("list -cipher-algorithms -provider legacy -provider default");
    // `{ 1.2.3, NAME, OTHER-NAME } @ provider`, and `NAME => OTHER-NAME`.
    let names = list.lines().flat_map(|line| line.split(['{', '}', ',', '@', '=']));
    let is_name = |name: &&str| name.contains('-') && !name.contains([' ', ':', '>']);
    names.map(str::trim).filter(is_name).map(str::to_owned).collect()
}

#[test]
fn every_cipher_that_openssl_offers_opens_or_is_named() {
    let openssl = OpenSsl::new();
    openssl.write("pass", b"secret\n");
    let mut opened = Vec::new();
    let ciphers = ciphers();
    for cipher in ciphers.iter().map(String::as_str).chain(SCHEMES) {
        let seal = format!("{EXPORT} -passout file:pass -legacy -certpbe {cipher} -keypbe {cipher}");
        let read = "pkcs12 -legacy -in out.p12 -passin file:pass -nodes -out opened.pem";
        // Not every one of them makes sense here, to openssl either; wrapping is for keys alone.
        if !openssl.can(&seal) || !openssl.can(read) || cipher.to_lowercase().contains("wrap") {
            continue;
        }
        let outline = outline(&unpacked(openssl.read("out.p12"), &["wrong", "secret"]));
        if outline == WHOLE {
            opened.push(cipher);
            continue;
        }
        // Not by its own name, always: openssl writes CFB8 as CFB, and triple DES in other modes as DES.
        let name = outline.split_once("is protected with ").map(|(_, name)| name);
        assert!(name.is_some_and(|name| name.starts_with(char::is_alphabetic)), "{cipher}: {outline}");
        assert!(!cipher.ends_with("-CBC"), "{cipher}: {outline}");
    }
    for cipher in [
        "AES-256-CBC",
        "ARIA-128-CBC",
        "CAMELLIA-192-CBC",
        "DES-EDE3-CBC",
        "RC2-40-CBC",
        "SEED-CBC",
        "SM4-CBC",
    ] {
        assert!(opened.contains(&cipher), "{cipher}: {opened:?}");
    }
    assert!(SCHEMES.iter().all(|scheme| opened.contains(scheme)), "{opened:?}");
}

#[test]
fn without_its_legacy_provider_openssl_writes_what_opens_too() {
    let openssl = OpenSsl::new();
    for options in
        ["", "-certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES", "-certpbe AES-128-CBC -keypbe DES-EDE3-CBC"]
    {
        assert_eq!(opened(&openssl, options, "secret", &["wrong", "secret"]), WHOLE, "{options}");
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
        opened(&openssl, "-certpbe AES-256-OFB -keypbe AES-256-OFB", "secret", &["secret"]),
        "(this is PKCS#12, and it is protected with AES-256-OFB, which is not read here)"
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

/// As NSS, older Java and older Windows write: lengths are indefinite, and strings of octets come in pieces.
fn indefinite(der: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = der;
    while let [tag, first, after @ ..] = rest {
        let octets = if *first < 0x80 { 0 } else { usize::from(first - 0x80) };
        let (length, after) = after.split_at(octets);
        let of_many = || length.iter().fold(0, |sum, byte| sum * 256 + usize::from(*byte));
        let length = if *first < 0x80 { usize::from(*first) } else { of_many() };
        let (content, behind) = after.split_at(length);
        match *tag {
            tag if tag & 0x20 != 0 => out.extend([&[tag, 0x80][..], &indefinite(content), &[0, 0]].concat()),
            0x04 if content.len() > 20 => {
                out.extend([0x24, 0x80]);
                for piece in content.chunks(100) {
                    let length = u8::try_from(piece.len()).expect("a piece is short");
                    out.extend([&[0x04, length], piece].concat());
                }
                out.extend([0, 0]);
            }
            _ => out.extend(&rest[..rest.len() - behind.len()]),
        }
        rest = behind;
    }
    out
}

#[test]
fn indefinite_lengths_open_like_definite_ones() {
    let openssl = OpenSsl::new();
    for options in ["", "-legacy", "-nomac -certpbe NONE -keypbe NONE"] {
        assert_eq!(opened(&openssl, options, "secret", &["secret"]), WHOLE);
        let ber = indefinite(&openssl.read("out.p12"));
        openssl.write("ber.p12", &ber);
        openssl.run("pkcs12 -legacy -in ber.p12 -passin file:pass -nodes -out opened.pem");
        assert_eq!(outline(&unpacked(ber.clone(), &["secret"])), WHOLE, "{options}");
        let cut = outline(&unpacked(ber[..ber.len() - 2].to_vec(), &["secret"]));
        assert!(cut.starts_with("(this is PKCS#12, and it is malformed: "), "{cut}");
    }
}

#[test]
fn base64_without_armor_opens_like_what_it_encodes() {
    let openssl = OpenSsl::new();
    assert_eq!(opened(&openssl, "", "secret", &["secret"]), WHOLE);
    for options in ["", "-A"] {
        openssl.run(&format!("base64 {options} -in out.p12 -out out.b64"));
        assert_eq!(outline(&unpacked(openssl.read("out.b64"), &["secret"])), WHOLE, "{options}");
        let wrong = outline(&unpacked(openssl.read("out.b64"), &["wrong"]));
        assert!(wrong.ends_with("it is not opened by the passphrase given)"), "{wrong}");
    }
    openssl.run("x509 -in @chain/p256-depth-3.pem -outform der -out leaf.der");
    openssl.run("base64 -in leaf.der -out leaf.b64");
    assert_eq!(outline(&unpacked(openssl.read("leaf.b64"), &[])), "gate.example.com");
    openssl.run("pkey -in @keys/rsa-2048-a.key -outform der -out key.der");
    openssl.run("base64 -in key.der -out key.b64");
    assert_eq!(outline(&unpacked(openssl.read("key.b64"), &[])), "[rsa 2048]");
    let cut = openssl.read("leaf.b64");
    let said = outline(&unpacked(cut[..cut.len() - 7].to_vec(), &[]));
    assert!(said.contains("malformed"), "{said}");
}

#[test]
fn friendly_names_are_told_with_what_they_name() {
    let openssl = OpenSsl::new();
    openssl.write("pass", b"secret\n");
    openssl.run(&format!("{EXPORT} -passout file:pass -name w\u{fc}rze"));
    let readings = unpacked(openssl.read("out.p12"), &["secret"]);
    let origin = readings[0].source().origin().expect("it was unpacked");
    let titles: Vec<_> =
        readings[0].entries().iter().filter_map(|entry| origin.title_of(entry.block().begin())).collect();
    assert_eq!(titles[0], "certificate 1 \"gate.example.com\" (w\u{fc}rze)");
    assert_eq!(titles[3], "private key (w\u{fc}rze)");
}
