//! Authorities, requests, signers and certificates.

use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use certgate_facts::{Reading, Source, SshCertificate, SshPublicKey, SshSignature, Timestamp};
use certgate_rules::{
    Cleared, Field, HostCertificateRequest, Level, Moment, Policy, RULES, SshValidity, TrustAnchors, judge,
};
use certgate_sign::{Authority, AuthorityKeyType, Error as SignError, Prepared, Signer, ToBeSigned, prepare};
use certgate_store::{
    AuthorityName, AuthorityRecord, CertificateFilter, CertificateRecord, Certificates, Custody, Issuance,
    Issued, Ledger, NewAuthority, Origin, Outcome, Preparation, SerialStart, issue,
};
use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng as _;

/// 2026-11-01T00:00:00Z.
pub(crate) const NOW_SECS: u64 = 1_793_491_200;
pub(crate) const DAY_SECS: u64 = 86_400;

/// `days` after 2026-11-01.
pub(crate) fn day(days: i64) -> Timestamp {
    Timestamp::from_unix_secs(1_793_491_200 + days * 86_400)
}

pub(crate) fn now() -> Timestamp {
    day(0)
}

pub(crate) fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

/// A key for tests; the same for the same seed.
pub(crate) fn key(seed: u64) -> Authority {
    Authority::create(AuthorityKeyType::Ed25519, &mut rng(seed)).unwrap()
}

pub(crate) fn name(text: &str) -> AuthorityName {
    text.parse().unwrap()
}

/// An authority to be added, with the key of this seed.
pub(crate) fn new_authority(text: &str, seed: u64) -> NewAuthority {
    NewAuthority {
        name: name(text),
        public_key: key(seed).public_key().clone(),
        comment: format!("ca {text}"),
        custody: Custody::KeyFile(format!("{text}.key")),
        origin: Origin::Created,
        succeeds: None,
        serial_start: SerialStart::ONE,
    }
}

/// Adds an authority that signs, with the key of this seed.
pub(crate) fn add(ledger: &mut dyn Ledger, text: &str, seed: u64) -> AuthorityRecord {
    ledger.add_authority(&new_authority(text, seed), now()).unwrap()
}

/// What a request says.
#[derive(Clone)]
pub(crate) struct Wish {
    pub(crate) host_key: String,
    pub(crate) key_id: String,
    pub(crate) principals: Vec<String>,
    pub(crate) validity: SshValidity,
}

/// The line of a host's public key, cheaply made: an Ed25519 key need not be a point to be certified.
pub(crate) fn host_line(number: u64) -> String {
    SshPublicKeyLine(number).to_string()
}

/// The host key of [`host_line`].
pub(crate) fn host_key(number: u64) -> SshPublicKey {
    SshPublicKey::read(&host_line(number)).unwrap()
}

/// The line of an RSA key of 2048 bits, the same key however many zeros its modulus is written with.
pub(crate) fn rsa_line(zeros: usize) -> String {
    let modulus = [vec![0; zeros], vec![0xc1; 256]].concat();
    let strings: [&[u8]; 3] = [b"ssh-rsa", &[1, 0, 1], &modulus];
    let string = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
    format!("ssh-rsa {}", base64(&strings.map(string).concat()))
}

struct SshPublicKeyLine(u64);

impl std::fmt::Display for SshPublicKeyLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // "ssh-ed25519" and 32 bytes, the first 8 of them the number.
        let mut blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20".to_vec();
        blob.extend(self.0.to_be_bytes());
        blob.extend([7; 24]);
        write!(f, "ssh-ed25519 {}", base64(&blob))
    }
}

/// Base64 (RFC 4648 §4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |bits: u32| char::from(DIGITS[usize::try_from(bits & 63).unwrap()]);
    let group = |three: &[u8]| {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        let digits: String = [18, 12, 6, 0].map(|shift| digit(bits >> shift)).into_iter().collect();
        format!("{:=<4}", &digits[..=three.len()])
    };
    bytes.chunks(3).map(group).collect()
}

/// A request for host number `number`, valid for 30 days.
pub(crate) fn wish(number: u64) -> Wish {
    Wish {
        host_key: host_line(number),
        key_id: format!("web-{number}"),
        principals: vec![format!("web-{number}.example.com"), format!("10.0.0.{number}")],
        validity: SshValidity { valid_after: NOW_SECS - 60, valid_before: NOW_SECS + 30 * DAY_SECS },
    }
}

impl Wish {
    /// Valid until before some days after 2026-11-01.
    pub(crate) fn until(mut self, days: u64) -> Self {
        self.validity.valid_before = NOW_SECS + days * DAY_SECS;
        self
    }

