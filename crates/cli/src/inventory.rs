//! Inventories: many hosts in one file, each with its key and its names.

mod csv;
mod toml;

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Reading, Span};
use certgate_rules::Field;
use certgate_store::AuthorityName;

use crate::failure::Failure;
use crate::handwritten::{self, Fault, Value};
use crate::lifetime::Lifetime;

/// The most hosts of one inventory.
pub(crate) const HOSTS_MAX: usize = 100_000;

/// What an inventory says of one host. Paths are from the folder of the inventory.
pub(crate) struct Host {
    /// The authority, if it names one.
    pub(crate) ca: Option<AuthorityName>,
    /// The file of the public key.
    pub(crate) public_key: PathBuf,
    /// The names and addresses.
    pub(crate) principals: Vec<Field>,
    /// The key id: as given, else the first principal.
    pub(crate) key_id: Field,
    /// How long the certificate is to be valid, if it says so.
    pub(crate) valid_for: Option<Lifetime>,
    /// Where the certificate goes: as it says, else beside the key.
    pub(crate) certificate_file: PathBuf,
}

/// One host as it stands in the file.
struct Entry {
    /// Where it begins.
    span: Span,
    ca: Option<Value>,
    public_key: Option<Value>,
    principals: Vec<Value>,
    key_id: Option<Value>,
    valid_for: Option<Value>,
    out: Option<Value>,
}

impl Entry {
    /// One of which nothing is known but where it begins.
    const fn at(span: Span) -> Self {
        let (ca, public_key, key_id, valid_for, out) = (None, None, None, None, None);
        Self { span, ca, public_key, principals: Vec::new(), key_id, valid_for, out }
    }
}

/// Reads an inventory: CSV where the name ends so, else TOML.
pub(crate) fn read(path: &Path) -> Result<Vec<Host>, Failure> {
    let reading = handwritten::read(path)?;
    let text = handwritten::text(&reading)?;
    let is_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let entries = if is_csv { csv::entries(text) } else { toml::entries(text) };
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let hosts = entries.and_then(|entries| hosts(&reading, folder, entries));
    hosts.map_err(|fault| {
        fault.in_file(&reading).with_hint("see `certgate ssh issue --help` for what an inventory holds")
    })
}

fn hosts(reading: &Arc<Reading>, folder: &Path, entries: Vec<Entry>) -> Result<Vec<Host>, Fault> {
    if entries.is_empty() {
        return Err(Fault::new(Span::new(0, 0), "the inventory names no host"));
    }
    if entries.len() > HOSTS_MAX {
        return Err(Fault::new(Span::new(0, 0), format!("more than {HOSTS_MAX} hosts; split the inventory")));
    }
    let mut places = Places::default();
    let mut hosts = Vec::with_capacity(entries.len());
    for entry in entries {
        let span = entry.span;
        let host = host(reading, folder, entry)?;
        if !places.take(&host.certificate_file) {
            let file = host.certificate_file.display();
            return Err(Fault::new(span, format!("two hosts have their certificate in `{file}`")));
        }
        hosts.push(host);
    }
    Ok(hosts)
}

fn host(reading: &Arc<Reading>, folder: &Path, entry: Entry) -> Result<Host, Fault> {
    let span = entry.span;
    let field = |value: &Value| Field::within(Arc::clone(reading), value.span, value.text.clone());
    let public_key = entry.public_key.ok_or_else(|| Fault::new(span, "a host without public_key"))?;
    let public_key_file = folder.join(&public_key.text);
    let certificate_file =
        entry.out.map_or_else(|| beside(&public_key_file), |value| folder.join(value.text));
    let key_id = entry.key_id.as_ref().or_else(|| entry.principals.first()).map(field);
    Ok(Host {
        ca: entry.ca.map(|value| value.parsed()).transpose()?,
        key_id: key_id.unwrap_or_else(|| field(&public_key)),
        public_key: public_key_file,
        principals: entry.principals.iter().map(field).collect(),
        valid_for: entry.valid_for.map(|value| value.parsed()).transpose()?,
        certificate_file,
    })
}

/// The files that are spoken for, each under one name whatever it was called.
#[derive(Default)]
struct Places {
    /// Folders as they were named, and as they are without links and detours.
    folders: HashMap<OsString, PathBuf>,
    files: HashSet<OsString>,
}

impl Places {
    /// Whether nobody had this file before.
    fn take(&mut self, file: &Path) -> bool {
        let named =
            file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let name = file.file_name().unwrap_or_default();
        if let Some(folder) = self.folders.get(named.as_os_str()) {
            return self.files.insert(folder.join(name).into_os_string());
        }
        // Nothing will be written to a folder that is not there, so that its name is good enough.
        let folder = fs::canonicalize(named).unwrap_or_else(|_| named.components().collect());
        let is_new = self.files.insert(folder.join(name).into_os_string());
        self.folders.insert(named.as_os_str().to_owned(), folder);
        is_new
    }
}

/// Where OpenSSH looks for the certificate of a key: `X-cert.pub` for `X.pub`.
pub(crate) fn beside(public_key: &Path) -> PathBuf {
    let name = public_key.file_name().unwrap_or_default().as_bytes();
    let stem = name.strip_suffix(b".pub").unwrap_or(name);
    public_key.with_file_name(OsString::from_vec([stem, b"-cert.pub"].concat()))
}

#[cfg(test)]
mod tests;
