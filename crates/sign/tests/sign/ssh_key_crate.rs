//! A second opinion: the `ssh-key` crate reads our certificates as we do.

use certgate_sign::{Signer as _, issue};
use ssh_key::certificate::CertType;
use ssh_key::{Certificate, PrivateKey};

use crate::harness::{DAY, Wish, authorities, host_keys, rng};

#[test]
fn it_finds_the_same_fields_and_encodes_them_to_the_same_bytes() {
    for (host_type, line) in host_keys() {
        for (ca_type, authority) in authorities() {
            let wish = Wish::new(line.clone(), &["b.example.com", "a.example.com"]);
            let issued = issue(wish.cleared(), authority, 12, &mut rng(5)).unwrap();
            let theirs = Certificate::from_openssh(issued.line().trim_end()).unwrap();
            let fields = issued.certificate().fields().unwrap();
            let context = format!("{host_type} by {ca_type}");
            assert_eq!(theirs.to_bytes().unwrap(), issued.certificate().blob(), "{context}");
            assert_eq!(theirs.cert_type(), CertType::Host);
            assert_eq!((theirs.nonce(), theirs.serial()), (fields.nonce(), 12));
            assert_eq!(theirs.key_id(), "web-1 (example)");
            assert_eq!(theirs.valid_principals(), ["b.example.com", "a.example.com"]);
            assert_eq!((theirs.valid_after(), theirs.valid_before()), (DAY.valid_after, DAY.valid_before));
            assert!(theirs.critical_options().is_empty() && theirs.extensions().is_empty());
            let key = ssh_key::PublicKey::from(theirs.public_key().clone()).to_bytes().unwrap();
            assert_eq!(key, fields.public_key().blob(), "{context}");
            let ca = ssh_key::PublicKey::from(theirs.signature_key().clone()).to_bytes().unwrap();
            assert_eq!(ca, authority.public_key().blob());
            assert_eq!(theirs.comment(), "a comment");
        }
    }
}

#[test]
fn it_opens_our_key_files() {
    for (key_type, authority) in authorities() {
        let encrypted = authority.to_openssh(b"open sesame", "ca", &mut rng(6)).unwrap();
        let opened = PrivateKey::from_openssh(encrypted.as_bytes()).unwrap().decrypt("open sesame").unwrap();
        assert_eq!(opened.public_key().to_bytes().unwrap(), authority.public_key().blob(), "{key_type}");
    }
}
