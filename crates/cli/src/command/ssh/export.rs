//! `certgate ssh export`: certificates out of the ledger, for somebody else.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use certgate_facts::{Reading, Source};
use certgate_report::ssh::certificate;
use certgate_rules::{Field, Finding, HostCertificateRequest, Moment, Policy, TrustAnchors, judge};
use certgate_store::{CertificateRecord, Ledger};

use super::fault;
use super::list::{selected, write};
use crate::cli::{ColorChoice, ExportArguments, ExportAs, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{clock, output, replacement};

/// Writes the certificates that the arguments select.
pub(super) fn run(arguments: &ExportArguments, color: ColorChoice) -> Result<Exit, Failure> {
    refuse_idle(arguments)?;
    let ledger = arguments.state.state()?.ledger()?;
    let mut stdout = output::stdout(color);
    let exit = match arguments.form {
        ExportAs::Json => {
            write(&mut stdout, &ledger, &arguments.selection, Format::Json)?;
            Exit::Clean
        }
        ExportAs::ApiRequest => requests(&mut stdout, &ledger, arguments, color)?,
        ExportAs::Files => files(&ledger, arguments, color)?,
    };
    stdout.flush()?;
    Ok(exit)
}

/// Refuses what the form has no use for: it was meant for another.
fn refuse_idle(arguments: &ExportArguments) -> Result<(), Failure> {
    let idle = [
        (arguments.authority_id.is_some(), ExportAs::ApiRequest, "--authority-id goes with --as api-request"),
        (arguments.out_dir.is_some(), ExportAs::Files, "--out-dir goes with --as files"),
    ];
    match idle.into_iter().find(|(is_given, form, _)| *is_given && *form != arguments.form) {
        Some((_, _, what)) => Err(Failure::input(what)),
        None => Ok(()),
    }
}

/// Writes the bodies of requests; what the API would refuse is told, and not written.
fn requests(
    out: &mut dyn Write,
    ledger: &dyn Ledger,
    arguments: &ExportArguments,
    color: ColorChoice,
) -> Result<Exit, Failure> {
    let id = arguments.authority_id.as_deref().unwrap_or_default();
    let policy = Policy::new(clock::at(arguments.selection.at), TrustAnchors::Mozilla);
    let mut exit = Exit::Clean;
    for record in selected(ledger, &arguments.selection)? {
        let record = record?;
        if record.certificate().is_none() {
            continue;
        }
        let verdict = judge(request(&record, id)?, &policy);
        let is_refused = |finding: &&Finding| finding.api_code().is_some() || is_endless(finding);
        let refused: Vec<Finding> = verdict.findings().iter().filter(is_refused).cloned().collect();
        let why = match (record.revocation(), verdict.api_code()) {
            (Some(_), _) => "it is revoked".to_owned(),
            (None, Some(code)) => format!("the API refuses it ({code})"),
            (None, None) if refused.is_empty() => {
                certificate::write_api_request(out, record.fields(), id)?;
                continue;
            }
            (None, None) => "the API has none without an end".to_owned(),
        };
        let mut stderr = output::stderr(color);
        certgate_report::text::write_findings(&mut stderr, &refused, output::has_color(color))?;
        writeln!(stderr, "serial {}: not written, for {why}", record.fields().serial())?;
        exit = Exit::Findings;
    }
    Ok(exit)
}

/// Whether a certificate has no end that could be said.
fn is_endless(finding: &Finding) -> bool {
    finding.rule().name() == "lifetime-forever"
}

/// The request for the same key, names and time.
fn request(record: &CertificateRecord, authority_id: &str) -> Result<HostCertificateRequest, Failure> {
    let fields = record.fields();
    let field = |name: &str, text: String| Field::new(name, text).map_err(fault);
    let key =
        Source::from_bytes("public_key", fields.public_key().to_line("").into_bytes()).map_err(fault)?;
    let principals: Result<Vec<Field>, Failure> =
        fields.principals().iter().map(|name| field("principals", name.to_string())).collect();
    Ok(HostCertificateRequest::new(
        Arc::new(Reading::of(key)),
        field("description", fields.key_id().to_string())?,
        principals?,
        Moment::at(fields.valid_after()),
        Moment::at(fields.valid_before()),
    )
    .with_authority_id(field("--authority-id", authority_id.to_owned())?)
    .with_description(field("description", fields.key_id().to_string())?))
}

/// Writes a file for each certificate.
fn files(ledger: &dyn Ledger, arguments: &ExportArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let folder = arguments.out_dir.as_deref().unwrap_or_else(|| Path::new("."));
    let mut written = 0_usize;
    for record in selected(ledger, &arguments.selection)? {
        let record = record?;
        let Some(certificate) = record.certificate() else { continue };
        // Key ids may be anything; these are fit for a name, and no other certificate has all of them.
        let name = match record.fields().serial() {
            0 => format!("{}-0-{}-cert.pub", record.authority_name(), record.id().number()),
            serial => format!("{}-{serial}-cert.pub", record.authority_name()),
        };
        let line = certificate.to_line("") + "\n";
        replacement::write(&folder.join(name), line.as_bytes())?;
        written += 1;
    }
    writeln!(output::stderr(color), "{written} certificates written to `{}`", folder.display())?;
    Ok(Exit::Clean)
}
