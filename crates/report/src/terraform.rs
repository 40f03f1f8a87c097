//! What is declared, as a Terraform configuration for the provider `ngrok/ngrok`. No secret is written: private keys are
//! named by their files.

use std::collections::BTreeSet;
use std::io::{self, Write};

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
    /// The id of the authority that signs.
    pub authority_id: &'a str,
}

/// Writes a configuration. What the provider has no resource for is said in comments.
///
/// # Errors
/// What `out` answers.
pub fn write(out: &mut dyn Write, declared: &Declarations<'_>) -> io::Result<()> {
    writeln!(
        out,
        "# What certgate project {} declares. Paths are from the folder of this file.\n",
        declared.project
    )?;
    out.write_all(PROVIDER.as_bytes())?;
    let mut labels = BTreeSet::new();
    for one in declared.tls_certificates {
        writeln!(out, "\nresource \"ngrok_tls_certificate\" \"{}\" {{", label(one.name, &mut labels))?;
        writeln!(out, "  certificate_pem = file({})", path(one.certificate_file))?;
        writeln!(out, "  private_key_pem = file({})", path(one.private_key_file))?;
        if !one.description.is_empty() {
            writeln!(out, "  description     = {}", quoted(one.description))?;
        }
        writeln!(out, "  metadata        = {}\n}}", quoted(one.metadata))?;
    }
    let authorities: BTreeSet<&str> =
        declared.ssh_host_certificates.iter().map(|one| one.authority_id).collect();
    for id in authorities {
        let label = label(id, &mut BTreeSet::new());
        writeln!(out, "\n# It exists, and is taken over as it is.")?;
        writeln!(
            out,
            "import {{\n  to = ngrok_ssh_certificate_authority.{label}\n  id = {}\n}}",
            quoted(id)
        )?;
        writeln!(out, "\nresource \"ngrok_ssh_certificate_authority\" \"{label}\" {{")?;
        writeln!(out, "  lifecycle {{\n    ignore_changes = all\n  }}\n}}")?;
    }
    if !declared.ssh_host_certificates.is_empty() {
        writeln!(
            out,
            "\n# The provider has no resource for SSH host certificates since its version 0.8.0. Not written:"
        )?;
    }
    declared
        .ssh_host_certificates
        .iter()
        .try_for_each(|one| writeln!(out, "#   ssh_host_certificate.{}", one.name))
}

const PROVIDER: &str = "\
terraform {
  required_providers {
    ngrok = {
      source  = \"ngrok/ngrok\"
      version = \">= 0.8.0\"
    }
  }
}
";

/// A name that Terraform takes, and that no other resource has.
fn label(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut label: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' })
        .collect();
    if label.starts_with(|first: char| !first.is_ascii_alphabetic()) {
        label.insert(0, '_');
    }
    let mut unique = label.clone();
    let mut number = 2;
    while !taken.insert(unique.clone()) {
        unique = format!("{label}_{number}");
        number += 1;
    }
    unique
}

/// A path, from the folder of the configuration unless it is absolute.
fn path(path: &str) -> String {
    match path.starts_with('/') {
        true => quoted(path),
        false => format!("\"${{path.module}}/{}", quoted(path).trim_start_matches('"')),
    }
}

/// A literal in which nothing is a template.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for (index, letter) in text.char_indices() {
        let opens = text.get(index + letter.len_utf8()..).is_some_and(|rest| rest.starts_with('{'));
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if opens => quoted.extend([letter, letter]),
            letter if letter.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(letter))),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests;
