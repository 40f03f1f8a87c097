//! An SSH host certificate of a cleared request.

use certgate_api::{SshHostCertificate, SshHostCertificateCreate};
use certgate_rules::HostCertificateRequest;

use super::Request;
use super::ssh_fields::{authority_id, is_same_key, is_same_moment, moment, principals, public_key, text};

impl Request for HostCertificateRequest {
    type Resource = SshHostCertificate;

    /// The key id stays here: the API's certificates have the id of the resource in its place.
    fn create(&self) -> Result<SshHostCertificateCreate, &'static str> {
        Ok(SshHostCertificateCreate {
            ssh_certificate_authority_id: authority_id(self)?,
            public_key: public_key(self),
            principals: principals(self),
            valid_after: moment(self.valid_after())?,
            valid_until: moment(self.valid_before())?,
            description: text(self.description()),
            metadata: text(self.metadata()),
        })
    }

    fn is_outcome(create: &SshHostCertificateCreate, resource: &SshHostCertificate) -> bool {
        create.ssh_certificate_authority_id == resource.ssh_certificate_authority_id.to_string()
            && is_same_key(&create.public_key, &resource.public_key)
            && create.principals == resource.principals
            && is_same_moment(&create.valid_after, resource.valid_after)
            && is_same_moment(&create.valid_until, resource.valid_until)
            && create.description == resource.description
            && create.metadata == resource.metadata
    }
}