    /// The request, cleared under a policy that lets everything pass: what is judged wrong is not the matter here.
    pub(crate) fn cleared(&self) -> Cleared<HostCertificateRequest> {
        let line = Source::from_bytes("host.pub", self.host_key.clone().into_bytes()).unwrap();
        let field = |name: &str, text: &str| Field::new(name, text).unwrap();
        let principals = self.principals.iter().map(|text| field("--principal", text)).collect();
        let request = HostCertificateRequest::new(
            Arc::new(Reading::of(line)),
            field("--key-id", &self.key_id),
            principals,
            Moment::at(self.validity.valid_after),
            Moment::at(self.validity.valid_before),
        );
        let policy = RULES.iter().fold(Policy::new(now(), TrustAnchors::Mozilla), |policy, rule| {
            policy.with_level(rule, Level::Allow)
        });
        judge(request, &policy).clear().unwrap()
    }
}

/// Issues, and gives back what came of each request, in order.
pub(crate) fn try_issue(
    ledger: &mut dyn Ledger,
    authority: &str,
    signer: &(dyn Signer + Sync),
    wishes: &[Wish],
) -> Result<Vec<Outcome>, certgate_store::Error> {
    let authority = name(authority);
    let threads = NonZeroUsize::new(2).unwrap();
    let issuance = Issuance { authority: &authority, signer, threads, clock: &now };
    let mut outcomes = Vec::new();
    let seed = ledger.audit_head().unwrap().map_or(0, |head| head.seq);
    issue(ledger, &issuance, wishes.iter().map(Wish::cleared), &mut rng(seed), &mut |batch| {
        outcomes.extend(batch);
    })?;
    Ok(outcomes)
}

/// As [`try_issue`], and all of it must be issued, with the key of this seed.
pub(crate) fn issue_all(ledger: &mut dyn Ledger, authority: &str, seed: u64, wishes: &[Wish]) -> Vec<Issued> {
    let outcomes = try_issue(ledger, authority, &key(seed), wishes).unwrap();
    outcomes.into_iter().map(Result::unwrap).collect()
}

pub(crate) fn serial(certificate: &SshCertificate) -> u64 {
    certificate.fields().unwrap().serial()
}

/// All certificates that a filter lets through.
pub(crate) fn found(ledger: &dyn Ledger, filter: CertificateFilter) -> Vec<CertificateRecord> {
    Certificates::of(ledger, filter).collect::<Result<_, _>>().unwrap()
}

pub(crate) fn serials_of(certificates: &[CertificateRecord]) -> Vec<u64> {
    certificates.iter().map(|certificate| certificate.fields().serial()).collect()
}

/// Requests that are prepared one after the other, under the serial asked for plus something.
pub(crate) struct Preparing {
    pub(crate) key: Authority,
    pub(crate) wishes: Vec<Wish>,
    pub(crate) serial_off: u64,
    pub(crate) prepared: Vec<Prepared>,
}

impl Preparing {
    /// With the key of this seed.
    pub(crate) fn new(seed: u64, wishes: &[Wish]) -> Self {
        Self { key: key(seed), wishes: wishes.to_vec(), serial_off: 0, prepared: Vec::new() }
    }
}

impl Preparation for Preparing {
    fn next(&mut self, serial: u64) -> Option<&ToBeSigned> {
        let wish = self.wishes.get(self.prepared.len())?;
        let serial = serial + self.serial_off;
        let prepared = prepare(wish.cleared(), self.key.public_key(), serial, &mut rng(serial)).unwrap();
        self.prepared.push(prepared);
        self.prepared.last().map(Prepared::to_be_signed)
    }
}

/// A signer made of a closure that is asked before the key signs.
pub(crate) struct Guarded<F> {
    pub(crate) key: Authority,
    pub(crate) guard: F,
}

impl<F: Fn(&[u8]) -> Result<(), SignError>> Signer for Guarded<F> {
    fn public_key(&self) -> &SshPublicKey {
        self.key.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<SshSignature, SignError> {
        (self.guard)(message)?;
        self.key.sign(message)
    }
}

/// Certificates made by `ssh-keygen -s` with the key of a seed, as if signed before there was a ledger.
pub(crate) struct Keygen {
    folder: tempfile::TempDir,
}

impl Keygen {
    pub(crate) fn with_key(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let private = key(seed).to_openssh_without_encryption("test key").unwrap();
        write_private(&folder.path().join("ca"), &private);
        Self { folder }
    }

    /// The file with the private key.
    pub(crate) fn authority_file(&self) -> String {
        self.folder.path().join("ca").to_str().unwrap().to_owned()
    }

    /// A certificate for host `number`; `more` are arguments such as `-h -z 5`.
    pub(crate) fn certificate(&self, number: u64, key_id: &str, more: &[&str]) -> SshCertificate {
        let path = |name: &str| self.folder.path().join(name);
        fs::write(path("host.pub"), host_line(number)).unwrap();
        let arguments =
            ["-q", "-s", "ca", "-I", key_id, "-n", "old.example.com", "-V", "20261001Z:20261201Z"];
        let output = Command::new("ssh-keygen")
            .args(arguments)
            .args(more)
            .arg("host.pub")
            .current_dir(self.folder.path())
            .output()
            .unwrap_or_else(|error| panic!("install openssh-client: {error}"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        SshCertificate::read(fs::read_to_string(path("host-cert.pub")).unwrap().trim_end()).unwrap()
    }
}

fn write_private(path: &Path, content: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, content).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
