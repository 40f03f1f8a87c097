//! Witnesses of what clients answer: the real OpenSSL and rustls's own verifier judge every chain among the fixtures that ends in
//! its root, or lies beside a trust anchor. A difference stands in `clients/divergences.json`, with its reason; one that is not there
//! fails, and one that no longer occurs fails too.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use certgate_facts::{Certificate, Entry, Reading, Source, Timestamp};
use certgate_rules::path::{ClientAnswer, ClientKind, ReferenceName};
use certgate_rules::{Policy, Slot, TlsUpload, TrustAnchors, judge};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use serde_json::Value;
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

const AT: &str = "2026-11-01T00:00:00Z";

/// A chain, its root, and what is asked of it.
struct Case {
    name: String,
    leaf: Certificate,
    others: Vec<Certificate>,
    root: Certificate,
    hosts: Vec<String>,
    at: Timestamp,
    answers: Vec<(ClientKind, ClientAnswer)>,
}

fn read(path: &Path) -> Reading {
    Reading::of(Source::read(path.to_str().unwrap(), std::fs::File::open(path).unwrap()).unwrap())
}

impl Case {
    /// `None` where a block does not read, or no root is known.
    fn of(root: &Path, path: &Path) -> Option<Self> {
        let reading = Arc::new(read(path));
        let key = path.with_extension("key");
        let key = if key.exists() { Arc::new(read(&key)) } else { return None };
        let all: Vec<Certificate> =
            reading.entries().iter().filter_map(Entry::certificate).cloned().collect();
        let is_whole = reading.entries().iter().all(|entry| entry.certificate().is_some());
        let beside = path.with_extension("trust");
        let anchor = match beside.exists() {
            true => read(&beside).entries().iter().find_map(Entry::certificate).cloned(),
            false => all.last().filter(|last| last.is_self_signed()).cloned(),
        };
        let (true, Some(anchor)) = (is_whole, anchor) else { return None };
        let hosts = std::fs::read_to_string(path.with_extension("hostname")).unwrap_or_default();
        let hosts: Vec<String> = hosts.lines().map(str::to_owned).collect();
        let at = std::fs::read_to_string(path.with_extension("at")).unwrap_or_else(|_| AT.to_owned());
        let at: Timestamp = at.trim().parse().unwrap();
        let anchors = if beside.exists() {
            TrustAnchors::of(&[read(&beside)])
        } else {
            let one = certgate_rules::Anchor::Certificate(Arc::new(anchor.clone()));
            TrustAnchors::Given(Arc::new([one]))
        };
        let policy =
            Policy::new(at, anchors).with_hosts(hosts.iter().map(|host| ReferenceName::host(host).unwrap()));
        let verdict = judge(TlsUpload::new(Slot::whole(reading.clone()), Slot::whole(key)), &policy);
        let (meant, leaf) = verdict.case().leaf_meant()?;
        let above = verdict.case().certificates().filter(|(entry, _)| !std::ptr::eq(*entry, meant));
        Some(Self {
            name: path.strip_prefix(root).unwrap().with_extension("").display().to_string(),
            leaf: leaf.clone(),
            others: above.map(|(_, certificate)| certificate.clone()).collect(),
            root: anchor,
            hosts,
            at,
            answers: verdict.case().clients().to_vec(),
        })
    }

    fn ours(&self, kind: ClientKind) -> (bool, String) {
        let (_, answer) = self.answers.iter().find(|(known, _)| *known == kind).unwrap();
        (*answer == ClientAnswer::Trusts, format!("{answer:?}"))
    }

