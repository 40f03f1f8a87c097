//! PKCS #7, and DER.

use super::openssl::{OpenSsl, outline, unpacked};

const CHAIN: &str = "gate.example.com, Test intermediate p256-b, Test root p256-c";

#[test]
fn certificates_come_out_of_pkcs7_leaf_first() {
    let openssl = OpenSsl::new();
    for form in ["der", "pem"] {
        openssl
            .run(&format!("crl2pkcs7 -nocrl -certfile @chain/p256-depth-3.pem -outform {form} -out out.p7b"));
        assert_eq!(outline(&unpacked(openssl.read("out.p7b"), &[])), CHAIN, "{form}");
    }
    openssl.write("message", b"signed");
    let chain = std::fs::read_to_string(super::openssl::fixture("chain/p256-depth-3.pem")).unwrap();
    openssl.write("rest.pem", chain.split_once("-----END CERTIFICATE-----").unwrap().1.as_bytes());
    let signer = "-signer @chain/p256-depth-3.pem -inkey @chain/p256-depth-3.key -certfile rest.pem";
    for form in ["-nodetach", "-nodetach -stream", ""] {
        openssl.run(&format!("cms -sign {signer} -in message -binary {form} -outform DER -out out.p7s"));
        assert!(outline(&unpacked(openssl.read("out.p7s"), &[])).starts_with(CHAIN), "{form}");
    }
    openssl.run("crl2pkcs7 -nocrl -outform der -out out.p7b");
    assert_eq!(
        outline(&unpacked(openssl.read("out.p7b"), &[])),
        "(this is PKCS#7, and it is malformed: no certificate lies in it)"
    );
}

#[test]
fn certificates_in_der_come_in_their_order_with_their_bytes() {
    let openssl = OpenSsl::new();
    openssl.run("x509 -in @chain/p256-depth-3.pem -outform der -out leaf.der");
    let leaf = openssl.read("leaf.der");
    let chain = unpacked(std::fs::read(super::openssl::fixture("chain/p256-depth-3.pem")).unwrap(), &[]);
    let all: Vec<u8> =
        chain[0].entries().iter().flat_map(|entry| entry.block().der().unwrap().to_vec()).collect();
    assert_eq!(outline(&unpacked(all.clone(), &[])), CHAIN);
    let readings = unpacked(all, &[]);
    let place = readings[0].source().location(readings[0].entries()[1].block().begin());
    assert_eq!((place.line, place.offset), (1, leaf.len()));
    let trailed = [&leaf[..], b"\n"].concat();
    assert_eq!(
        outline(&unpacked(trailed, &[])),
        "(this is a certificate in DER, and it is malformed: behind certificate 1 follows what is none)"
    );
}
