//! Scripts of bash, curl and jq. No secret becomes an argument: files are read by jq, the API key is written to a pipe by the
//! shell itself.

use std::io::{self, Write};

use super::{Declarations, SshHostCertificate, TlsCertificate};

/// Writes a script that creates everything.
///
/// # Errors
/// What `out` answers.
pub fn write_curl(out: &mut dyn Write, declared: &Declarations<'_>) -> io::Result<()> {
    writeln!(out, "#!/usr/bin/env bash")?;
    writeln!(
        out,
        "# Creates what certgate project {} declares, each time it runs. It needs curl and jq.",
        declared.project
    )?;
    out.write_all(START.as_bytes())?;
    declared.tls_certificates.iter().try_for_each(|one| tls_certificate(out, one))?;
    declared.ssh_host_certificates.iter().try_for_each(|one| ssh_host_certificate(out, one))
}

const START: &str = r#"set -euo pipefail

api=${CERTGATE_API_URL:-${NGROK_API_BASE_URL:-https://api.ngrok.com}}
key=${CERTGATE_API_KEY:-${NGROK_API_KEY:?put the API key into CERTGATE_API_KEY}}
# Neither curl nor jq has any use for it.
unset CERTGATE_API_KEY NGROK_API_KEY

# Sends the body on standard input to a collection.
create() {
  curl --silent --show-error --fail-with-body "$api/$1" --data-binary @- \
    --header @<(printf 'Authorization: Bearer %s\n' "$key") \
    --header 'Content-Type: application/json' --header 'Ngrok-Version: 2'
  echo
}
"#;

fn tls_certificate(out: &mut dyn Write, one: &TlsCertificate<'_>) -> io::Result<()> {
    writeln!(out, "\n# tls_certificate.{}", one.name)?;
    writeln!(out, "jq --null-input \\")?;
    writeln!(out, "  --rawfile certificate_pem {} \\", quoted(one.certificate_file))?;
    writeln!(out, "  --rawfile private_key_pem {} \\", quoted(one.private_key_file))?;
    texts(out, one.description, one.metadata)?;
    writeln!(out, "  '$ARGS.named' | create tls_certificates")
}

fn ssh_host_certificate(out: &mut dyn Write, one: &SshHostCertificate<'_>) -> io::Result<()> {
    let principals = serde_json::to_string(&one.principals)?;
    writeln!(out, "\n# ssh_host_certificate.{}", one.name)?;
    writeln!(out, "jq --null-input \\")?;
    writeln!(out, "  --arg ssh_certificate_authority_id {} \\", quoted(one.authority_id))?;
    writeln!(out, "  --rawfile public_key {} \\", quoted(one.public_key_file))?;
    writeln!(out, "  --argjson principals {} \\", quoted(&principals))?;
    texts(out, one.description, one.metadata)?;
    let (backdating, lifetime) = (one.backdating_secs, one.lifetime_secs);
    writeln!(out, "  '$ARGS.named + {{")?;
    writeln!(
        out,
        "    public_key: [$public_key | splits(\"\\r?\\n\") | select(test(\"^\\\\s*(#|$)\") | not)][0],"
    )?;
    writeln!(out, "    valid_after: (now - {backdating} | floor | todate),")?;
    writeln!(out, "    valid_until: (now - {backdating} + {lifetime} | floor | todate)")?;
    writeln!(out, "  }}' | create ssh_host_certificates")
}

fn texts(out: &mut dyn Write, description: &str, metadata: &str) -> io::Result<()> {
    if !description.is_empty() {
        writeln!(out, "  --arg description {} \\", quoted(description))?;
    }
    writeln!(out, "  --arg metadata {} \\", quoted(metadata))
}

/// One word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
