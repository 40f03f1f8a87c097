//! What `keytool` of Java 17 wrote, in `made/`: test keys, not secrets, under the passphrase `changeit`.
//!
//! ```console
//! $ alias k='keytool -storepass changeit -keystore keytool.p12'
//! $ k -genkeypair -alias one -keyalg EC -groupname secp256r1 -dname CN=one.example.com -validity 36500
//! $ k -genkeypair -alias two -keyalg RSA -keysize 2048 -dname CN=two.example.com -validity 36500
//! $ k -importcert -noprompt -alias anchor -file fixtures/chain/p256-depth-1.pem
//! ```
//!
//! `keytool-legacy.p12` has no anchor, and was written with `-J-Dkeystore.pkcs12.legacy=true`, as Java did up to 16.

use super::openssl::{OpenSsl, outline, unpacked};

const MADE: [(&str, &[u8]); 2] = [
    ("keytool", include_bytes!("made/keytool.p12")),
    ("keytool-legacy", include_bytes!("made/keytool-legacy.p12")),
];

#[test]
fn each_key_of_a_store_comes_with_its_own_chain() {
    for (name, bytes) in MADE {
        let readings = unpacked(bytes.to_vec(), &["wrong", "changeit"]);
        let both = "one.example.com, [ecdsa p256] | two.example.com, [rsa 2048]";
        assert_eq!(outline(&readings), both, "{name}");
        let origins: Vec<_> = readings.iter().filter_map(|reading| reading.source().origin()).collect();
        assert_eq!(origins.iter().map(|origin| origin.unit()).collect::<Vec<_>>(), [0, 1]);
        assert!(origins.iter().all(|origin| origin.order_before().is_empty()), "nothing was put in order");
    }
}

#[test]
fn a_store_stays_closed_as_other_files_do() {
    for (name, bytes) in MADE {
        let said = |passphrases: &[&str]| outline(&unpacked(bytes.to_vec(), passphrases));
        assert_eq!(
            said(&[]),
            "(this is PKCS#12, and it is under a passphrase, and none was given)",
            "{name}"
        );
        assert_eq!(
            said(&["wrong"]),
            "(this is PKCS#12, and it is not opened by the passphrase given)",
            "{name}"
        );
    }
}

#[test]
fn openssl_finds_the_same_keys_in_it() {
    let openssl = OpenSsl::new();
    openssl.write("pass", b"changeit\n");
    for (name, bytes) in MADE {
        openssl.write("in.p12", bytes);
        openssl.run("pkcs12 -legacy -in in.p12 -passin file:pass -nodes -nocerts -out keys.pem");
        let keys = unpacked(openssl.read("keys.pem"), &[]);
        assert_eq!(outline(&keys), "[ecdsa p256], [rsa 2048]", "{name}");
    }
}
