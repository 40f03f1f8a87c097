//! Manifests: what should exist at the API, and where its files are.
//!
//! ```toml
//! project = "shop"           # whose these are: nothing else at the API is ever touched
//!
//! [[tls_certificate]]
//! name = "www"
//! certificate = "tls/www.pem"   # paths are from the folder of the manifest
//! private_key = "tls/www.key"
//! description = "the shop"
//! hostnames = ["www.example.com"]  # that the leaf must be good for
//! metadata.team = "web"
//!
//! [[ssh_host_certificate]]
//! name = "web-1"
//! public_key = "ssh/web-1.pub"
//! principals = ["web-1.example.com", "192.0.2.7"]
//! ca = "sshca_2rwwl5w69mehWeDVlbshgAxOzQS"
//! lifetime = "30d"
//! renew = "0.33"             # a new one when no more than this part of the lifetime is left
//! ```
//!
//! Beside it stands how all of this is judged: `config` says what.

mod declaration;
mod hostname;
mod metadata;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use certgate_client::plan::Marker;
use certgate_facts::Reading;

use crate::config::{self, Config, Settings};
use crate::failure::Failure;
use crate::handwritten::{self, Fault, Table, Value, parsed_toml, span_of};

pub(crate) use declaration::{HostDeclaration, KEYS_OF_HOST, KEYS_OF_TLS, TlsDeclaration};

/// The most declarations of one manifest.
const DECLARATIONS_MAX: usize = 10_000;

/// What may stand at the top: what is declared, and how it is judged.
pub(crate) const KEYS: [&str; 10] = [
    "project",
    TLS,
    HOST,
    config::KEYS[0],
    config::KEYS[1],
    config::KEYS[2],
    config::KEYS[3],
    config::KEYS[4],
    config::KEYS[5],
    config::KEYS[6],
];
const TLS: &str = "tls_certificate";
const HOST: &str = "ssh_host_certificate";

/// What is declared; names are unique within each kind.
pub(crate) struct Manifest {
    /// How it is judged, beside the file.
    pub(crate) config: Config,
    /// Whose these are.
    pub(crate) project: String,
    pub(crate) tls_certificates: Vec<TlsDeclaration>,
    pub(crate) ssh_host_certificates: Vec<HostDeclaration>,
}

/// What all declarations of a manifest are read with.
struct Surroundings<'a> {
    reading: &'a Arc<Reading>,
    folder: &'a Path,
    project: &'a str,
}

/// Whether declarations have none but known keys: for who does not read them.
pub(crate) fn look_at_keys(top: &Table<'_, '_>) -> Result<(), Fault> {
    top.tables(TLS, &KEYS_OF_TLS)?;
    top.tables(HOST, &KEYS_OF_HOST).map(drop)
}

/// Reads a manifest and the files it names.
///
/// All faults are told at once.
pub(crate) fn read(path: &Path) -> Result<Manifest, Failure> {
    let reading = handwritten::read(path).map_err(|failure| {
        failure.with_hint("a manifest says what should exist: `certgate plan --help` shows one")
    })?;
    let text = handwritten::text(&reading)?;
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    of_text(&reading, text, path, folder)
        .map_err(|faults| Failure::several(faults.into_iter().map(|fault| fault.in_file(&reading)).collect()))
}

