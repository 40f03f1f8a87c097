//! Nothing from outside makes anything panic, and errors quote no secrets.

use std::io::{Cursor, Read, Result, Write};

use certgate_facts::{SshPublicKey, SshSignature};
use certgate_sign::{Agent, Authority, Signer as _, ToBeSigned, issue};
use proptest::prelude::*;

use crate::harness::{Wish, ed25519, host_line, rng, string};

/// An agent that answers with fixed bytes, whatever it is asked.
pub(crate) struct Canned(pub(crate) Cursor<Vec<u8>>);

impl Canned {
    pub(crate) fn agent(replies: &[&[u8]]) -> Agent<Self> {
        Agent::over(Self(Cursor::new(replies.iter().flat_map(|reply| string(reply)).collect())))
    }
}

impl Read for Canned {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Canned {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// A list of the keys given, as an agent sends it.
pub(crate) fn list(blobs: &[&[u8]]) -> Vec<u8> {
    let mut reply = vec![12];
    reply.extend(u32::try_from(blobs.len()).unwrap().to_be_bytes());
    for blob in blobs {
        reply.extend([string(blob), string(b"a comment")].concat());
    }
    reply
}

/// `seed` with one byte changed and the rest cut off somewhere.
fn damaged(seed: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let length = seed.len();
    (0..length, any::<u8>(), 0..=length).prop_map(move |(at, byte, end)| {
        let mut bytes = seed.clone();
        bytes[at] = byte;
        bytes.truncate(end);
        bytes
    })
}

proptest! {
    #[test]
    fn replies_of_an_agent(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Agent::over(Canned(Cursor::new(bytes.clone()))).identities();
        let _ = Canned::agent(&[&bytes]).identities();
        let key = ed25519(1);
        let listed = list(&[key.public_key().blob()]);
        let authority = Canned::agent(&[&listed, &bytes]).authority(key.public_key()).unwrap();
        prop_assert!(authority.sign(b"message").is_err());
    }

    #[test]
    fn damaged_lists(reply in damaged(list(&[ed25519(1).public_key().blob(), b"\0\0\0\x03new", b""]))) {
        for identity in Canned::agent(&[&reply]).identities().unwrap_or_default() {
            let _ = (identity.public_key(), identity.comment());
        }
    }

    #[test]
    fn damaged_signatures(
        reply in damaged([&[14][..], &string(&ed25519(1).sign(b"message").unwrap().blob())].concat()),
    ) {
        let key = ed25519(1);
        let honest = key.sign(b"message").unwrap();
        let listed = list(&[key.public_key().blob()]);
        let authority = Canned::agent(&[&listed, &reply]).authority(key.public_key()).unwrap();
        if let Ok(signature) = authority.sign(b"message") {
            prop_assert_eq!(signature, honest);
        }
    }

    #[test]
    fn signatures(bytes in prop::collection::vec(any::<u8>(), 0..120), name in 0..8_usize) {
        let names = [
            "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-ed25519",
            "rsa-sha2-256", "rsa-sha2-512", "sk-ecdsa-sha2-nistp256@openssh.com", "sk-ssh-ed25519@openssh.com",
        ];
        let _ = SshSignature::read(&bytes);
        let _ = SshSignature::read(&[string(names[name].as_bytes()), bytes.clone()].concat());
        let framed = [string(names[name].as_bytes()), string(&bytes)].concat();
        for (_, authority) in crate::harness::authorities() {
            if let Ok(signature) = SshSignature::read(&framed) {
                prop_assert!(signature.verify(authority.public_key(), b"message").is_err());
            }
        }
    }

    #[test]
    fn bytes_to_be_signed(bytes in damaged(to_be_signed())) {
        if let Ok(read) = ToBeSigned::from_bytes_cleared_elsewhere(&bytes) {
            prop_assert_eq!(read.bytes(), &bytes[..]);
            let _ = read.fields();
        }
    }

    #[test]
    fn key_files(bytes in damaged(key_file())) {
        if let Err(error) = Authority::from_key_file(&bytes, 0o600, Some(b"open sesame")) {
            let shown = format!("{error} {error:?}");
            prop_assert!(!shown.contains("open sesame"));
            // Nor any part of the file, which is base64 all through.
            let body: Vec<_> = bytes.split(|byte| *byte == b'\n').skip(1).flatten().copied().collect();
            prop_assert!(!body.windows(8).any(|part| shown.contains(&*String::from_utf8_lossy(part))), "{shown}");
        }
    }

    #[test]
    fn host_keys(blob in damaged(ed25519(1).public_key().blob().to_vec())) {
        if let Ok(key) = SshPublicKey::from_blob(&blob) {
            let wish = Wish::new(crate::harness::line_of(&key), &["a"]);
            let _ = wish.try_cleared().map(|cleared| issue(cleared, &ed25519(2), 1, &mut rng(1)));
        }
    }
}

fn to_be_signed() -> Vec<u8> {
    let issued = issue(Wish::new(host_line(), &["a", "b"]).cleared(), &ed25519(1), 1, &mut rng(1)).unwrap();
    issued.certificate().signed_bytes().unwrap().to_vec()
}

fn key_file() -> Vec<u8> {
    ed25519(1).to_openssh_without_encryption("comment").unwrap().as_bytes().to_vec()
}
