//! Every declaration judged, before anything is asked or sent.

use std::io::Write;

use certgate_client::plan::{Declaration, DeclaredHost, DeclaredTls};
use certgate_facts::Timestamp;
use certgate_report::{Judged, json, text};
use certgate_rules::{Case, Cleared, Finding, HostCertificateRequest, Policy, TlsUpload, Verdict, judge};

use crate::cli::{ColorChoice, DeclaredArguments, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::manifest::{self, Manifest};
use crate::{config, output};

/// Declarations whose findings are told; a longer list tells nobody more.
const TOLD_MAX: usize = 20;

/// A manifest that passed.
pub(crate) struct Judgement {
    pub(crate) project: String,
    /// As of when.
    pub(crate) at: Timestamp,
    pub(crate) tls: Passed<TlsUpload, DeclaredTls>,
    pub(crate) hosts: Passed<HostCertificateRequest, DeclaredHost>,
}

/// The declarations of a kind, all of which passed; one place for each in every list.
pub(crate) struct Passed<C, D> {
    pub(crate) declared: Vec<D>,
    pub(crate) cleared: Vec<Cleared<C>>,
    pub(crate) findings: Vec<Vec<Finding>>,
}

/// What may be sent: one for each declaration, kind by kind.
pub(crate) struct AllCleared {
    pub(crate) tls: Vec<Cleared<TlsUpload>>,
    pub(crate) hosts: Vec<Cleared<HostCertificateRequest>>,
}

impl Judgement {
    /// How many declarations there are.
    pub(crate) fn len(&self) -> usize {
        self.tls.declared.len() + self.hosts.declared.len()
    }

    /// Takes out what may be sent: once.
    pub(crate) fn take_cleared(&mut self) -> AllCleared {
        let (tls, hosts) = (&mut self.tls.cleared, &mut self.hosts.cleared);
        AllCleared { tls: std::mem::take(tls), hosts: std::mem::take(hosts) }
    }
}

/// What is declared, and the policy it is judged by.
pub(crate) fn declared_by(
    arguments: &DeclaredArguments,
    at: Option<Timestamp>,
) -> Result<(Manifest, Policy), Failure> {
    let path = match &arguments.manifest {
        Some(path) => path.clone(),
        None => config::nearest()?.unwrap_or_else(|| "certgate.toml".into()),
    };
    let manifest = manifest::read(&path)?;
    let policy = manifest.config.policy(&arguments.levels, arguments.max_lifetime, at)?;
    Ok((manifest, policy))
}

/// Judges everything that is declared; those that do not pass are an error, all of them.
pub(crate) fn judge_all(manifest: Manifest, policy: &Policy) -> Result<Judgement, Vec<Judged>> {
    let mut refused = Vec::new();
    let (mut tls, mut hosts) = (Passed::none(), Passed::none());
    for declaration in manifest.tls_certificates {
        let name = declaration.name.text;
        tls.judge(declaration.upload, policy, &mut refused, |upload| DeclaredTls::of(name, upload));
    }
    for declaration in manifest.ssh_host_certificates {
        let left = declaration.renew.of_secs(declaration.lifetime.secs());
        let name = declaration.name.text.clone();
        let request = declaration.request(policy.at());
        hosts.judge(request, policy, &mut refused, |request| DeclaredHost::of(name, request, left));
    }
    match refused.is_empty() {
        true => Ok(Judgement { project: manifest.project, at: policy.at(), tls, hosts }),
        false => Err(refused),
    }
}

impl<C: Case, D: Declaration> Passed<C, D> {
    const fn none() -> Self {
        Self { declared: Vec::new(), cleared: Vec::new(), findings: Vec::new() }
    }

    fn judge(&mut self, case: C, policy: &Policy, refused: &mut Vec<Judged>, declared: impl FnOnce(&C) -> D)
    where
        Judged: From<Verdict<C>>,
    {
        let verdict = judge(case, policy);
        let (declared, findings) = (declared(verdict.case()), verdict.findings().to_vec());
        match verdict.clear() {
            Ok(cleared) => {
                self.declared.push(declared);
                self.cleared.push(cleared);
                self.findings.push(findings);
            }
            Err(refusal) => refused.push(refusal.into_verdict().into()),
        }
    }
}

/// Writes what was refused as `certgate check` does.
pub(crate) fn tell_refused(
    refused: &[Judged],
    policy: &Policy,
    format: Format,
    color: ColorChoice,
) -> Result<Exit, Failure> {
    let mut stdout = output::stdout(color);
    match format {
        Format::Text => {
            let style = text::Style { color: output::has_color(color), ..text::Style::PLAIN };
            text::write(&mut stdout, refused, style)?;
        }
        Format::Json => json::write(&mut stdout, refused, policy.at())?,
    }
    stdout.flush()?;
    let what =
        if refused.len() == 1 { "1 declaration is" } else { &format!("{} declarations are", refused.len()) };
    writeln!(output::stderr(color), "{what} refused: nothing was sent")?;
    Ok(Exit::Findings)
}

/// Says what was found in what passed, for people.
pub(crate) fn tell_warnings(judgement: &Judgement, color: ColorChoice) -> Result<(), Failure> {
    let findings = judgement.tls.findings.iter().chain(&judgement.hosts.findings);
    let mut stderr = output::stderr(color);
    for findings in findings.filter(|findings| !findings.is_empty()).take(TOLD_MAX) {
        text::write_findings(&mut stderr, findings, output::has_color_on_stderr(color))?;
    }
    Ok(())
}
