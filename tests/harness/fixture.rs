//! The committed inputs, by the role they play.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Certgate;

/// The folder `fixtures/`.
pub(crate) fn fixtures() -> PathBuf {
    super::workspace().join("fixtures")
}

/// The path inside `fixtures/`.
pub(crate) fn relative(path: &Path) -> String {
    let path = path.strip_prefix(fixtures()).expect("a fixture is asked about");
    path.to_str().expect("fixtures have plain names").to_owned()
}

/// Rules that speak only where they are asked to.
const SILENT: [&str; 1] = ["text-around-blocks"];

/// A certificate file and a key file with one stem, and the texts beside them.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// Inside `fixtures/`, without extension.
    pub(crate) stem: String,
}

impl Upload {
    pub(crate) fn certificate(&self) -> String {
        format!("{}.pem", self.stem)
    }

    pub(crate) fn key(&self) -> String {
        format!("{}.key", self.stem)
    }

    /// Of an upload in `rules/`: the rule.
    pub(crate) fn rule(&self) -> &str {
        self.stem.split('/').nth(1).expect("a rule's folder")
    }

    /// Of an upload in `rules/`: whether its name begins with `bad-`.
    pub(crate) fn is_bad(&self) -> bool {
        self.stem.split('/').nth(2).is_some_and(|name| name.starts_with("bad-"))
    }

    /// The other one of the pair.
    pub(crate) fn good_twin(&self) -> Self {
        Self { stem: self.stem.replace("/bad-", "/good-") }
    }

    /// `certgate check` of it, every file in its slot.
    pub(crate) fn check(&self) -> Certgate {
        let slots = ["--certificate".to_owned(), self.certificate(), "--private-key".to_owned(), self.key()];
        let at = std::fs::read_to_string(fixtures().join(format!("{}.at", self.stem)));
        let at = at.unwrap_or_else(|_| certgate_fixtures::JUDGED_AT.to_owned());
        let mut check = Certgate::new(["check", "--at", at.trim_end()]).arguments(slots);
        for field in ["description", "metadata"] {
            let path = fixtures().join(format!("{}.{field}", self.stem));
            if path.exists() {
                let text = std::fs::read_to_string(path).unwrap();
                check = check.arguments([OsString::from(format!("--{field}={text}"))]);
            }
        }
        let beside = |extension: &str| format!("{}.{extension}", self.stem);
        if fixtures().join(beside("trust")).exists() {
            check = check.arguments([OsString::from("--trust"), beside("trust").into()]);
        }
        if fixtures().join(beside("public")).exists() {
            check = check.arguments(["--public"]);
        }
        if let Some(rule) = SILENT.iter().find(|rule| self.stem.starts_with(&format!("rules/{rule}/"))) {
            check = check.arguments(["--warn", *rule]);
        }
        let hosts = std::fs::read_to_string(fixtures().join(beside("hostname"))).unwrap_or_default();
        for host in hosts.lines() {
            check = check.arguments([OsString::from("--hostname"), host.into()]);
        }
        check
    }

    /// Everything that is uploaded, to tell one from another.
    pub(crate) fn contents(&self) -> Vec<Vec<u8>> {
        let read = |extension| std::fs::read(fixtures().join(format!("{}.{extension}", self.stem)));
        ["pem", "key", "description", "metadata"]
            .map(|extension| read(extension).unwrap_or_default())
            .to_vec()
    }
}

/// The uploads to the API in a folder of `fixtures/`: every `.pem` that has a `.key` beside it, and no `.target`.
pub(crate) fn pairs_in(folder: &str) -> Vec<Upload> {
    let files = super::files_below(&fixtures().join(folder), "pem");
    let to_api = files.iter().filter(|path| !path.with_extension("target").exists());
    let with_key = to_api.filter(|path| path.with_extension("key").exists());
    with_key.map(|path| Upload { stem: relative(&path.with_extension("")) }).collect()
}

