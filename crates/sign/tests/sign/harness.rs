//! Requests, keys, and OpenSSH's tools.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use certgate_facts::{Reading, Source, SshCertificate, SshPublicKey, SshSignature, Timestamp};
use certgate_rules::{
    Cleared, Field, HostCertificateRequest, Level, Moment, Policy, RULES, SshValidity, TrustAnchors, judge,
};
use certgate_sign::{Authority, AuthorityKeyType, Error, Signer};
use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng as _;
use tempfile::TempDir;

/// 2026-11-01T00:00:00Z and a day later.
pub(crate) const DAY: SshValidity = SshValidity { valid_after: 1_793_491_200, valid_before: 1_793_577_600 };

pub(crate) fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

/// What a request says.
#[derive(Clone)]
pub(crate) struct Wish {
    pub(crate) key_line: String,
    pub(crate) key_id: String,
    pub(crate) principals: Vec<String>,
    pub(crate) validity: SshValidity,
}

impl Wish {
    pub(crate) fn new(key_line: impl Into<String>, principals: &[&str]) -> Self {
        Self {
            key_line: key_line.into(),
            key_id: "web-1 (example)".to_owned(),
            principals: principals.iter().map(|name| (*name).to_owned()).collect(),
            validity: DAY,
        }
    }

    /// The request, cleared under a policy that lets everything pass: what is judged wrong is not the matter here.
    pub(crate) fn cleared(&self) -> Cleared<HostCertificateRequest> {
        self.try_cleared().unwrap()
    }

    /// The same; nothing for what no policy clears, since the API would refuse it.
    pub(crate) fn try_cleared(&self) -> Option<Cleared<HostCertificateRequest>> {
        let line = Source::from_bytes("host.pub", self.key_line.clone().into_bytes()).unwrap();
        let field = |name: &str, text: &str| Field::new(name, text).unwrap();
        let principals = self.principals.iter().map(|text| field("--principal", text)).collect();
        let request = HostCertificateRequest::new(
            Arc::new(Reading::of(line)),
            field("--key-id", &self.key_id),
            principals,
            Moment::at(self.validity.valid_after),
            Moment::at(self.validity.valid_before),
        );
        let at = Timestamp::from_unix_secs(1_793_491_200);
        let policy = RULES.iter().fold(Policy::new(at, TrustAnchors::Mozilla), |policy, rule| {
            policy.with_level(rule, Level::Allow)
        });
        judge(request, &policy).clear().ok()
    }
}

/// One authority of each type of key; made once, for RSA takes its time.
pub(crate) fn authorities() -> &'static [(AuthorityKeyType, Authority)] {
    static MADE: OnceLock<Vec<(AuthorityKeyType, Authority)>> = OnceLock::new();
    MADE.get_or_init(|| {
        let make = |key_type| (key_type, Authority::create(key_type, &mut rng(1)).unwrap());
        AuthorityKeyType::ALL.into_iter().map(make).collect()
    })
}

pub(crate) fn authority(key_type: AuthorityKeyType) -> &'static Authority {
    &authorities().iter().find(|(found, _)| *found == key_type).unwrap().1
}

pub(crate) fn ed25519(seed: u64) -> Authority {
    Authority::create(AuthorityKeyType::Ed25519, &mut rng(seed)).unwrap()
}

pub(crate) fn line_of(key: &SshPublicKey) -> String {
    format!("{} {}", key.name(), BASE64_STANDARD.encode(key.blob()))
}

/// A host's Ed25519 key.
pub(crate) fn host_line() -> String {
    format!("{} root@web-1", line_of(ed25519(99).public_key()))
}

/// A signer that is made of a closure.
pub(crate) struct Tampering<F> {
    pub(crate) public_key: SshPublicKey,
    pub(crate) sign: F,
}

impl<F: Fn(&[u8]) -> Result<SshSignature, Error>> Signer for Tampering<F> {
    fn public_key(&self) -> &SshPublicKey {
        &self.public_key
    }

    fn sign(&self, message: &[u8]) -> Result<SshSignature, Error> {
        (self.sign)(message)
    }
}

