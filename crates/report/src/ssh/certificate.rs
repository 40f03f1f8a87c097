//! Host certificates of a ledger: one after the other, however many there are.

use std::io::{self, Write};

use certgate_facts::{SshCertificate, SshCertificateFields, Timestamp};
use serde::Serialize;

use crate::moment::moment;
use crate::printable::printable;

/// A certificate as a ledger knows it.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    /// Its number in the ledger.
    pub number: u64,
    /// The name of the authority.
    pub authority: &'a str,
    /// What it is good for, in a word: `valid`, `revoked`, ….
    pub standing: &'a str,
    /// What it says.
    pub fields: &'a SshCertificateFields,
    /// The certificate; `None` where it is not known to have been signed.
    pub certificate: Option<&'a SshCertificate>,
    /// When its serial was reserved, or when it was imported.
    pub reserved_at: Timestamp,
    /// When it was recorded, imported or given up.
    pub closed_at: Option<Timestamp>,
    /// What revokes it.
    pub revocation: Option<Revocation<'a>>,
}

/// Why and since when a certificate is revoked.
#[derive(Clone, Copy)]
pub struct Revocation<'a> {
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub reason: &'a str,
}

/// A list that is written while it is read: as text, a line for each; as JSON, `version` and an array `certificates` of [`Json`].
pub struct List<'o> {
    out: &'o mut dyn Write,
    is_json: bool,
    count: usize,
}

/// A certificate in JSON; where the API's resource `ssh_host_certificates` has a field for something, it has the same name.
#[derive(Serialize)]
pub struct Json<'a> {
    /// Its number in the ledger.
    pub number: u64,
    /// The name of the authority.
    pub authority: &'a str,
    /// The serial number in decimal: a text, for it may not fit a number of JSON.
    pub serial: String,
    /// What logs and revocation lists know it by.
    pub key_id: String,
    /// `valid`, `not yet valid`, `expired`, `revoked`, `unfinished` or `abandoned`.
    pub status: &'a str,
    /// When its serial was reserved, or when it was imported; RFC 3339 in UTC.
    pub created_at: String,
    /// When it was recorded, imported or given up; `null` while it is unfinished.
    pub closed_at: Option<String>,
    /// The host's public key, as the line of a `.pub` file.
    pub public_key: String,
    /// `ed25519`, `ecdsa` or `rsa`.
    pub key_type: &'static str,
    /// The names and addresses of the host.
    pub principals: Vec<String>,
    /// The first second of validity, RFC 3339 in UTC; `null` for always.
    pub valid_after: Option<String>,
    /// The first second after validity, RFC 3339 in UTC; `null` for forever.
    pub valid_until: Option<String>,
    /// The certificate, as the line of a `-cert.pub` file; `null` where it is not known to have been signed.
    pub certificate: Option<String>,
    /// Since when it is revoked; `null` if it is not.
    pub revoked_at: Option<String>,
    /// Why it is revoked.
    pub revocation_reason: Option<&'a str>,
}

/// The body of a request that has the API issue a certificate for the same key, names and time.
#[derive(Serialize)]
struct ApiRequest<'a> {
    ssh_certificate_authority_id: &'a str,
    public_key: String,
    principals: Vec<String>,
    valid_after: String,
    valid_until: String,
    description: String,
}

impl<'o> List<'o> {
    /// Begins a list.
    ///
    /// # Errors
    /// What `out` answers, here and later.
    pub fn begin(out: &'o mut dyn Write, is_json: bool) -> io::Result<Self> {
        if is_json {
            out.write_all(b"{\"version\": 1, \"certificates\": [")?;
        }
        Ok(Self { out, is_json, count: 0 })
    }

    /// Adds a certificate.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn add(&mut self, entry: &Entry<'_>) -> io::Result<()> {
        self.count += 1;
        if self.is_json {
            let before: &[u8] = if self.count == 1 { b"\n" } else { b",\n" };
            self.out.write_all(before)?;
            return Ok(serde_json::to_writer(&mut *self.out, &Json::of(entry))?);
        }
        let fields = entry.fields;
        let principals: Vec<String> = fields.principals().iter().map(ToString::to_string).collect();
        write!(
            self.out,
            "{} {} {:<13} until {}  {}  {}",
            entry.authority,
            fields.serial(),
            entry.standing,
            end(fields).as_deref().unwrap_or("forever"),
            printable(&fields.key_id().to_string()),
            printable(&principals.join(" ")),
        )?;
        match entry.revocation {
            Some(revocation) => {
                writeln!(self.out, "  revoked {}: {}", revocation.at, printable(revocation.reason))
            }
            None => writeln!(self.out),
        }
    }

    /// Ends the list.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn end(self) -> io::Result<()> {
        match (self.is_json, self.count) {
            (true, 0) => self.out.write_all(b"]}\n"),
            (true, _) => self.out.write_all(b"\n]}\n"),
            (false, 0) => self.out.write_all(b"no certificates\n"),
            (false, _) => Ok(()),
        }
    }
}

impl<'a> Json<'a> {
    /// What is said of a certificate.
    #[must_use]
    pub fn of(entry: &Entry<'a>) -> Self {
        let fields = entry.fields;
        Self {
            number: entry.number,
            authority: entry.authority,
            serial: fields.serial().to_string(),
            key_id: fields.key_id().to_string(),
            status: entry.standing,
            created_at: entry.reserved_at.to_string(),
            closed_at: entry.closed_at.map(|at| at.to_string()),
            public_key: fields.public_key().to_line(""),
            key_type: fields.public_key().kind().family(),
            principals: fields.principals().iter().map(ToString::to_string).collect(),
            valid_after: Some(fields.valid_after()).filter(|after| *after > 0).map(moment),
            valid_until: end(fields),
            certificate: entry.certificate.map(|certificate| certificate.to_line("")),
            revoked_at: entry.revocation.map(|revocation| revocation.at.to_string()),
            revocation_reason: entry.revocation.map(|revocation| revocation.reason),
        }
    }
}

/// The first second after validity; `None` for forever.
fn end(fields: &SshCertificateFields) -> Option<String> {
    Some(fields.valid_before()).filter(|before| *before < u64::MAX).map(moment)
}

/// Writes the body of the request that has the API issue a certificate for the same key, names and time, under one of the API's
/// own authorities; one line. The certificate must have an end: the API knows none without. The key id becomes the description, for the API gives key ids of its own.
///
/// # Errors
/// What `out` answers.
pub fn write_api_request(
    out: &mut dyn Write,
    fields: &SshCertificateFields,
    authority_id: &str,
) -> io::Result<()> {
    let request = ApiRequest {
        ssh_certificate_authority_id: authority_id,
        public_key: fields.public_key().to_line(""),
        principals: fields.principals().iter().map(ToString::to_string).collect(),
        valid_after: moment(fields.valid_after()),
        valid_until: moment(fields.valid_before()),
        description: fields.key_id().to_string(),
    };
    serde_json::to_writer(&mut *out, &request)?;
    writeln!(out)
}
