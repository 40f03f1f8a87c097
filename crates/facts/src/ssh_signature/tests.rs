use super::*;
use crate::fixture::{names, ssh_line};

const SHA1: &str = "ed25519-host-cert-by-rsa-sha1.pub";

fn certificate(name: &str) -> SshCertificate {
    SshCertificate::read(&ssh_line(name)).unwrap()
}

fn certificates() -> Vec<String> {
    names("ssh").into_iter().filter(|name| name.contains("-cert") && name != SHA1).collect()
}

#[test]
fn signatures_of_real_authorities_hold_and_tell_their_algorithm() {
    let mut algorithms = Vec::new();
    for name in certificates() {
        let algorithm =
            certificate(&name).verify_signature().unwrap_or_else(|fault| panic!("{name}: {fault}"));
        algorithms.push(algorithm.name());
    }
    for expected in ["ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512"] {
        assert!(algorithms.contains(&expected), "{expected}");
    }
}

/// Where the signature's own bytes begin, behind the name of its algorithm and both lengths.
fn start_of_signature(certificate: &SshCertificate) -> usize {
    let fields = certificate.fields().unwrap();
    let name = fields.signature_algorithm().unwrap();
    certificate.blob().len() - fields.signature().len() + 4 + name.len() + 4
}

#[test]
fn no_byte_can_be_flipped() {
    for name in certificates() {
        let good = certificate(&name);
        let nonce = 4 + good.name().len() + 4;
        let signed = good.signed_bytes().unwrap().len();
        let of_signature = start_of_signature(&good);
        // Of the nonce, of the authority's key, of the signature: the first, one inside and the last byte.
        for at in [nonce, nonce + 7, signed - 1, of_signature, of_signature + 9, good.blob().len() - 1] {
            let mut blob = good.blob().to_vec();
            blob[at] ^= 1;
            // An ECDSA key may leave its curve, and then is none.
            let Ok(flipped) = SshCertificate::from_blob(&blob) else { continue };
            assert!(flipped.verify_signature().is_err(), "{name}, byte {at}");
        }
        let mut blob = good.blob().to_vec();
        blob[nonce] ^= 1;
        let flipped = SshCertificate::from_blob(&blob).unwrap();
        assert_eq!(flipped.verify_signature(), Err(SshSignatureFault::Invalid), "{name}");
    }
}

#[test]
fn a_signature_with_sha1_is_refused_unverified() {
    let refused = SshSignatureFault::AlgorithmRefused { name: "ssh-rsa".to_owned() };
    assert_eq!(certificate(SHA1).verify_signature(), Err(refused));
}

#[test]
fn a_signature_of_another_authority_does_not_hold() {
    let (one, other) = (certificate("ed25519-host-cert.pub"), certificate("ed25519-host-cert-by-rsa.pub"));
    let signed = one.signed_bytes().unwrap();
    let by_other = SshSignature::read(other.fields().unwrap().signature()).unwrap();
    assert!(matches!(
        by_other.verify(one.fields().unwrap().authority_key(), signed),
        Err(SshSignatureFault::OfOtherAlgorithm { .. })
    ));
    assert_eq!(
        by_other.verify(other.fields().unwrap().authority_key(), signed),
        Err(SshSignatureFault::Invalid)
    );
    let bytes_more = [other.fields().unwrap().signature(), b"\0"].concat();
    assert_eq!(SshSignature::read(&bytes_more), Err(SshSignatureFault::Malformed));
}