/// A certificate in parts, encoded as the draft says and independently of the crate.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) type_name: String,
    pub(crate) nonce: Vec<u8>,
    pub(crate) key_fields: Vec<u8>,
    pub(crate) serial: u64,
    pub(crate) role: u32,
    pub(crate) key_id: Vec<u8>,
    pub(crate) principals: Vec<Vec<u8>>,
    pub(crate) valid_after: u64,
    pub(crate) valid_before: u64,
    pub(crate) critical_options: Vec<u8>,
    pub(crate) extensions: Vec<u8>,
    pub(crate) reserved: Vec<u8>,
    pub(crate) authority_key: Vec<u8>,
}

pub(crate) fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

impl Parts {
    pub(crate) fn of(certificate: &SshCertificate) -> Self {
        let fields = certificate.fields().unwrap();
        let key_name = string(fields.public_key().name().as_bytes());
        Self {
            type_name: certificate.name().to_owned(),
            nonce: fields.nonce().to_vec(),
            key_fields: fields.public_key().blob()[key_name.len()..].to_vec(),
            serial: fields.serial(),
            role: 2,
            key_id: fields.key_id().as_bytes().to_vec(),
            principals: fields.principals().iter().map(|name| name.as_bytes().to_vec()).collect(),
            valid_after: fields.valid_after(),
            valid_before: fields.valid_before(),
            critical_options: Vec::new(),
            extensions: Vec::new(),
            reserved: fields.reserved().to_vec(),
            authority_key: fields.authority_key().blob().to_vec(),
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let principals = self.principals.iter().flat_map(|name| string(name)).collect::<Vec<_>>();
        [
            string(self.type_name.as_bytes()),
            string(&self.nonce),
            self.key_fields.clone(),
            self.serial.to_be_bytes().to_vec(),
            self.role.to_be_bytes().to_vec(),
            string(&self.key_id),
            string(&principals),
            self.valid_after.to_be_bytes().to_vec(),
            self.valid_before.to_be_bytes().to_vec(),
            string(&self.critical_options),
            string(&self.extensions),
            string(&self.reserved),
            string(&self.authority_key),
        ]
        .concat()
    }

    /// The certificate, signed by `authority`.
    pub(crate) fn signed(&self, authority: &Authority) -> SshCertificate {
        let bytes = self.bytes();
        let signature = authority.sign(&bytes).unwrap().blob();
        SshCertificate::from_blob(&[bytes, string(&signature)].concat()).unwrap()
    }
}

/// Runs one of OpenSSH's tools, in UTC and without an agent.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Output {
    Command::new(program)
        .args(arguments)
        .env("TZ", "UTC")
        .env_remove("SSH_AUTH_SOCK")
        .env_remove("SSH_ASKPASS")
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}; install openssh-client"))
}

/// As [`run`], and it must succeed. Gives what it wrote to stdout.
pub(crate) fn run_well(program: &str, arguments: &[&str]) -> String {
    let output = run(program, arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// A folder that disappears.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Writes a file for its owner alone.
pub(crate) fn write_private(path: &Path, content: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, content).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// A new key by `ssh-keygen -t … -b …`; gives the path of the private half.
pub(crate) fn keygen(folder: &Path, key_type: &str, bits: &str, passphrase: &str) -> PathBuf {
    let path = folder.join(format!("{key_type}-{bits}-{}", passphrase.len()));
    let mut arguments = vec!["-q", "-t", key_type, "-N", passphrase, "-C", "a comment", "-f", text(&path)];
    if bits != "0" {
        arguments.extend(["-b", bits]);
    }
    run_well("ssh-keygen", &arguments);
    path
}

/// A host key of each type, by `ssh-keygen`: what it is, and the line of its public half. Made once.
pub(crate) fn host_keys() -> &'static [(String, String)] {
    static MADE: OnceLock<Vec<(String, String)>> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = folder();
        let types = [
            ("ed25519", "0"),
            ("ecdsa", "256"),
            ("ecdsa", "384"),
            ("ecdsa", "521"),
            ("rsa", "2048"),
            ("rsa", "3072"),
        ];
        types
            .map(|(key_type, bits)| {
                (format!("{key_type} {bits}"), public_line(&keygen(folder.path(), key_type, bits, "")))
            })
            .to_vec()
    })
}

pub(crate) fn public_line(private: &Path) -> String {
    fs::read_to_string(private.with_extension("pub")).unwrap()
}
