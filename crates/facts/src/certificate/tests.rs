use super::*;
use crate::{Entry, Reading, Source};

fn certificates(path: &str) -> Vec<Certificate> {
    let path = format!("{}/../../fixtures/{path}", env!("CARGO_MANIFEST_DIR"));
    let reading = Reading::of(Source::read("test", std::fs::File::open(path).unwrap()).unwrap());
    reading.entries().iter().filter_map(Entry::certificate).cloned().collect()
}

#[test]
fn every_extension_is_read() {
    let certificates = certificates("chain/rich.pem");
    let leaf = &certificates[0];
    insta::assert_debug_snapshot!(leaf.extensions(), @r#"
    Extensions {
        authority_key_identifier: Some(
            AuthorityKeyIdentifier {
                key_id: Some(
                    [
                        147,
                        6,
                        248,
                        36,
                        136,
                        75,
                        228,
                        142,
                        246,
                        239,
                        175,
                        33,
                        52,
                        119,
                        143,
                        71,
                        26,
                        36,
                        12,
                        229,
                    ],
                ),
                names_issuer: false,
                names_serial: false,
            },
        ),
        basic_constraints: Some(
            BasicConstraints {
                is_ca: false,
                path_length_max: None,
            },
        ),
        ca_issuers: [
            "http://ca.example.com/issuing.der",
        ],
        crl_points: [
            "http://ca.example.com/issuing.crl",
        ],
        criticality: {
            "1.3.6.1.4.1.32473.1": true,
            "1.3.6.1.5.5.7.1.1": false,
            "1.3.6.1.5.5.7.1.24": false,
            "2.5.29.14": false,
            "2.5.29.15": true,
            "2.5.29.17": false,
            "2.5.29.19": true,
            "2.5.29.31": false,
            "2.5.29.32": false,
            "2.5.29.35": false,
            "2.5.29.37": false,
        },
        extended_key_usages: Some(
            [
                ExtendedKeyUsage {
                    oid: "1.3.6.1.5.5.7.3.1",
                },
                ExtendedKeyUsage {
                    oid: "1.3.6.1.5.5.7.3.2",
                },
                ExtendedKeyUsage {
                    oid: "1.2.840.113583.1.1.5",
                },
            ],
        ),
        key_usage: Some(
            KeyUsage {
                bits: 283,
            },
        ),
        must_staple: true,
        name_constraints: None,
        ocsp: [
            "http://ocsp.example.com/",
        ],
        policies: [
            "2.23.140.1.2.1",
        ],
        scts: [],
        subject_alternative_names: [
            Dns(
                "gate.example.com",
            ),
            Dns(
                "www.gate.example.com",
            ),
            Ip(
                192.0.2.10,
            ),
            Ip(
                2001:db8::10,
            ),
            Dns(
                "*.gate.example.com",
            ),
            Dns(
                "xn--tr-xka.example.com",
            ),
            Email(
                "gatekeeper@example.com",
            ),
            Uri(
                "https://gate.example.com/keeper",
            ),
        ],
        subject_key_id: Some(
            [
                30,
                85,
                8,
                80,
                1,
                116,
                65,
                228,
                185,
                186,
                153,
                24,
                85,
                205,
                237,
                188,
                11,
                147,
                93,
                225,
            ],
        ),
        unknown_critical: [
            "1.3.6.1.4.1.32473.1",
        ],
    }
    "#);
    insta::assert_snapshot!(format!("{}\n{}\n{}\n{}", leaf.subject(), leaf.issuer(), leaf.public_key().key_type(), leaf.signature_algorithm()), @"
    CN=gate.example.com, O=Example Gates, OU=Gatekeepers, L=Zürich, ST=ZH, C=CH
    CN=Test intermediate p256-b
    ecdsa p256
    ecdsa with sha256
    ");
    let constraints = certificates.iter().find_map(|certificate| certificate.extensions().name_constraints());
    insta::assert_debug_snapshot!(constraints, @r#"
    Some(
        NameConstraints {
            permitted: [
                Dns(
                    "example.com",
                ),
                Email(
                    "example.com",
                ),
                IpRange(
                    192.0.2.0,
                    255.255.255.0,
                ),
                IpRange(
                    2001:db8::,
                    ffff:ffff::,
                ),
            ],
            excluded: [
                Dns(
                    "forbidden.example.com",
                ),
            ],
        },
    )
    "#);
}

#[test]
fn signatures_are_checked_and_not_names() {
    for name in ["rsa-2048", "rsa-4096", "p256", "p384", "p521", "ed25519"] {
        let certificates = certificates(&format!("chain/{name}-depth-3.pem"));
        let [leaf, intermediate, root] = &certificates[..] else { panic!("three certificates") };
        assert_eq!(leaf.signed_by(intermediate.public_key()), SignatureCheck::Valid, "{name}");
        assert_eq!(intermediate.signed_by(root.public_key()), SignatureCheck::Valid, "{name}");
        assert_eq!(leaf.signed_by(root.public_key()), SignatureCheck::Invalid, "{name}");
        assert!(root.is_self_signed() && !leaf.is_self_signed(), "{name}");
    }
    let [leaf, namesake, ..] = &certificates("rules/chain-out-of-order/bad-namesake.pem")[..] else {
        panic!("a chain")
    };
    assert!(leaf.names_as_issuer(namesake));
    assert_eq!(leaf.signed_by(namesake.public_key()), SignatureCheck::Invalid);
}

#[test]
fn what_is_no_certificate_says_why() {
    let der = certificates("chain/p256-depth-1.pem")[0].der().to_vec();
    let error = |der: &[u8]| match Certificate::from_der(der) {
        Ok(_) => "a certificate".to_owned(),
        Err(CertificateError::TrailingBytes(count)) => format!("{count} bytes follow"),
        Err(CertificateError::Unreadable(reason)) => reason,
    };
    insta::assert_snapshot!(error(&[]), @"there is no data");
    insta::assert_snapshot!(error(&der[..der.len() - 7]), @"the DER value is cut off: 7 more bytes should follow the 468 here");
    insta::assert_snapshot!(error(&[&der[..], &[0; 3]].concat()), @"3 bytes follow");
    insta::assert_snapshot!(error(&[0x30, 0x03, 0x02, 0x01, 0x05]), @"the DER is not that of a certificate");
}
