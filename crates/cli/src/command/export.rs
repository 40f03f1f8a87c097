//! `certgate export`: what a manifest declares, for other tools.

use std::io::Write;
use std::path::Path;

use certgate_api::{Create, Resource};
use certgate_client::plan::Declaration;
use certgate_client::{Call, Request};
use certgate_report::terraform::{self, Declarations, SshHostCertificate, TlsCertificate};
use certgate_rules::{Field, HostCertificateRequest, TlsUpload};

use super::api::call::{self, FileField};
use super::api::case::without_private_key;
use super::plan::{Judgement, declared_by, judge_all, tell_refused};
use crate::cli::{ApiArguments, ColorChoice, DeclaredArguments, ExportCommand, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// The chain and the private key of each TLS certificate, in the order declared: paths from the current folder.
type Files = Vec<(String, String)>;

/// What curl's script begins with.
const SCRIPT: &str = "\
#!/usr/bin/env bash
# Creates what a certgate project declares, each time it runs. The validity of host certificates began when this was written.
set -euo pipefail
";

/// Judges, and writes what passed.
pub(crate) fn run(command: &ExportCommand, color: ColorChoice) -> Result<Exit, Failure> {
    let arguments = match command {
        ExportCommand::Terraform(declared) => declared,
        ExportCommand::Curl(arguments) => &arguments.declared,
        ExportCommand::Json(arguments) => &arguments.declared,
    };
    let (judgement, files) = match judged(arguments, color)? {
        Ok(passed) => passed,
        Err(exit) => return Ok(exit),
    };
    let mut stdout = output::stdout(color);
    match command {
        ExportCommand::Terraform(_) => {
            write_terraform(&mut stdout, &judgement, &files)?;
            let left_out = judgement.hosts.declared.len();
            if left_out > 0 {
                let what = "the Terraform provider has no resource for SSH host certificates since its version 0.8.0";
                writeln!(output::stderr(color), "{left_out} not written: {what}")?;
            }
        }
        ExportCommand::Curl(arguments) => write_curl(&mut stdout, &judgement, &files, &arguments.api)?,
        ExportCommand::Json(arguments) => {
            write_bodies(&mut stdout, &judgement, arguments.with_private_keys)?;
        }
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

/// What is declared and passed, with its files; or the exit of what did not pass.
fn judged(
    arguments: &DeclaredArguments,
    color: ColorChoice,
) -> Result<Result<(Judgement, Files), Exit>, Failure> {
    let (manifest, policy) = declared_by(arguments, None)?;
    let shown = |path: &Path| path.display().to_string();
    let files = manifest.tls_certificates.iter();
    let files = files.map(|one| (shown(&one.certificate_file), shown(&one.private_key_file))).collect();
    match judge_all(manifest, &policy) {
        Ok(judgement) => Ok(Ok((judgement, files))),
        Err(refused) => tell_refused(&refused, &policy, Format::Text, color).map(Err),
    }
}

fn write_terraform(out: &mut dyn Write, judgement: &Judgement, files: &Files) -> Result<(), Failure> {
    let (tls, hosts) = (&judgement.tls, &judgement.hosts);
    let tls = tls.declared.iter().zip(files).map(|(declared, (chain, key))| TlsCertificate {
        name: declared.name(),
        certificate_file: chain,
        private_key_file: key,
        description: declared.description(),
        metadata: declared.metadata(),
    });
    let hosts = hosts.declared.iter().zip(&hosts.cleared).map(|(declared, cleared)| SshHostCertificate {
        name: declared.name(),
        authority_id: cleared.case().authority_id().map(Field::text).unwrap_or_default(),
    });
    let declarations = Declarations {
        project: &judgement.project,
        tls_certificates: &tls.collect::<Vec<_>>(),
        ssh_host_certificates: &hosts.collect::<Vec<_>>(),
    };
    Ok(terraform::write(out, &declarations)?)
}

/// Writes a command for each declaration. The calls hold no secret.
fn write_curl(
    out: &mut dyn Write,
    judgement: &Judgement,
    files: &Files,
    api: &ApiArguments,
) -> Result<(), Failure> {
    out.write_all(SCRIPT.as_bytes())?;
    let (tls, hosts) = (&judgement.tls, &judgement.hosts);
    for ((declared, cleared), (chain, key)) in tls.declared.iter().zip(&tls.cleared).zip(files) {
        let files: [FileField<'_>; 2] =
            [("certificate_pem", Path::new(chain)), ("private_key_pem", Path::new(key))];
        let call = Call::create::<certgate_api::TlsCertificate>(&without_key(cleared.case())?);
        let command = call::command(api, &call, &files)?;
        write!(out, "\n# tls_certificate.{}\n{command}", declared.name())?;
    }
    for (declared, cleared) in hosts.declared.iter().zip(&hosts.cleared) {
        let body = cleared.case().create().map_err(Failure::input)?;
        let command = call::command(api, &Call::create::<certgate_api::SshHostCertificate>(&body), &[])?;
        write!(out, "\n# ssh_host_certificate.{}\n{command}", declared.name())?;
    }
    Ok(())
}

fn without_key(upload: &TlsUpload) -> Result<certgate_api::TlsCertificateCreate, Failure> {
    Ok(without_private_key(upload, upload.create().map_err(Failure::input)?))
}

/// Writes a request a line: method, path, body.
fn write_bodies(out: &mut dyn Write, judgement: &Judgement, with_keys: bool) -> Result<(), Failure> {
    for cleared in &judgement.tls.cleared {
        let upload = cleared.case();
        let body = match with_keys {
            true => upload.create().map_err(Failure::input)?,
            false => without_key(upload)?,
        };
        write_request::<TlsUpload>(out, &body)?;
    }
    for cleared in &judgement.hosts.cleared {
        write_request::<HostCertificateRequest>(out, &cleared.case().create().map_err(Failure::input)?)?;
    }
    Ok(())
}

fn write_request<C: Request>(
    out: &mut dyn Write,
    create: &<C::Resource as Resource>::Create,
) -> Result<(), Failure> {
    let call = Call::create::<C::Resource>(create);
    write!(out, "{{\"method\":\"{}\",\"path\":\"{}\",\"body\":", call.route().method(), call.target())?;
    out.write_all(create.to_body().bytes())?;
    Ok(out.write_all(b"}\n")?)
}
