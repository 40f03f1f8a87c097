//! What is to be created, made a case that can be judged.

use certgate_api::{Resource, TlsCertificateCreate};
use certgate_client::Request;
use certgate_facts::{Reading, Timestamp, hex};
use certgate_rules::{Field, Policy, SshAuthorityRequest, TlsUpload};
use clap::Args;

use super::call::FileField;
use super::issued::Expected;
use crate::cli::api::{AuthorityArguments, TlsCertificateArguments};
use crate::cli::{InputArguments, PassphraseArguments};
use crate::failure::Failure;
use crate::input;

/// The resource that arguments are for.
pub(super) type ResourceOf<C> = <<C as Creation>::Case as Request>::Resource;
/// The body that creates it.
pub(super) type BodyOf<C> = <ResourceOf<C> as Resource>::Create;

/// Description and metadata, as they were given.
pub(super) struct Texts<'a> {
    pub(super) description: &'a str,
    pub(super) metadata: &'a str,
}

/// Arguments that say what is to be created.
pub(super) trait Creation: Args {
    type Case: Request;

    /// The case, which begins at this moment unless another is given.
    fn case(&self, texts: &Texts<'_>, at: Timestamp) -> Result<Self::Case, Failure>;

    /// The policy it is judged by.
    fn policy(&self, policy: Policy) -> Policy {
        policy
    }

    /// The body with what may be seen of a secret in its place.
    fn without_secrets(_: &Self::Case, body: BodyOf<Self>) -> BodyOf<Self> {
        body
    }

    /// The fields of the body that are the contents of files.
    fn files(&self) -> Vec<FileField<'_>> {
        Vec::new()
    }

    /// What the certificate that is to come must say.
    fn expected(_: &BodyOf<Self>) -> Option<Expected> {
        None
    }
}

impl Creation for TlsCertificateArguments {
    type Case = TlsUpload;

    fn case(&self, texts: &Texts<'_>, _: Timestamp) -> Result<TlsUpload, Failure> {
        let slots = InputArguments {
            files: Vec::new(),
            certificate: Some(self.certificate_pem.clone()),
            private_key: Some(self.private_key_pem.clone()),
            passphrases: PassphraseArguments::default(),
        };
        let upload = input::of_fields(&slots)?
            .ok_or_else(|| Failure::input("neither a certificate nor a private key is named"))?;
        Ok(upload.with_description(texts.description).with_metadata(texts.metadata))
    }

    fn without_secrets(case: &TlsUpload, body: BodyOf<Self>) -> BodyOf<Self> {
        without_private_key(case, body)
    }

    fn files(&self) -> Vec<FileField<'_>> {
        vec![("certificate_pem", &self.certificate_pem), ("private_key_pem", &self.private_key_pem)]
    }
}

/// The body with what may be seen of the private key in its place.
pub(in crate::command) fn without_private_key(
    case: &TlsUpload,
    mut body: TlsCertificateCreate,
) -> TlsCertificateCreate {
    let seen = match case.public_key() {
        Some(key) => format!("(private key, SHA256 of its public half {})", hex(&key.spki_sha256())),
        None => "(not shown: no private key that reads)".to_owned(),
    };
    body.private_key_pem = seen.into();
    body.certificate_pem = without_secrets(case.certificate().reading(), body.certificate_pem);
    body
}

/// What was given as a certificate may be anything, a private key too: then line by line what may be seen of it.
fn without_secrets(reading: &Reading, text: String) -> String {
    let source = reading.source();
    let numbers = (1..).take_while(|number| source.line(*number).is_some());
    let seen: Vec<String> =
        numbers.map(|number| reading.line_without_secrets(number).unwrap_or_default()).collect();
    let is_all_seen = seen.iter().map(String::as_str).eq(text.lines());
    if is_all_seen { text } else { seen.join("\n") + "\n" }
}

impl Creation for AuthorityArguments {
    type Case = SshAuthorityRequest;

    fn case(&self, texts: &Texts<'_>, _: Timestamp) -> Result<SshAuthorityRequest, Failure> {
        let mut request = SshAuthorityRequest::new()
            .with_description(field("--description", texts.description)?)
            .with_metadata(field("--metadata", texts.metadata)?);
        if let Some(key_type) = &self.private_key_type {
            request = request.with_private_key_type(field("--private-key-type", key_type)?);
        }
        if let Some(curve) = &self.elliptic_curve {
            request = request.with_elliptic_curve(field("--elliptic-curve", curve)?);
        }
        if let Some(bits) = self.key_size {
            request = request.with_key_size(bits, field("--key-size", &bits.to_string())?);
        }
        Ok(request)
    }
}

/// An argument as a field of a request.
pub(super) fn field(name: &str, text: &str) -> Result<Field, Failure> {
    Field::new(name, text).map_err(|error| Failure::input(format!("{name}: {error}")))
}
