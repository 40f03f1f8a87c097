//! What is declared, for other tools. No secret is written: private keys are named by their files.

mod curl;
mod terraform;

pub use curl::write_curl;
pub use terraform::write_terraform;

/// What is declared.
pub struct Declarations<'a> {
    /// The project.
    pub project: &'a str,
    /// The TLS certificates, in the order declared.
    pub tls_certificates: &'a [TlsCertificate<'a>],
    /// The SSH host certificates, in the order declared.
    pub ssh_host_certificates: &'a [SshHostCertificate<'a>],
}

/// A TLS certificate that is declared.
pub struct TlsCertificate<'a> {
    /// Its name.
    pub name: &'a str,
    /// The file of the chain.
    pub certificate_file: &'a str,
    /// The file of the private key.
    pub private_key_file: &'a str,
    /// For people; may be empty.
    pub description: &'a str,
    /// For programs, with the marker.
    pub metadata: &'a str,
}

/// An SSH host certificate that is declared.
pub struct SshHostCertificate<'a> {
    /// Its name.
    pub name: &'a str,
    /// The file of the public key.
    pub public_key_file: &'a str,
    /// The id of the authority that signs.
    pub authority_id: &'a str,
    /// The names and addresses.
    pub principals: Vec<&'a str>,
    /// How long it is valid.
    pub lifetime_secs: u64,
    /// How long before it is made its validity begins.
    pub backdating_secs: u64,
    /// For people; may be empty.
    pub description: &'a str,
    /// For programs, with the marker.
    pub metadata: &'a str,
}

#[cfg(test)]
mod tests;
