//! No passphrase and no part of an authority's private key is anywhere but in its file: not in what any command prints, not in
//! the ledger, not in what the system tells about the process.

mod commands;
mod running;

use std::os::unix::fs::PermissionsExt;

use crate::harness::{Folder, armors, base64, base64_bytes, files_below, hex};
use crate::secrets::Secret;

const PASSPHRASE: &str = "marked passphrase of the authority, never to be seen";
const WRONG: &str = "marked passphrase that opens nothing, never to be seen either";
/// Authorities whose key files are not encrypted; each is called as its type.
const OPEN: [&str; 4] = ["ed25519", "ecdsa-p256", "ecdsa-p521", "rsa-3072"];

/// Everything that must not be seen.
struct Hidden {
    keys: Secret,
    texts: Vec<String>,
}

/// Authorities with keys of every kind, the one called `locked` with one that is encrypted, and the passphrases in files.
fn world() -> (Folder, Hidden) {
    let folder = Folder::new();
    folder.key("host", &["ed25519"]);
    folder.write_secret("passphrase", format!("{PASSPHRASE}\n"));
    folder.write_secret("wrong", format!("{WRONG}\n"));
    let run = folder.certgate(["ca", "create", "locked", "--passphrase-file", "passphrase"]).exits(0);
    folder.write("locked.pub", run.stdout);
    OPEN.iter().for_each(|name| folder.authority(name, &["--key-type", name]));
    let hidden = Hidden::of(&folder);
    (folder, hidden)
}

/// The strings of SSH's wire, one behind the other, up to what is none.
fn strings(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut strings = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap();
        let Some((string, rest)) = rest.split_at_checked(length) else { break };
        strings.push(string);
        bytes = rest;
    }
    strings
}

/// The part of a key file in OpenSSH's form that may be encrypted.
fn private_part(file: &[u8]) -> Vec<u8> {
    let armor = armors(std::str::from_utf8(file).unwrap()).remove(0);
    assert_eq!(armor.label, "OPENSSH PRIVATE KEY");
    let bytes = base64_bytes(&armor.body);
    let rest = bytes.strip_prefix(b"openssh-key-v1\0").unwrap();
    // Cipher, derivation and its options, the number of keys, the public key.
    let before: usize = strings(rest)[..3].iter().map(|string| 4 + string.len()).sum();
    strings(&rest[before + 4..])[1].to_vec()
}

/// Of a private part that is not encrypted, the numbers that are secret.
fn secret_numbers(private: &[u8]) -> Vec<Vec<u8>> {
    // Behind two numbers for checking.
    let fields = strings(&private[8..]);
    let secret: Vec<&[u8]> = match fields[0] {
        b"ssh-ed25519" => vec![&fields[2][..32]],
        b"ssh-rsa" => fields[3..7].to_vec(),
        _ => vec![fields[3]],
    };
    secret.into_iter().map(<[u8]>::to_vec).collect()
}

impl Hidden {
    fn of(folder: &Folder) -> Self {
        let mut parts = Vec::new();
        for name in OPEN {
            parts.extend(secret_numbers(&private_part(&folder.read(&format!("state/authorities/{name}")))));
        }
        let locked = folder.read("state/authorities/locked");
        parts.push(private_part(&locked));
        folder.write("opened", &locked);
        std::fs::set_permissions(folder.path("opened"), PermissionsExt::from_mode(0o600)).unwrap();
        folder.keygen_ok(&["-q", "-p", "-P", PASSPHRASE, "-N", "", "-f", "opened"]);
        parts.extend(secret_numbers(&private_part(&folder.read("opened"))));
        std::fs::remove_file(folder.path("opened")).unwrap();
        // One of Ed25519 and two of ECDSA, four of RSA, the encrypted one before and after.
        assert_eq!(parts.len(), 9);
        assert!(parts.iter().all(|part| part.len() >= 31), "{parts:?}");
        let texts = [PASSPHRASE, WRONG].into_iter().flat_map(|text| {
            // Any of the words would do; as base64 they differ with their place.
            let words = [&text[..17], &text[17..]].map(str::to_owned);
            let encoded = (0..3).map(|from| base64(&text.as_bytes()[from..from + 12]));
            words.into_iter().chain(encoded).chain([hex(text.as_bytes())])
        });
        let texts = texts.filter(|text| text != "marked passphrase").collect();
        Self { keys: Secret::of_bytes(&parts), texts }
    }

    /// What of it is in these bytes.
    fn found_in(&self, bytes: &[u8]) -> Option<String> {
        let shown = String::from_utf8_lossy(bytes);
        let text = self.texts.iter().find(|text| shown.contains(*text));
        text.cloned().or_else(|| self.keys.found_in(bytes))
    }

    /// No file of the folder has any of it, but the key files and those with the passphrases.
    #[track_caller]
    fn is_in_no_file(&self, folder: &Folder) {
        let mut looked_at = 0;
        for path in folder.contents().into_keys() {
            let inside = path.strip_prefix(folder.root()).unwrap();
            let is_core = inside.file_name().unwrap().to_string_lossy().starts_with("core");
            assert!(!is_core, "{}: memory was written to a file", path.display());
            if inside.starts_with("state/authorities")
                || ["passphrase", "wrong"].iter().any(|name| inside.ends_with(name))
            {
                continue;
            }
            let found = self.found_in(&std::fs::read(&path).unwrap());
            assert_eq!(found, None, "{}", path.display());
            looked_at += 1;
        }
        assert!(looked_at > 5, "{looked_at} files");
    }
}

#[test]
fn what_is_hidden_would_be_found() {
    let (folder, hidden) = world();
    for name in OPEN.iter().chain(&["locked"]) {
        let file = folder.read(&format!("state/authorities/{name}"));
        let text = String::from_utf8(file.clone()).unwrap();
        assert!(text.lines().any(|line| hidden.found_in(line.as_bytes()).is_some()), "{name}, line by line");
        assert!(hidden.found_in(&private_part(&file)).is_some());
        assert!(hidden.found_in(hex(&private_part(&file)).as_bytes()).is_some());
    }
    for file in files_below(folder.root(), "pub") {
        assert_eq!(hidden.found_in(&std::fs::read(file).unwrap()), None, "public keys are not secret");
    }
    for text in [PASSPHRASE, WRONG] {
        assert!(hidden.found_in(format!("no key: {text}").as_bytes()).is_some());
        assert!(hidden.found_in(hex(text.as_bytes()).as_bytes()).is_some());
        assert!(hidden.found_in(base64(text.as_bytes()).as_bytes()).is_some());
    }
}
