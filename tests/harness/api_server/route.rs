//! Paths and methods.

/// A collection of resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collection {
    TlsCertificates,
    SshHostCertificates,
    SshCertificateAuthorities,
}

/// What is done with a resource, or with its collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Create,
    List,
    Get(String),
    Update(String),
    Delete(String),
}

impl Collection {
    const ALL: [Self; 3] =
        [Self::TlsCertificates, Self::SshHostCertificates, Self::SshCertificateAuthorities];

    #[track_caller]
    pub(super) fn named(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|collection| collection.name() == name);
        found.unwrap_or_else(|| panic!("there is no collection {name}"))
    }

    /// Its path, without the slash, and the key of its list.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::TlsCertificates => "tls_certificates",
            Self::SshHostCertificates => "ssh_host_certificates",
            Self::SshCertificateAuthorities => "ssh_certificate_authorities",
        }
    }

    /// What its ids begin with, before the underscore.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::TlsCertificates => "cert",
            Self::SshHostCertificates => "shcrt",
            Self::SshCertificateAuthorities => "sshca",
        }
    }

    /// The parameters that its list takes.
    pub(super) const fn list_parameters(self) -> &'static [&'static str] {
        match self {
            Self::SshHostCertificates => &["before_id", "limit"],
            _ => &["before_id", "filter", "limit"],
        }
    }

    /// The fields of a resource, in the order of the wire.
    pub(super) const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::TlsCertificates => &[
                "id",
                "uri",
                "created_at",
                "description",
                "metadata",
                "certificate_pem",
                "subject_common_name",
                "subject_alternative_names",
                "issued_at",
                "not_before",
                "not_after",
                "key_usages",
                "extended_key_usages",
                "private_key_type",
                "issuer_common_name",
                "serial_number",
                "subject_organization",
                "subject_organizational_unit",
                "subject_locality",
                "subject_province",
                "subject_country",
            ],
            Self::SshHostCertificates => &[
                "id",
                "uri",
                "created_at",
                "description",
                "metadata",
                "public_key",
                "key_type",
                "ssh_certificate_authority_id",
                "principals",
                "valid_after",
                "valid_until",
                "certificate",
            ],
            Self::SshCertificateAuthorities => {
                &["id", "uri", "created_at", "description", "metadata", "public_key", "key_type"]
            }
        }
    }

    /// The codes for a description and for metadata that are too long.
    pub(super) const fn length_codes(self) -> [u16; 2] {
        match self {
            Self::TlsCertificates => [1916, 1917],
            Self::SshHostCertificates => [1945, 1946],
            Self::SshCertificateAuthorities => [1937, 1938],
        }
    }
}

/// What a method and a path ask for; nothing for what is not routed.
pub(super) fn of(method: &str, path: &str) -> Option<(Collection, Verb)> {
    let mut parts = path.strip_prefix('/')?.split('/');
    let (name, id) = (parts.next()?, parts.next().map(str::to_owned));
    let collection = Collection::ALL.into_iter().find(|collection| collection.name() == name)?;
    let verb = match (method, id, parts.next()) {
        ("POST", None, None) => Verb::Create,
        ("GET", None, None) => Verb::List,
        ("GET", Some(id), None) => Verb::Get(id),
        ("PATCH", Some(id), None) => Verb::Update(id),
        ("DELETE", Some(id), None) => Verb::Delete(id),
        _ => return None,
    };
    Some((collection, verb))
}
