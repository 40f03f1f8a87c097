//! The fields that a filter may ask for.

use std::fmt;

use certgate_store::{ResourceKind, TextField, TimeField};

/// A field of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// What the API calls it.
    pub(super) name: &'static str,
    pub(super) column: Column,
}

/// What the store calls a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Text(TextField),
    Time(TimeField),
}

const fn text(name: &'static str, field: TextField) -> Field {
    Field { name, column: Column::Text(field) }
}

const fn time(name: &'static str, field: TimeField) -> Field {
    Field { name, column: Column::Time(field) }
}

/// Those of TLS certificates. Certificate authorities have all but the last of them, SSH authorities the first four.
const FIELDS: [Field; 8] = [
    text("id", TextField::Id),
    time("created_at", TimeField::CreatedAt),
    text("description", TextField::Description),
    text("metadata", TextField::Metadata),
    text("subject_common_name", TextField::SubjectCommonName),
    time("not_before", TimeField::NotBefore),
    time("not_after", TimeField::NotAfter),
    text("serial_number", TextField::SerialNumber),
];

impl Field {
    /// Those of a kind of resources that may be asked for.
    pub(super) fn of(kind: ResourceKind) -> &'static [Self] {
        let count = match kind {
            ResourceKind::TlsCertificate => FIELDS.len(),
            ResourceKind::CertificateAuthority => FIELDS.len() - 1,
            ResourceKind::SshCertificateAuthority => 4,
            ResourceKind::SshHostCertificate | ResourceKind::SshUserCertificate => 0,
        };
        FIELDS.get(..count).unwrap_or_default()
    }
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "obj.{}", self.name)
    }
}
