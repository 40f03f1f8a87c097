//! Signatures: ours, OpenSSH's, and ones that should not pass.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use certgate_facts::{SshPublicKey, SshSignature, SshSignatureAlgorithm, SshSignatureFault};
use certgate_sign::{AuthorityKeyType, Signer as _, algorithm_of_authority};

use crate::harness::{authorities, authority, ed25519, string};

/// Whether `key` made the signature in `blob` over `message`, under this algorithm and no other.
fn verify(
    key: &SshPublicKey,
    algorithm: SshSignatureAlgorithm,
    message: &[u8],
    blob: &[u8],
) -> Result<(), SshSignatureFault> {
    let signature = SshSignature::read(blob)?;
    signature.require_algorithm(algorithm)?;
    signature.verify(key, message)
}

const MESSAGE: &[u8] = b"what is signed";

#[test]
fn each_key_verifies_its_own_signatures_and_no_others() {
    for (signing, signer) in authorities() {
        let signature = signer.sign(MESSAGE).unwrap();
        let blob = signature.blob();
        let algorithm = algorithm_of_authority(signer.public_key()).unwrap();
        assert_eq!(SshSignature::read(&blob).unwrap(), signature);
        for (verifying, other) in authorities() {
            let result = verify(other.public_key(), algorithm, MESSAGE, &blob);
            assert_eq!(result.is_ok(), signing == verifying, "{signing} by {verifying}");
        }
        let other_message = verify(signer.public_key(), algorithm, b"what is not", &blob);
        assert!(matches!(other_message, Err(SshSignatureFault::Invalid)), "{signing}");
        for at in 0..blob.len() {
            let mut altered = blob.clone();
            altered[at] ^= 0x10;
            let result = verify(signer.public_key(), algorithm, MESSAGE, &altered);
            assert!(result.is_err(), "{signing}, byte {at}");
        }
        for length in 0..blob.len() {
            assert!(SshSignature::read(&blob[..length]).is_err(), "{signing}, {length} bytes");
        }
        assert!(SshSignature::read(&[&blob[..], b"\0"].concat()).is_err());
    }
}

#[test]
fn sha1_is_refused_by_name_and_unknown_algorithms_are_told_apart() {
    let blob = |name: &[u8]| [string(name), string(&[1; 256])].concat();
    let error = SshSignature::read(&blob(b"ssh-rsa")).unwrap_err();
    assert!(matches!(&error, SshSignatureFault::AlgorithmRefused { name } if name == "ssh-rsa"), "{error}");
    let error = SshSignature::read(&blob(b"ssh-\x1bnew")).unwrap_err();
    assert!(
        matches!(&error, SshSignatureFault::AlgorithmUnsupported { name } if name == "ssh-?new"),
        "{error}"
    );
}

#[test]
fn an_algorithm_other_than_the_one_asked_for_is_refused_though_the_key_made_it() {
    let pair = RsaKeyPair::generate(KeySize::Rsa3072).unwrap();
    let mut raw = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), MESSAGE, &mut raw).unwrap();
    let signature = SshSignature::from_raw(SshSignatureAlgorithm::RsaSha256, &raw).unwrap();
    let key = rsa_key(pair.public_key().as_ref());
    signature.verify(&key, MESSAGE).unwrap();
    verify(&key, SshSignatureAlgorithm::RsaSha256, MESSAGE, &signature.blob()).unwrap();
    let error = verify(&key, SshSignatureAlgorithm::RsaSha512, MESSAGE, &signature.blob()).unwrap_err();
    assert!(matches!(error, SshSignatureFault::OfOtherAlgorithm { found: "rsa-sha2-256", .. }), "{error}");
}

/// The SSH form of an `RSAPublicKey` of 3072 bits with the exponent 65537, whose DER is all of one layout.
fn rsa_key(der: &[u8]) -> SshPublicKey {
    let modulus = &der[8..8 + 385];
    let blob = [string(b"ssh-rsa"), string(&[1, 0, 1]), string(modulus)].concat();
    SshPublicKey::from_blob(&blob).unwrap()
}

