//! What should exist, and what sets a resource apart from it.

use certgate_api::{Resource, SshHostCertificate, TlsCertificate};
use certgate_facts::{Certificate, Entry, Reading, Source, SshPublicKey, Timestamp, hex};
use certgate_rules::{Field, HostCertificateRequest, TlsUpload};

/// How much of a fingerprint is shown, in bytes.
const FINGERPRINT_BYTES_SHOWN: usize = 6;

/// Something that should exist. Sealed.
pub trait Declaration: sealed::Sealed {
    /// What it is to be, at the API.
    type Resource: Resource;

    /// The name it is declared under.
    fn name(&self) -> &str;

    /// The description it should have.
    fn description(&self) -> &str;

    /// The metadata it should have, the marker included.
    fn metadata(&self) -> &str;

    /// What it is, in a few words.
    fn summary(&self) -> String;

    /// What sets a resource apart from it, description and metadata aside, at the moment `at`: lower case, the fact first.
    /// Nothing where it is what is declared.
    fn differences(&self, held: &Self::Resource, at: Timestamp) -> Vec<String>;
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else may name it")]
    pub trait Sealed {}
    impl Sealed for super::DeclaredHost {}
    impl Sealed for super::DeclaredTls {}
}

/// A TLS certificate that should exist.
pub struct DeclaredTls {
    name: String,
    description: String,
    metadata: String,
    chain: Vec<Link>,
    first_name: String,
}

/// An SSH host certificate that should exist.
pub struct DeclaredHost {
    name: String,
    description: String,
    metadata: String,
    /// The encoding that all of one key have in common; nothing where the key does not read.
    key: Vec<u8>,
    authority_id: String,
    principals: Vec<String>,
    lifetime_secs: u64,
    renewed_with_secs_left: u64,
}

/// A certificate of a chain.
#[derive(PartialEq, Eq)]
struct Link {
    sha256: [u8; 32],
    not_after: Timestamp,
}

impl Link {
    fn of(certificate: &Certificate) -> Self {
        Self { sha256: certificate.sha256(), not_after: certificate.not_after() }
    }

    fn shown(&self) -> String {
        let start = self.sha256.get(..FINGERPRINT_BYTES_SHOWN).unwrap_or_default();
        format!("{}… until {}", hex(start), self.not_after)
    }
}

impl DeclaredTls {
    /// What an upload would become.
    #[must_use]
    pub fn of(name: impl Into<String>, upload: &TlsUpload) -> Self {
        let names = |leaf: &Certificate| {
            let first = leaf.dns_names().next().map(str::to_owned);
            first.or_else(|| leaf.ip_addresses().next().map(|address| address.to_string()))
        };
        let leaf = upload.leaf().map(|(_, leaf)| leaf);
        Self {
            name: name.into(),
            description: upload.description().to_owned(),
            metadata: upload.metadata().to_owned(),
            chain: upload.certificates().map(|(_, certificate)| Link::of(certificate)).collect(),
            first_name: leaf
                .and_then(|leaf| names(leaf).or_else(|| Some(leaf.subject().title())))
                .unwrap_or_default(),
        }
    }
}

impl Declaration for DeclaredTls {
    type Resource = TlsCertificate;

    fn name(&self) -> &str {
        &self.name
    }

    fn description(&self) -> &str {
        &self.description
    }

    fn metadata(&self) -> &str {
        &self.metadata
    }

    fn summary(&self) -> String {
        let leaf = self.chain.first().map(Link::shown).unwrap_or_default();
        format!("{}, {leaf}", self.first_name)
    }

    fn differences(&self, held: &TlsCertificate, _at: Timestamp) -> Vec<String> {
        let source = Source::from_bytes("certificate_pem", held.certificate_pem.as_bytes().to_vec());
        let reading = source.map(Reading::of);
        let entries = reading.iter().flat_map(Reading::entries);
        let chain: Vec<Link> = entries.filter_map(Entry::certificate).map(Link::of).collect();
        let difference = match (self.chain.first(), chain.first()) {
            _ if self.chain == chain => return Vec::new(),
            (Some(wanted), Some(found)) if wanted != found => {
                format!("another leaf: {}, held {}", wanted.shown(), found.shown())
            }
            (_, None) => "the certificate that is held does not read".to_owned(),
            _ if self.chain.len() == chain.len() => "another certificate behind the same leaf".to_owned(),
            _ => format!("a chain of {}, held one of {}", self.chain.len(), chain.len()),
        };
        vec![difference]
    }
}

impl DeclaredHost {
    /// What a request would become; it is renewed when no more than `renewed_with_secs_left` of its time are left.
    #[must_use]
    pub fn of(
        name: impl Into<String>,
        request: &HostCertificateRequest,
        renewed_with_secs_left: u64,
    ) -> Self {
        let text = |field: Option<&Field>| field.map(Field::text).unwrap_or_default().to_owned();
        Self {
            name: name.into(),
            description: text(request.description()),
            metadata: text(request.metadata()),
            key: request.public_key().map(|key| key.canonical_blob().into_owned()).unwrap_or_default(),
            authority_id: text(request.authority_id()),
            principals: request.principals().iter().map(|name| name.text().to_owned()).collect(),
            lifetime_secs: request.validity().map_or(0, |validity| validity.lifetime_secs()),
            renewed_with_secs_left,
        }
    }
}

impl Declaration for DeclaredHost {
    type Resource = SshHostCertificate;

    fn name(&self) -> &str {
        &self.name
    }

    fn description(&self) -> &str {
        &self.description
    }

    fn metadata(&self) -> &str {
        &self.metadata
    }

    fn summary(&self) -> String {
        self.principals.join(" ")
    }

    fn differences(&self, held: &SshHostCertificate, at: Timestamp) -> Vec<String> {
        let mut found = Vec::new();
        let key = SshPublicKey::read(&held.public_key).map(|key| key.canonical_blob().into_owned());
        if key.as_ref() != Ok(&self.key) {
            found.push("another key".to_owned());
        }
        let authority = held.ssh_certificate_authority_id.to_string();
        if authority != self.authority_id {
            found.push(format!("the authority changes from {authority} to {}", self.authority_id));
        }
        if held.principals != self.principals {
            found.push(changed(&held.principals, &self.principals));
        }
        let (begins, ends) = (held.valid_after.unix_secs(), held.valid_until.unix_secs());
        if u64::try_from(ends.saturating_sub(begins)) != Ok(self.lifetime_secs) {
            found.push("its lifetime changes".to_owned());
        }
        let left = u64::try_from(ends.saturating_sub(at.unix_secs())).unwrap_or(0);
        if left <= self.renewed_with_secs_left {
            let verb = if left == 0 { "ended" } else { "ends" };
            found.push(format!("it is due: it {verb} {}", held.valid_until));
        }
        found
    }
}

/// Which principals come and which go.
fn changed(held: &[String], wanted: &[String]) -> String {
    let come = wanted.iter().filter(|name| !held.contains(name)).map(|name| format!("+{name}"));
    let go = held.iter().filter(|name| !wanted.contains(name)).map(|name| format!("-{name}"));
    let changes: Vec<String> = come.chain(go).collect();
    match changes.as_slice() {
        [] => "the principals change their order".to_owned(),
        changes => format!("the principals change: {}", changes.join(" ")),
    }
}