fn of_text(reading: &Arc<Reading>, text: &str, path: &Path, folder: &Path) -> Result<Manifest, Vec<Fault>> {
    let one = |fault| vec![fault];
    let document = parsed_toml(text).map_err(one)?;
    let top = Table::of(document.get_ref(), span_of(document.span()), &KEYS).map_err(one)?;
    let project = project(&top).map_err(one)?;
    let settings = Settings::of(&top, reading)?;
    let tables = |key, keys| top.tables(key, keys).map_err(one);
    let tls = tables(TLS, &KEYS_OF_TLS)?;
    let hosts = tables(HOST, &KEYS_OF_HOST)?;
    if tls.is_empty() && hosts.is_empty() {
        return Err(one(Fault::new(top.span(), "the manifest declares nothing")
            .with_hint("declare something with [[tls_certificate]] or [[ssh_host_certificate]]")));
    }
    if tls.len() + hosts.len() > DECLARATIONS_MAX {
        let what = format!("more than {DECLARATIONS_MAX} declarations; split the manifest");
        return Err(one(Fault::new(top.span(), what)));
    }
    let surroundings = Surroundings { reading, folder, project: &project.text };
    let mut faults = Vec::new();
    let tls = surroundings.all(&tls, TlsDeclaration::of, &mut faults);
    let hosts = surroundings.all(&hosts, HostDeclaration::of, &mut faults);
    faults.extend(repeated_names(reading, tls.iter().map(|one| &one.name)));
    faults.extend(repeated_names(reading, hosts.iter().map(|one| &one.name)));
    faults.extend(repeated_leaves(reading, &tls));
    if !faults.is_empty() {
        faults.sort_by_key(Fault::span);
        return Err(faults);
    }
    let config = Config::of_manifest(path, settings);
    let mut manifest =
        Manifest { config, project: project.text, tls_certificates: tls, ssh_host_certificates: hosts };
    manifest.share_keys();
    Ok(manifest)
}

fn project(top: &Table<'_, '_>) -> Result<Value, Fault> {
    let hint = "put project = \"NAME\" at the top: it marks what belongs to this manifest";
    let project = top.required_text("project", "a manifest").map_err(|fault| fault.with_hint(hint))?;
    Marker::new(&project.text, "any")
        .map_err(|error| Fault::new(project.span, format!("project: {error}")))?;
    Ok(project)
}

impl Surroundings<'_> {
    /// Every declaration of a kind that can be read; the faults of the others.
    fn all<D>(
        &self,
        tables: &[Table<'_, '_>],
        read: fn(&Table<'_, '_>, &Self) -> Result<D, Vec<Fault>>,
        faults: &mut Vec<Fault>,
    ) -> Vec<D> {
        let mut declarations = Vec::with_capacity(tables.len());
        for table in tables {
            match read(table, self) {
                Ok(declaration) => declarations.push(declaration),
                Err(more) => faults.extend(more),
            }
        }
        declarations
    }
}

/// Names that stand there twice.
fn repeated_names<'a>(reading: &Reading, names: impl Iterator<Item = &'a Value>) -> Vec<Fault> {
    let mut seen: HashMap<&str, &Value> = HashMap::new();
    let mut faults = Vec::new();
    for name in names {
        if let Some(first) = seen.insert(&name.text, name) {
            let line = reading.source().location(first.span).line;
            let what = format!("`{}` is declared twice: in line {line}, too", name.text);
            faults.push(Fault::new(name.span, what).with_hint("give each a name of its own"));
        }
    }
    faults
}

/// Two uploads of one leaf would replace each other for ever.
fn repeated_leaves(reading: &Reading, declarations: &[TlsDeclaration]) -> Vec<Fault> {
    let mut seen: HashMap<[u8; 32], &Value> = HashMap::new();
    let mut faults = Vec::new();
    for declaration in declarations {
        let Some((_, leaf)) = declaration.upload.leaf() else { continue };
        let place = &declaration.certificate;
        if let Some(first) = seen.insert(leaf.sha256(), place) {
            let line = reading.source().location(first.span).line;
            let what = format!("`{}` holds the same leaf as `{}` in line {line}", place.text, first.text);
            faults.push(Fault::new(place.span, what).with_hint("declare each certificate once"));
        }
    }
    faults
}

impl Manifest {
    /// Tells every host which others have the same key.
    fn share_keys(&mut self) {
        let mut holders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for host in &self.ssh_host_certificates {
            if let Some(key) = host.key() {
                holders.entry(key.fingerprint()).or_default().insert(host.name.text.clone());
            }
        }
        for host in &mut self.ssh_host_certificates {
            let others = host.key().and_then(|key| holders.get(&key.fingerprint())).into_iter().flatten();
            let others = others.filter(|name| **name != host.name.text).cloned().collect();
            host.key_holders = others;
        }
    }
}

#[cfg(test)]
mod tests;