#[test]
fn rsa_signatures_may_lack_leading_zeros_and_ecdsa_numbers_may_not_be_negative_or_long() {
    let rsa = authority(AuthorityKeyType::Rsa3072);
    // One in 256 starts with a zero byte.
    let (message, signature) = (0_u32..)
        .map(|number| number.to_be_bytes())
        .map(|message| (message, rsa.sign(&message).unwrap().blob()))
        .find(|(_, blob)| blob[20] == 0)
        .unwrap();
    let shortened = [string(b"rsa-sha2-512"), string(&signature[21..])].concat();
    SshSignature::read(&shortened).unwrap().verify(rsa.public_key(), &message).unwrap();
    let lengthened = [string(b"rsa-sha2-512"), string(&[&[0], &signature[20..]].concat())].concat();
    let error = SshSignature::read(&lengthened).unwrap().verify(rsa.public_key(), &message).unwrap_err();
    assert!(matches!(error, SshSignatureFault::Malformed), "{error}");

    let ecdsa = authority(AuthorityKeyType::EcdsaP256);
    for (r, s) in [(&[0x80][..], &[1][..]), (&[1], &[1; 33]), (&[], &[]), (&[1], &[0])] {
        let blob = [string(b"ecdsa-sha2-nistp256"), string(&[string(r), string(s)].concat())].concat();
        let signature = SshSignature::read(&blob).unwrap();
        assert!(signature.verify(ecdsa.public_key(), MESSAGE).is_err(), "{r:?} {s:?}");
    }
}

#[test]
fn raw_signatures_of_a_wrong_length_are_refused() {
    for (algorithm, length) in [
        (SshSignatureAlgorithm::Ed25519, 63),
        (SshSignatureAlgorithm::EcdsaP256, 63),
        (SshSignatureAlgorithm::EcdsaP256, 65),
        (SshSignatureAlgorithm::EcdsaP521, 128),
        (SshSignatureAlgorithm::RsaSha512, 0),
        (SshSignatureAlgorithm::SkEd25519, 64),
    ] {
        assert!(SshSignature::from_raw(algorithm, &vec![1; length]).is_err(), "{algorithm} {length}");
    }
}

/// What a security key signs.
fn touched(application: &[u8], flags: u8, counter: u32) -> Vec<u8> {
    let (application, message) = (digest(&SHA256, application), digest(&SHA256, MESSAGE));
    [application.as_ref(), &[flags], &counter.to_be_bytes(), message.as_ref()].concat()
}

#[test]
fn security_keys_sign_flags_and_counter_too() {
    let pair = Ed25519KeyPair::generate().unwrap();
    let name = b"sk-ssh-ed25519@openssh.com";
    let key_blob = [string(name), string(pair.public_key().as_ref()), string(b"ssh:")].concat();
    let key = SshPublicKey::from_blob(&key_blob).unwrap();
    let raw = pair.sign(&touched(b"ssh:", 1, 77));
    let blob = |flags: u8, counter: u32| {
        [&string(name)[..], &string(raw.as_ref()), &[flags], &counter.to_be_bytes()].concat()
    };
    let algorithm = SshSignatureAlgorithm::SkEd25519;
    verify(&key, algorithm, MESSAGE, &blob(1, 77)).unwrap();
    assert_eq!(SshSignature::read(&blob(1, 77)).unwrap().blob(), blob(1, 77));
    assert!(verify(&key, algorithm, MESSAGE, &blob(5, 77)).is_err());
    assert!(verify(&key, algorithm, MESSAGE, &blob(1, 78)).is_err());
    assert!(verify(&key, algorithm, b"other", &blob(1, 77)).is_err());
    assert!(verify(ed25519(1).public_key(), algorithm, MESSAGE, &blob(1, 77)).is_err());
    // Nobody touched it: as in OpenSSH, a certificate's signature needs no presence.
    let untouched = pair.sign(&touched(b"ssh:", 0, 1));
    let untouched = [&string(name)[..], &string(untouched.as_ref()), &[0], &1_u32.to_be_bytes()].concat();
    verify(&key, algorithm, MESSAGE, &untouched).unwrap();
}

#[test]
fn security_keys_on_p256_do_as_well() {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let name = b"sk-ecdsa-sha2-nistp256@openssh.com";
    let point = pair.public_key().as_ref();
    let key_blob = [string(name), string(b"nistp256"), string(point), string(b"ssh:ca")].concat();
    let key = SshPublicKey::from_blob(&key_blob).unwrap();
    let raw = pair.sign(&SystemRandom::new(), &touched(b"ssh:ca", 1, 2)).unwrap();
    let (r, s) = raw.as_ref().split_at(32);
    let number = |bytes: &[u8]| string(&[&[0], bytes].concat());
    let inner = [number(r), number(s)].concat();
    let blob = [&string(name)[..], &string(&inner), &[1], &2_u32.to_be_bytes()].concat();
    verify(&key, SshSignatureAlgorithm::SkEcdsaP256, MESSAGE, &blob).unwrap();
    assert!(verify(&key, SshSignatureAlgorithm::SkEcdsaP256, b"other", &blob).is_err());
}
