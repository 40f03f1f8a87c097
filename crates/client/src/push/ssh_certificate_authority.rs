//! An SSH authority of a cleared request.

use certgate_api::{SshCertificateAuthority, SshCertificateAuthorityCreate};
use certgate_rules::{Field, SshAuthorityRequest};

use super::Request;

impl Request for SshAuthorityRequest {
    type Resource = SshCertificateAuthority;

    fn create(&self) -> Result<SshCertificateAuthorityCreate, &'static str> {
        let text = |field: Option<&Field>| field.map(Field::text).unwrap_or_default().to_owned();
        let bits = self.key_size().map_or(0, |(bits, _)| bits);
        Ok(SshCertificateAuthorityCreate {
            description: text(self.description()),
            metadata: text(self.metadata()),
            private_key_type: text(self.private_key_type()),
            elliptic_curve: text(self.elliptic_curve()),
            key_size: bits,
        })
    }

    /// Size and curve do not stand in the resource; what there is must agree.
    fn is_outcome(create: &SshCertificateAuthorityCreate, resource: &SshCertificateAuthority) -> bool {
        (create.private_key_type.is_empty() || create.private_key_type == resource.key_type)
            && create.description == resource.description
            && create.metadata == resource.metadata
    }
}
