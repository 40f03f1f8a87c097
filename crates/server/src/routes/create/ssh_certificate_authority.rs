//! `POST /ssh_certificate_authorities`.

use std::sync::Arc;

use certgate_api::{SshCertificateAuthority, SshCertificateAuthorityCreate};
use certgate_rules::SshAuthorityRequest;
use certgate_sign::{Authority, AuthorityKeyType, Signer as _};
use certgate_store::{NewResource, ResourceFacts, ResourceKind, ResourceRecord};

use super::gate;
use crate::call::Call;
use crate::fields::Shape;
use crate::problem::Refusal;
use crate::served::Served;
use crate::shown::kept;

impl Served for SshCertificateAuthority {
    const KIND: ResourceKind = ResourceKind::SshCertificateAuthority;
    const FIELDS: &'static [(&'static str, Shape)] = &[
        ("description", Shape::Text),
        ("metadata", Shape::Text),
        ("private_key_type", Shape::Text),
        ("elliptic_curve", Shape::Text),
        ("key_size", Shape::Number),
    ];
    const TOO_LONG: [u16; 2] = [1937, 1938];

    async fn create(call: &Call, create: SshCertificateAuthorityCreate) -> Result<ResourceRecord, Refusal> {
        let key_type = cleared_key_type(call, &create)?;
        let place = match key_type {
            AuthorityKeyType::Rsa2048 | AuthorityKeyType::Rsa3072 | AuthorityKeyType::Rsa4096 => {
                Some(Arc::clone(&call.shared.key_makers).acquire_owned().await.map_err(Refusal::fault)?)
            }
            _ => None,
        };
        let mut dice = call.shared.dice.clone();
        let making = move || {
            // Whoever asked may be gone by the end; the place is taken until then.
            let _place = place;
            Authority::create(key_type, &mut dice)
        };
        let made = tokio::task::spawn_blocking(making).await;
        let authority = made.map_err(Refusal::fault)?.map_err(Refusal::fault)?;
        let resource = Self {
            id: call.new_id()?,
            uri: String::new(),
            created_at: call.wire_time()?,
            description: String::new(),
            metadata: String::new(),
            public_key: authority.public_key().to_line("").trim_end().to_owned(),
            key_type: authority.public_key().kind().family().to_owned(),
        };
        let id = resource.id.to_string();
        let file = authority.to_openssh_without_encryption(&id).map_err(Refusal::fault)?;
        let sealed = call.shared.master.seal(&id, file.as_bytes(), &mut call.shared.dice.clone())?;
        let new = NewResource {
            kind: Self::KIND,
            id: id.parse()?,
            authority: None,
            description: create.description,
            metadata: create.metadata,
            facts: ResourceFacts::default(),
            content: kept(&resource).map_err(Refusal::fault)?,
            secret: Some(sealed),
        };
        Ok(call.shared.store.create_authority(new, authority.public_key().clone(), call.at).await?)
    }
}

/// The type of key that is asked for, Ed25519 if none is.
fn cleared_key_type(
    call: &Call,
    create: &SshCertificateAuthorityCreate,
) -> Result<AuthorityKeyType, Refusal> {
    let request = SshAuthorityRequest::new()
        .with_private_key_type(gate::field("private_key_type", &create.private_key_type)?)
        .with_elliptic_curve(gate::field("elliptic_curve", &create.elliptic_curve)?)
        .with_key_size(create.key_size, gate::field("key_size", &create.key_size.to_string())?)
        .with_description(gate::field("description", &create.description)?)
        .with_metadata(gate::field("metadata", &create.metadata)?);
    gate::clear(request, call.at)?.spend();
    match (create.private_key_type.as_str(), create.elliptic_curve.as_str(), create.key_size) {
        ("" | "ed25519", ..) => Ok(AuthorityKeyType::Ed25519),
        ("ecdsa", "" | "p256", _) => Ok(AuthorityKeyType::EcdsaP256),
        ("ecdsa", "p384", _) => Ok(AuthorityKeyType::EcdsaP384),
        ("ecdsa", "p521", _) => Ok(AuthorityKeyType::EcdsaP521),
        ("rsa", _, 0 | 4096) => Ok(AuthorityKeyType::Rsa4096),
        ("rsa", _, 2048) => Ok(AuthorityKeyType::Rsa2048),
        _ => Err(Refusal::fault("cleared with a key type that is not known")),
    }
}
