//! `certgate export`: what a manifest declares, for other tools.

use std::io::Write;

use certgate_api::{Create, Resource};
use certgate_client::plan::Declaration;
use certgate_client::{Call, Request};
use certgate_facts::hex;
use certgate_report::export::{
    Declarations, SshHostCertificate, TlsCertificate, write_curl, write_terraform,
};
use certgate_rules::{Field, HostCertificateRequest, SSH_BACKDATING_SECS_DEFAULT, TlsUpload};
use zeroize::Zeroizing;

use super::plan::{Judgement, judge_all, policy_of, tell_refused};
use crate::cli::{ColorChoice, DeclaredArguments, ExportCommand, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::manifest::{self, Files};
use crate::{output, policy};

/// Judges, and writes what passed.
pub(crate) fn run(command: &ExportCommand, color: ColorChoice) -> Result<Exit, Failure> {
    let arguments = match command {
        ExportCommand::Terraform(declared) | ExportCommand::Curl(declared) => declared,
        ExportCommand::Json(arguments) => &arguments.declared,
    };
    let (judgement, files) = match judged(arguments, color)? {
        Ok(passed) => passed,
        Err(exit) => return Ok(exit),
    };
    let mut stdout = output::stdout(color);
    match command {
        ExportCommand::Terraform(_) => {
            with_declarations(&judgement, &files, |declared| write_terraform(&mut stdout, declared))?;
            let left_out = judgement.hosts.declared.len();
            if left_out > 0 {
                let what = "the Terraform provider has no resource for SSH host certificates since its version 0.8.0";
                writeln!(output::stderr(color), "{left_out} not written: {what}")?;
            }
        }
        ExportCommand::Curl(_) => {
            with_declarations(&judgement, &files, |declared| write_curl(&mut stdout, declared))?;
        }
        ExportCommand::Json(arguments) => write_bodies(&mut stdout, &judgement, arguments.with_private_keys)?,
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

/// What is declared and passed, with its files; or the exit of what did not pass.
fn judged(
    arguments: &DeclaredArguments,
    color: ColorChoice,
) -> Result<Result<(Judgement, Files), Exit>, Failure> {
    let manifest = manifest::read(&arguments.manifest)?;
    let policy = policy_of(&manifest, policy::of(&arguments.levels, None)?);
    let files = manifest.files();
    match judge_all(manifest, &policy) {
        Ok(judgement) => Ok(Ok((judgement, files))),
        Err(refused) => tell_refused(&refused, &policy, Format::Text, color).map(Err),
    }
}

fn with_declarations<T>(
    judgement: &Judgement,
    files: &Files,
    write: impl FnOnce(&Declarations<'_>) -> std::io::Result<T>,
) -> Result<T, Failure> {
    let (tls, hosts) = (&judgement.tls, &judgement.hosts);
    let tls =
        tls.declared.iter().zip(&files.tls_certificates).map(|(declared, (chain, key))| TlsCertificate {
            name: declared.name(),
            certificate_file: chain,
            private_key_file: key,
            description: declared.description(),
            metadata: declared.metadata(),
        });
    let each = hosts.declared.iter().zip(&hosts.cleared).zip(&files.public_keys);
    let hosts = each.map(|((declared, cleared), public_key)| {
        let request = cleared.case();
        SshHostCertificate {
            name: declared.name(),
            public_key_file: public_key,
            authority_id: request.authority_id().map(Field::text).unwrap_or_default(),
            principals: request.principals().iter().map(Field::text).collect(),
            lifetime_secs: request.validity().map_or(0, |validity| validity.lifetime_secs()),
            backdating_secs: SSH_BACKDATING_SECS_DEFAULT,
            description: declared.description(),
            metadata: declared.metadata(),
        }
    });
    let declarations = Declarations {
        project: &judgement.project,
        tls_certificates: &tls.collect::<Vec<_>>(),
        ssh_host_certificates: &hosts.collect::<Vec<_>>(),
    };
    Ok(write(&declarations)?)
}

/// Writes a request a line: method, path, body.
fn write_bodies(out: &mut dyn Write, judgement: &Judgement, with_keys: bool) -> Result<(), Failure> {
    for cleared in &judgement.tls.cleared {
        let upload = cleared.case();
        let mut create = upload.create().map_err(Failure::input)?;
        if !with_keys {
            let key = upload.public_key().map(|key| hex(&key.spki_sha256())).unwrap_or_default();
            create.private_key_pem = Zeroizing::new(format!("(private key of spki sha256 {key})"));
        }
        write_request::<TlsUpload>(out, &create)?;
    }
    for cleared in &judgement.hosts.cleared {
        let create = cleared.case().create().map_err(Failure::input)?;
        write_request::<HostCertificateRequest>(out, &create)?;
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
