//! An SSH user certificate of a cleared request.

use std::collections::BTreeMap;

use certgate_api::{SshUserCertificate, SshUserCertificateCreate};
use certgate_rules::{Field, UserCertificateRequest};

use super::Request;
use super::ssh_fields::{authority_id, is_same_key, is_same_moment, moment, principals, public_key, text};

impl Request for UserCertificateRequest {
    type Resource = SshUserCertificate;

    /// The key id stays here: the API's certificates have the id of the resource in its place.
    fn create(&self) -> Result<SshUserCertificateCreate, &'static str> {
        Ok(SshUserCertificateCreate {
            ssh_certificate_authority_id: authority_id(self)?,
            public_key: public_key(self),
            principals: principals(self),
            critical_options: options(self.critical_options()),
            extensions: options(self.extensions()),
            valid_after: moment(self.valid_after())?,
            valid_until: moment(self.valid_before())?,
            description: text(self.description()),
            metadata: text(self.metadata()),
        })
    }

    /// Extensions that were not asked for are the API's to choose.
    fn is_outcome(create: &SshUserCertificateCreate, resource: &SshUserCertificate) -> bool {
        create.ssh_certificate_authority_id == resource.ssh_certificate_authority_id.to_string()
            && is_same_key(&create.public_key, &resource.public_key)
            && create.principals == resource.principals
            && create.critical_options == resource.critical_options
            && (create.extensions.is_empty() || create.extensions == resource.extensions)
            && is_same_moment(&create.valid_after, resource.valid_after)
            && is_same_moment(&create.valid_until, resource.valid_until)
            && create.description == resource.description
            && create.metadata == resource.metadata
    }
}

fn options(options: &BTreeMap<String, Field>) -> BTreeMap<String, String> {
    options.iter().map(|(name, value)| (name.clone(), value.text().to_owned())).collect()
}
