//! What one declaration says.

use std::path::PathBuf;
use std::sync::Arc;

use certgate_client::plan::Marker;
use certgate_facts::{Reading, SshContent, SshPublicKey, Timestamp};
use certgate_rules::{
    Field, Fraction, HostCertificateRequest, Moment, SSH_BACKDATING_SECS_DEFAULT, SSH_LIFETIME_SECS_DEFAULT,
    Slot, TlsUpload,
};

use super::{Surroundings, hostname, metadata};
use crate::handwritten::{Fault, Table, Value};
use crate::input;
use crate::lifetime::Lifetime;

pub(crate) const KEYS_OF_TLS: [&str; 6] =
    ["name", "certificate", "private_key", "description", "metadata", "hostnames"];
pub(crate) const KEYS_OF_HOST: [&str; 8] =
    ["name", "public_key", "principals", "ca", "lifetime", "renew", "description", "metadata"];

/// How much of a host certificate's lifetime is left when it is renewed, where nothing else is said.
const RENEW: &str = "0.33";

/// A TLS certificate that should exist.
pub(crate) struct TlsDeclaration {
    /// What it is called.
    pub(crate) name: Value,
    /// The file of the chain, as it is written.
    pub(crate) certificate: Value,
    /// The file of the chain.
    pub(crate) certificate_file: PathBuf,
    /// The file of the leaf's private key.
    pub(crate) private_key_file: PathBuf,
    /// What would be sent.
    pub(crate) upload: TlsUpload,
}

/// An SSH host certificate that should exist.
pub(crate) struct HostDeclaration {
    /// What it is called.
    pub(crate) name: Value,
    /// How long it is to be valid.
    pub(crate) lifetime: Lifetime,
    /// A new one is due when no more than this part of the lifetime is left.
    pub(crate) renew: Fraction,
    /// The other declarations with the same key.
    pub(super) key_holders: Vec<String>,
    key_id: Field,
    public_key: Arc<Reading>,
    principals: Vec<Field>,
    ca: Field,
    description: Option<Field>,
    metadata: Field,
}

impl TlsDeclaration {
    pub(super) fn of(table: &Table<'_, '_>, surroundings: &Surroundings<'_>) -> Result<Self, Vec<Fault>> {
        let one = |fault| vec![fault];
        let what = "a TLS certificate";
        let (name, marker) = surroundings.name(table, what).map_err(one)?;
        let certificate = table.required_text("certificate", what).map_err(one)?;
        let private_key = table.required_text("private_key", what).map_err(one)?;
        let description = table.text("description").map_err(one)?;
        let hostnames = table.texts("hostnames").map_err(one)?;
        let metadata = metadata::of(table, &marker).map_err(one)?;
        let read = |value: &Value| surroundings.read(value);
        let (chain, key) = match (read(&certificate), read(&private_key)) {
            (Ok(chain), Ok(key)) => (chain, key),
            (chain, key) => return Err(chain.err().into_iter().chain(key.err()).collect()),
        };
        let upload = TlsUpload::new(Slot::whole(chain), Slot::whole(key))
            .with_description(description.map(|value| value.text).unwrap_or_default())
            .with_metadata(metadata.text);
        let uncovered = hostname::uncovered(&hostnames, &upload);
        if !uncovered.is_empty() {
            return Err(uncovered);
        }
        Ok(Self {
            certificate_file: surroundings.folder.join(&certificate.text),
            private_key_file: surroundings.folder.join(&private_key.text),
            name,
            certificate,
            upload,
        })
    }
}

impl HostDeclaration {
    pub(super) fn of(table: &Table<'_, '_>, surroundings: &Surroundings<'_>) -> Result<Self, Vec<Fault>> {
        Self::read(table, surroundings).map_err(|fault| vec![fault])
    }

    fn read(table: &Table<'_, '_>, surroundings: &Surroundings<'_>) -> Result<Self, Fault> {
        let what = "an SSH host certificate";
        let (name, marker) = surroundings.name(table, what)?;
        let public_key = table.required_text("public_key", what)?;
        let ca = table.required_text("ca", what).map_err(|fault| {
            fault.with_hint("`certgate api ssh-certificate-authorities list` shows their ids: sshca_…")
        })?;
        let lifetime = table.text("lifetime")?.map(|value| value.parsed()).transpose()?;
        let field = |value: &Value| surroundings.field(value);
        Ok(Self {
            lifetime: lifetime.unwrap_or_else(|| Lifetime::of_secs(SSH_LIFETIME_SECS_DEFAULT)),
            renew: renew(table)?,
            key_holders: Vec::new(),
            key_id: field(&name),
            public_key: surroundings.read(&public_key)?,
            principals: table.texts("principals")?.iter().map(field).collect(),
            ca: field(&ca),
            description: table.text("description")?.as_ref().map(field),
            metadata: field(&metadata::of(table, &marker)?),
            name,
        })
    }

    /// What would be asked for at a moment. The key id is the API's choice: to findings it is the name.
    pub(crate) fn request(&self, at: Timestamp) -> HostCertificateRequest {
        let now = u64::try_from(at.unix_secs()).unwrap_or(0);
        let valid_after = now.saturating_sub(SSH_BACKDATING_SECS_DEFAULT);
        let request = HostCertificateRequest::new(
            Arc::clone(&self.public_key),
            self.key_id.clone(),
            self.principals.clone(),
            Moment::at(valid_after),
            Moment::at(valid_after.saturating_add(self.lifetime.secs())),
        );
        let request = request
            .with_authority_id(self.ca.clone())
            .with_metadata(self.metadata.clone())
            .with_key_holders(self.key_holders.clone());
        match &self.description {
            Some(description) => request.with_description(description.clone()),
            None => request,
        }
    }

    /// The key to certify, where it reads.
    pub(super) fn key(&self) -> Option<&SshPublicKey> {
        match &self.public_key.ssh_lines().first()?.content {
            SshContent::PublicKey(key) => Some(key),
            _ => None,
        }
    }
}

impl Surroundings<'_> {
    /// The name of a declaration, and the marker it gives.
    fn name(&self, table: &Table<'_, '_>, what: &str) -> Result<(Value, Marker), Fault> {
        let name = table.required_text("name", what)?;
        match Marker::new(self.project, &name.text) {
            Ok(marker) => Ok((name, marker)),
            Err(error) => Err(Fault::new(name.span, format!("name: {error}"))),
        }
    }

    fn read(&self, path: &Value) -> Result<Arc<Reading>, Fault> {
        if path.text.is_empty() || path.text == "-" {
            return Err(Fault::new(path.span, format!("`{}` is no file", path.text))
                .with_hint("name a file, from the folder of the manifest"));
        }
        input::read(&self.folder.join(&path.text)).map_err(|failure| {
            Fault::new(path.span, failure.in_one_line())
                .with_hint("paths are from the folder of the manifest")
        })
    }

    fn field(&self, value: &Value) -> Field {
        Field::within(Arc::clone(self.reading), value.span, value.text.clone())
    }
}

/// What is left when a new one is due.
fn renew(table: &Table<'_, '_>) -> Result<Fraction, Fault> {
    let given = table.fraction("renew")?;
    given.unwrap_or_else(|| Value { text: RENEW.to_owned(), span: table.span() }).parsed()
}
