//! What clients ask for and whom they trust, in all files and in some.

use std::borrow::Cow;
use std::path::PathBuf;

use certgate_facts::Span;
use certgate_rules::path::ReferenceName;
use certgate_rules::{Policy, TlsUpload, TrustAnchors};

use super::exceptions::Seen;
use super::pattern::Pattern;
use super::settings::kept;
use super::{Config, File};
use crate::cli::ClientArguments;
use crate::failure::Failure;
use crate::handwritten::{Fault, Table, Value};
use crate::place::Folder;
use crate::trust;

/// The keys of both.
pub(super) const HOSTNAMES: &str = "hostnames";
pub(super) const TRUST: &str = "trust";

/// What is set of them; what is not set is none.
#[derive(Clone, Debug, Default)]
pub(super) struct ClientSettings {
    pub(super) hostnames: Vec<Value>,
    pub(super) trust: Vec<Value>,
}

impl ClientSettings {
    /// Reads them; names that are none are found at once, files when they are needed.
    pub(super) fn of(table: &Table<'_, '_>, faults: &mut Vec<Fault>) -> Self {
        let texts = |key, faults: &mut Vec<Fault>| kept(table.texts(key), faults).unwrap_or_default();
        let set = Self { hostnames: texts(HOSTNAMES, faults), trust: texts(TRUST, faults) };
        faults.extend(set.hosts().filter_map(Result::err));
        set
    }

    fn hosts(&self) -> impl Iterator<Item = Result<ReferenceName, Fault>> {
        let host = |value: &Value| trust::host(&value.text).map_err(|failure| failure.into_fault(value.span));
        self.hostnames.iter().map(host)
    }
}

/// How files are judged that have clients of their own.
pub(crate) struct Clients {
    folder: Option<Folder>,
    of_files: Vec<OfFiles>,
}

struct OfFiles {
    path: Pattern,
    hosts: Option<Vec<ReferenceName>>,
    anchors: Option<TrustAnchors>,
}

impl Config {
    /// The policy with what clients ask for and whom they know, as the arguments say, else as the file does; and what it says of
    /// some files alone.
    pub(crate) fn clients(
        &self,
        policy: Policy,
        arguments: &ClientArguments,
    ) -> Result<(Policy, Clients), Failure> {
        let Some(file) = &self.file else {
            let policy =
                policy.with_anchors(trust::of(&arguments.trust)?).with_hosts(trust::hosts(arguments)?);
            return Ok((policy, Clients { folder: None, of_files: Vec::new() }));
        };
        let folder = Folder::of_file(&file.path)?;
        let set = &file.settings.clients;
        let hosts = match arguments.hostname.is_empty() {
            true => set_hosts(file, set)?.unwrap_or_default(),
            false => trust::hosts(arguments)?,
        };
        let anchors = match arguments.trust.is_empty() {
            true => set_anchors(file, set)?.unwrap_or(TrustAnchors::Mozilla),
            false => trust::of(&arguments.trust)?,
        };
        let mut of_files = Vec::new();
        for one in &file.settings.overrides {
            let hosts = if arguments.hostname.is_empty() { set_hosts(file, &one.clients)? } else { None };
            let anchors = if arguments.trust.is_empty() { set_anchors(file, &one.clients)? } else { None };
            if hosts.is_some() || anchors.is_some() {
                of_files.push(OfFiles { path: one.path.clone(), hosts, anchors });
            }
        }
        Ok((policy.with_anchors(anchors).with_hosts(hosts), Clients { folder: Some(folder), of_files }))
    }
}

fn set_hosts(file: &File, set: &ClientSettings) -> Result<Option<Vec<ReferenceName>>, Failure> {
    let hosts: Result<Vec<_>, Fault> = set.hosts().collect();
    let hosts = hosts.map_err(|fault| fault.in_file(&file.settings.reading))?;
    Ok((!hosts.is_empty()).then_some(hosts))
}

/// Words stay words; files are from the folder of the configuration.
fn set_anchors(file: &File, set: &ClientSettings) -> Result<Option<TrustAnchors>, Failure> {
    let Some(first) = set.trust.first() else { return Ok(None) };
    let folder = file.path.parent().unwrap_or_else(|| std::path::Path::new(""));
    let path = |value: &Value| match value.text.as_str() {
        word @ ("mozilla" | "system" | "none") => PathBuf::from(word),
        path => folder.join(path),
    };
    let words: Vec<PathBuf> = set.trust.iter().map(path).collect();
    let at_line = |failure: Failure, span: Span| failure.into_fault(span).in_file(&file.settings.reading);
    trust::of(&words).map(Some).map_err(|failure| at_line(failure, first.span))
}

impl Clients {
    /// The policy for an upload: of several that match, the last counts.
    pub(crate) fn policy<'p>(&self, policy: &'p Policy, upload: &TlsUpload) -> Cow<'p, Policy> {
        let (Some(folder), false) = (&self.folder, self.of_files.is_empty()) else {
            return Cow::Borrowed(policy);
        };
        let seen: Vec<Seen> = upload.certificate().paths().map(|path| Seen::of(path, folder)).collect();
        let here = || self.of_files.iter().rev().filter(|one| seen.iter().any(|seen| seen.is_at(&one.path)));
        let mut policy = Cow::Borrowed(policy);
        if let Some(hosts) = here().find_map(|one| one.hosts.as_ref()) {
            policy = Cow::Owned(policy.into_owned().with_hosts(hosts.iter().cloned()));
        }
        if let Some(anchors) = here().find_map(|one| one.anchors.as_ref()) {
            policy = Cow::Owned(policy.into_owned().with_anchors(anchors.clone()));
        }
        policy
    }
}