    fn openssl(&self) -> (bool, String) {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, certificates: &[Certificate]| -> PathBuf {
            let path = folder.path().join(name);
            std::fs::write(&path, certificates.iter().map(pem).collect::<String>()).unwrap();
            path
        };
        let mut command = Command::new("openssl");
        command.args(["verify", "-purpose", "sslserver", "-auth_level", "2", "-attime"]);
        command.arg(self.at.unix_secs().to_string()).args(["-no-CAfile", "-no-CApath", "-no-CAstore"]);
        command.arg("-CAfile").arg(write("root.pem", std::slice::from_ref(&self.root)));
        if !self.others.is_empty() {
            command.arg("-untrusted").arg(write("others.pem", &self.others));
        }
        let leaf = write("leaf.pem", std::slice::from_ref(&self.leaf));
        let asked = |host: Option<&String>| {
            let mut command_line: Vec<PathBuf> = command.get_args().map(PathBuf::from).collect();
            if let Some(host) = host {
                let option =
                    if host.parse::<std::net::IpAddr>().is_ok() { "-verify_ip" } else { "-verify_hostname" };
                command_line.extend([option.into(), host.into()]);
            }
            let output = Command::new("openssl").args(command_line).arg(&leaf).output().unwrap();
            (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
        };
        let answers: Vec<_> = match self.hosts.is_empty() {
            true => vec![asked(None)],
            false => self.hosts.iter().map(|host| asked(Some(host))).collect(),
        };
        answers.iter().find(|(trusts, _)| !trusts).unwrap_or(&answers[0]).clone()
    }

    fn rustls(&self) -> (bool, String) {
        let der = |certificate: &Certificate| CertificateDer::from(certificate.der().to_vec());
        let (leaf, root) = (der(&self.leaf), der(&self.root));
        let others: Vec<_> = self.others.iter().map(der).collect();
        let verified = || {
            let anchor = anchor_from_trusted_cert(&root)?;
            let leaf = EndEntityCert::try_from(&leaf)?;
            let secs = u64::try_from(self.at.unix_secs()).unwrap();
            let at = UnixTime::since_unix_epoch(Duration::from_secs(secs));
            leaf.verify_for_usage(
                ALL_VERIFICATION_ALGS,
                &[anchor],
                &others,
                at,
                KeyUsage::server_auth(),
                None,
                None,
            )?;
            for host in &self.hosts {
                let name = ServerName::try_from(host.as_str()).unwrap();
                leaf.verify_is_valid_for_subject_name(&name)?;
            }
            Ok::<(), webpki::Error>(())
        };
        let result = verified();
        (result.is_ok(), format!("{result:?}"))
    }
}

fn pem(certificate: &Certificate) -> String {
    use base64::Engine as _;
    let body = base64::engine::general_purpose::STANDARD.encode(certificate.der());
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", wrapped(&body))
}

fn wrapped(body: &str) -> String {
    let lines: Vec<&str> = (0..body.len()).step_by(64).map(|at| &body[at..body.len().min(at + 64)]).collect();
    lines.join("\n")
}

fn cases() -> Vec<Case> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let mut all: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    };
    let rules = entries(&root.join("rules"));
    let folders = rules.iter().filter(|path| path.is_dir()).cloned().chain([root.join("chain")]);
    let files = folders.flat_map(|folder| entries(&folder));
    files
        .filter(|path| path.extension().is_some_and(|it| it == "pem"))
        .filter_map(|path| Case::of(&root, &path))
        .collect()
}

/// By client and fixture.
fn divergences() -> BTreeMap<(String, String), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/divergences.json");
    let rows: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    rows.iter().map(|row| ((text(row, "client"), text(row, "fixture")), text(row, "reason"))).collect()
}

#[test]
fn openssl_and_rustls_answer_as_is_said_of_them() {
    let (cases, mut divergences) = (cases(), divergences());
    let (mut faults, mut agreed) = (Vec::new(), BTreeMap::<(String, bool), usize>::new());
    for case in &cases {
        for (kind, client, (theirs, why)) in
            [(ClientKind::OpenSsl, "openssl", case.openssl()), (ClientKind::Rustls, "rustls", case.rustls())]
        {
            let (ours, said) = case.ours(kind);
            let known = divergences.remove(&(client.to_owned(), case.name.clone()));
            match (ours == theirs, known) {
                (true, None) => *agreed.entry((client.to_owned(), ours)).or_default() += 1,
                (false, Some(_)) => {}
                (true, Some(_)) => {
                    faults.push(format!("{client} {}: they agree now: take the row out", case.name))
                }
                (false, None) => {
                    faults.push(format!("{client} {}: ours {said}, theirs {theirs}: {why}", case.name))
                }
            }
        }
    }
    println!("{} chains: {agreed:?} agree", cases.len());
    faults.extend(divergences.keys().map(|(client, name)| format!("{client} {name}: there is no such case")));
    assert!(faults.is_empty(), "{} differ:\n{}", faults.len(), faults.join("\n"));
    assert!(
        agreed.len() == 4 && agreed.values().all(|count| *count >= 10),
        "too little was compared: {agreed:?}"
    );
}