/// What a fixture of a rule is to be judged as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// What goes to another target than the API, in two files or in one.
    TargetUpload,
    /// A certificate and a private key for TLS, in two files.
    TlsUpload,
    /// A request for an SSH host certificate, as JSON.
    HostCertificateRequest,
    /// A request for an SSH certificate authority, as JSON.
    SshAuthorityRequest,
    /// A request for an SSH user certificate, as JSON.
    UserCertificateRequest,
    /// A file that is no PEM, or its twin that is, with chain and key in one.
    Packed,
    /// A configuration, to be in force for the example of the API's documentation.
    Configuration,
    /// A file of OpenSSH's: a certificate that was signed already, or known hosts.
    OpensshFile,
}

/// A fixture in `rules/`, of any kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RuleFixture {
    pub(crate) kind: Kind,
    /// Inside `fixtures/`: the file, or the first of the two.
    pub(crate) path: String,
}

impl RuleFixture {
    /// The rule whose folder it stands in.
    pub(crate) fn rule(&self) -> &str {
        self.path.split('/').nth(1).expect("a rule's folder")
    }

    /// Whether its name begins with `bad-`.
    pub(crate) fn is_bad(&self) -> bool {
        self.path.split('/').nth(2).is_some_and(|name| name.starts_with("bad-"))
    }

    /// The other one of the pair.
    pub(crate) fn good_twin(&self) -> Self {
        Self { kind: self.kind, path: self.path.replace("/bad-", "/good-") }
    }

    /// The path without extension: twins of what is no PEM differ in it.
    pub(crate) fn stem(&self) -> &str {
        self.path.rsplit_once('.').map_or(&self.path, |(stem, _)| stem)
    }
}

/// The fixtures of all rules, of every kind, `bad-*` and `good-*`.
pub(crate) fn rule_fixtures() -> Vec<RuleFixture> {
    let of_kind = |kind: Kind, extension: &str| {
        let files = super::files_below(&fixtures().join("rules"), extension);
        files.into_iter().map(move |path| RuleFixture { kind, path: relative(&path) })
    };
    let requests = of_kind(Kind::HostCertificateRequest, "json")
        .map(|request| RuleFixture { kind: kind_of_request(&request.path), path: request.path });
    let uploads = rule_uploads()
        .into_iter()
        .map(|upload| RuleFixture { kind: Kind::TlsUpload, path: upload.certificate() });
    uploads
        .chain(requests)
        .chain(of_kind(Kind::OpensshFile, "pub"))
        .chain(of_kind(Kind::OpensshFile, "known_hosts"))
        .chain(of_kind(Kind::Configuration, "toml"))
        .chain(
            ["der", "jks", "p12", "p7b", "yaml"].into_iter().flat_map(|packed| of_kind(Kind::Packed, packed)),
        )
        .chain(of_kind(Kind::Packed, "pem").filter(|twin| {
            let path = fixtures().join(&twin.path);
            !path.with_extension("key").exists() && !path.with_extension("target").exists()
        }))
        .chain(
            of_kind(Kind::TargetUpload, "target")
                .map(|target| RuleFixture { path: target.path.replace(".target", ".pem"), ..target }),
        )
        .collect()
}

/// A request for an authority says what key it is to have, and one for a user what extensions.
fn kind_of_request(path: &str) -> Kind {
    let json = std::fs::read(fixtures().join(path)).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    match (json.get("private_key_type"), json.get("extensions")) {
        (Some(_), _) => Kind::SshAuthorityRequest,
        (None, Some(_)) => Kind::UserCertificateRequest,
        (None, None) => Kind::HostCertificateRequest,
    }
}

/// The rules that have fixtures of a kind.
pub(crate) fn rules_about(kind: Kind) -> BTreeSet<String> {
    let of_kind = rule_fixtures().into_iter().filter(|fixture| fixture.kind == kind);
    of_kind.map(|fixture| fixture.rule().to_owned()).collect()
}

/// The uploads of all rules for TLS, `bad-*` and `good-*`.
pub(crate) fn rule_uploads() -> Vec<Upload> {
    pairs_in("rules")
}
