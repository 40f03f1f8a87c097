//! `certgate ssh verify`.

use std::io::Write;
use std::path::Path;

use certgate_facts::{SshCertificate, SshCertificateFields, Timestamp};
use certgate_report::ssh::decision::{self, Answer, Question};
use certgate_report::ssh::{Signature, SignatureState};
use certgate_sign::known_hosts::{HostPatterns, KnownHosts, authority_line};
use certgate_sign::krl::{RevocationList, Revocations};
use certgate_sign::verify::{Client, ClientVersion, Decision, Presented, Target, decide_with};

use crate::cli::{ColorChoice, Format, VerifyArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{clock, host, output, ssh_input};

/// The last version before the rules for principals changed, and the first after.
const ASKED_BY_DEFAULT: [(ClientVersion, &str); 2] =
    [(ClientVersion::new(10, 2), "clients 9.4 to 10.2"), (ClientVersion::new(10, 3), "clients from 10.3 on")];
/// The first version that refuses SHA-1, which is not verified here.
const SHA1_REFUSED_SINCE: ClientVersion = ClientVersion::new(8, 2);

/// Decides as the clients that the arguments name, and writes it; exit code 0 if all of them accept the certificate.
pub(crate) fn run(arguments: &VerifyArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let target = target(&arguments.host, arguments.port)?;
    let certificate = ssh_input::certificate_or_reply(&arguments.certificate)?;
    let at = clock::at(arguments.at);
    let signature = Signature::of(&certificate);
    let known = known_hosts(arguments)?;
    let lists: Result<Vec<_>, _> =
        arguments.krl.iter().map(|path| ssh_input::revocation_list(path)).collect();
    let asked =
        Asked { certificate: &certificate, signature: &signature, known: &known, lists: &lists?, target, at };
    let answers = asked.answers(&arguments.client_version)?;

    let path = ssh_input::name(&arguments.certificate);
    let names: Vec<String> = known.iter().map(|(name, _)| name.clone()).collect();
    let question = Question {
        path: &path,
        certificate: &certificate,
        signature: &signature,
        target: &asked.target,
        port: arguments.port,
        at,
        known_hosts: &names,
        revocation_lists: asked.lists.len(),
    };
    let mut stdout = output::stdout(color);
    match arguments.format {
        Format::Text => decision::write_text(&mut stdout, &question, &answers)?,
        Format::Json => stdout.write_all(decision::json(&question, &answers)?.as_bytes())?,
    }
    stdout.flush()?;
    let accepted = answers.iter().all(|answer| answer.outcome.decision() == Decision::Certificate);
    Ok(if accepted { Exit::Clean } else { Exit::Findings })
}

fn target(name: &str, port: u16) -> Result<Target, Failure> {
    let name = host::checked(name)?;
    if port == 0 {
        return Err(Failure::input("no host listens on port 0").with_hint("leave --port out for port 22"));
    }
    Ok(Target::new(name, port))
}

/// The files of known hosts, and for each authority one that trusts it for every host; each with its name.
fn known_hosts(arguments: &VerifyArguments) -> Result<Vec<(String, KnownHosts)>, Failure> {
    let file = |path: &std::path::PathBuf| Ok((ssh_input::name(path), ssh_input::known_hosts(path)?));
    let authority = |path: &std::path::PathBuf| Ok((ssh_input::name(path), trusting(path)?));
    let files = arguments.known_hosts.iter().map(file);
    files.chain(arguments.authority.iter().map(authority)).collect()
}

fn trusting(authority: &Path) -> Result<KnownHosts, Failure> {
    let key = ssh_input::public_key(authority)?;
    let line = authority_line(&HostPatterns::every_host(), &key, "");
    let line = line.map_err(|error| ssh_input::unusable(authority, error))?;
    KnownHosts::read(line.as_bytes()).map_err(|error| ssh_input::unusable(authority, error))
}

/// All that clients go by.
struct Asked<'a> {
    certificate: &'a SshCertificate,
    signature: &'a Signature,
    known: &'a [(String, KnownHosts)],
    lists: &'a [RevocationList],
    target: Target,
    at: Timestamp,
}

impl Asked<'_> {
    fn answers(&self, versions: &[ClientVersion]) -> Result<Vec<Answer>, Failure> {
        let asked: Vec<(ClientVersion, String)> = match versions {
            [] => ASKED_BY_DEFAULT.map(|(version, words)| (version, words.to_owned())).to_vec(),
            versions => versions.iter().map(|version| (*version, format!("client {version}"))).collect(),
        };
        let mut revocations = Revocations::new();
        self.lists.iter().for_each(|list| revocations.merge(&Revocations::of(list)));
        asked.into_iter().map(|(version, clients)| self.answer(version, clients, &revocations)).collect()
    }

    fn answer(
        &self,
        version: ClientVersion,
        clients: String,
        revocations: &Revocations,
    ) -> Result<Answer, Failure> {
        let known: Vec<&KnownHosts> = self.known.iter().map(|(_, known)| known).collect();
        let lists: Vec<&RevocationList> = self.lists.iter().collect();
        let client =
            Client { version, known_hosts: &known, revocation_lists: &lists, signature_algorithms: None };
        self.refuse_unverified(version)?;
        let presented = Presented::Certificate(self.certificate);
        let at = u64::try_from(self.at.unix_secs()).map_err(|_| {
            Failure::input("times before 1970 are not ones that certificates know")
                .with_hint("give a later time with --at")
        })?;
        let outcome = decide_with(&client, revocations, &self.target, presented, at);
        let refuses_list = lists.iter().any(|list| list.unsupported_by(version).is_some());
        Ok(Answer { client: version, clients, outcome, refuses_list })
    }

    /// Of a signature that is not verified here nothing can be said, except that a client refuses SHA-1 either way, and
    /// certificates of unknown types before it asks.
    fn refuse_unverified(&self, version: ClientVersion) -> Result<(), Failure> {
        let algorithm = self.certificate.fields().map(SshCertificateFields::signature_algorithm);
        let is_refused_sha1 = algorithm == Some(Some("ssh-rsa")) && version >= SHA1_REFUSED_SINCE;
        if self.signature.state != SignatureState::Unknown || algorithm.is_none() || is_refused_sha1 {
            return Ok(());
        }
        let reason = self.signature.reason.as_deref().unwrap_or_default().escape_debug();
        Err(Failure::input(format!("the authority's signature cannot be verified: {reason}")))
    }
}
