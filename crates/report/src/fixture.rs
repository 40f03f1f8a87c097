//! Cases for tests, made of the committed fixtures and judged at one instant.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Reading, Source, Span, Timestamp};
use certgate_rules::{
    Field, HostCertificateRequest, Ignore, IgnoreList, Moment, Policy, Slot, SshDocument, TlsUpload,
    TrustAnchors, Verdict, judge,
};

use crate::judged::Judged;

/// The folder `fixtures/`.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// A file under `fixtures/`, read under its last name.
pub(crate) fn reading(path: &str) -> Arc<Reading> {
    let name = path.rsplit('/').next().unwrap();
    let file = std::fs::File::open(folder().join(path)).unwrap();
    Arc::new(Reading::of(Source::read(name, file).unwrap()))
}

/// A file under `fixtures/`, under a name of its own.
pub(crate) fn named(path: &str, name: &str) -> Arc<Reading> {
    let bytes = std::fs::read(folder().join(path)).unwrap();
    Arc::new(Reading::of(Source::from_bytes(name, bytes).unwrap()))
}

/// A source out of a text.
pub(crate) fn text(name: &str, text: &str) -> Arc<Reading> {
    Arc::new(Reading::of(Source::from_bytes(name, text.as_bytes().to_vec()).unwrap()))
}

/// The instant at which everything is judged.
pub(crate) fn at() -> Timestamp {
    "2026-11-01T00:00:00Z".parse().unwrap()
}

/// Two files under `fixtures/` as an upload.
pub(crate) fn upload(certificate: &str, private_key: &str) -> TlsUpload {
    TlsUpload::new(Slot::whole(reading(certificate)), Slot::whole(reading(private_key)))
}

/// An upload, judged.
pub(crate) fn judged(upload: TlsUpload) -> Verdict<TlsUpload> {
    judge(upload, &Policy::new(at(), TrustAnchors::Mozilla))
}

/// Every line of an OpenSSH file under `fixtures/`, judged.
pub(crate) fn documents(path: &str) -> Vec<Judged> {
    documents_in(&reading(path))
}

/// A request for a host certificate of the key in a file, with one principal, for 30 days.
pub(crate) fn host_request(key: &str, principal: &str) -> Judged {
    let field = |text: &str| Field::new("test", text).unwrap();
    let begins = u64::try_from(at().unix_secs()).unwrap() - 60;
    let ends = Moment::at(begins + 30 * 86_400);
    let (key_id, principals) = (field("web-1"), vec![field(principal)]);
    let request = HostCertificateRequest::new(reading(key), key_id, principals, Moment::at(begins), ends);
    judge(request, &Policy::new(at(), TrustAnchors::Mozilla)).into()
}

/// Every line of an OpenSSH source, judged.
pub(crate) fn documents_in(reading: &Arc<Reading>) -> Vec<Judged> {
    let policy = Policy::new(at(), TrustAnchors::Mozilla);
    SshDocument::all_of(reading).map(|document| judge(document, &policy).into()).collect()
}

/// A configuration with an ignore that matched nothing.
pub(crate) fn ignores() -> Judged {
    let reading = Arc::new(Reading::of_other_text(
        Source::from_bytes("certgate.toml", b"[[ignore]]\npath = \"old/**\"\n".to_vec()).unwrap(),
    ));
    let path = Field::within(Arc::clone(&reading), Span::new(18, 26), "old/**");
    let ignore = Ignore::new(certgate_rules::rule("leaf-expired").unwrap(), path);
    judge(IgnoreList::new("certgate.toml", vec![ignore]), &Policy::new(at(), TrustAnchors::Mozilla)).into()
}

/// Every OpenSSH file among the fixtures, as paths.
pub(crate) fn openssh_files() -> Vec<String> {
    let folders = std::fs::read_dir(folder().join("rules")).unwrap().map(|rule| rule.unwrap().path());
    let files = folders.chain([folder().join("ssh")]).flat_map(|path| std::fs::read_dir(path).unwrap());
    let mut paths: Vec<String> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == "pub" || found == "known_hosts"))
        .map(|path| path.strip_prefix(folder()).unwrap().to_str().unwrap().to_owned())
        .collect();
    paths.sort();
    paths
}

/// The example of the API's documents, judged.
pub(crate) fn seed() -> Verdict<TlsUpload> {
    judged(upload("seed/example.com.pem", "seed/example.com.key"))
}

/// A fixture of a rule, such as `bad-reversed`, judged.
pub(crate) fn rule(rule: &str, name: &str) -> Verdict<TlsUpload> {
    judged(upload(&format!("rules/{rule}/{name}.pem"), &format!("rules/{rule}/{name}.key")))
}

/// Every fixture of every rule, by name, judged.
pub(crate) fn all() -> Vec<(String, Verdict<TlsUpload>)> {
    let mut stems: Vec<PathBuf> = std::fs::read_dir(folder().join("rules"))
        .unwrap()
        .flat_map(|rule| std::fs::read_dir(rule.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pem"))
        .filter(|path| path.with_extension("key").exists())
        .collect();
    stems.sort();
    let judge = |path: &PathBuf| {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let name = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        (format!("{name}/{stem}"), rule(name, stem))
    };
    stems.iter().map(judge).collect()
}
