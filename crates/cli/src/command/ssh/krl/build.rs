//! `certgate ssh krl build`.

mod ledger;

use std::path::Path;

use certgate_report::ssh::revocations;
use certgate_sign::krl::{Header, REVOCATION_LIST_BYTES_MAX, RevocationList, Revocations, Scope};
use certgate_sign::verify::ClientVersion;

use super::show;
use crate::cli::{ColorChoice, KeysAs, KrlBuildArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ssh_input::{self, KeyOrCertificate};
use crate::{clock, replacement};

/// Most bytes of JSON that are read: a list in base64 and decimals, with what describes it.
const JSON_BYTES_MAX: usize = 4 * REVOCATION_LIST_BYTES_MAX;
/// A version that reads nothing but what revokes.
const READS_NO_EXTENSIONS: ClientVersion = ClientVersion::new(9, 2);

/// Builds the list, writes it in one go, and shows what was written.
pub(super) fn run(arguments: &KrlBuildArguments, color: ColorChoice) -> Result<Exit, Failure> {
    refuse_idle(arguments)?;
    let replaced = if arguments.from_ledger { None } else { replaced(arguments)? };
    // Until the list is in its place nobody else takes a later version: it would be replaced by this one.
    let _lock = match arguments.from_ledger {
        true => Some(arguments.state.state()?.locked()?),
        false => None,
    };
    let list = match &arguments.from_json {
        None if arguments.from_ledger => ledger::list(arguments)?,
        Some(path) => {
            let json = ssh_input::bytes(path, JSON_BYTES_MAX)?;
            revocations::rebuild(&json).map_err(|error| ssh_input::unusable(path, error))?
        }
        None => built(arguments, replaced)?,
    };
    replacement::write(&arguments.out, &list.to_bytes())?;
    show::write(&arguments.out, &list, arguments.format, color)
}

/// Refuses what would do nothing: it was meant to do something.
fn refuse_idle(arguments: &KrlBuildArguments) -> Result<(), Failure> {
    if !arguments.from_ledger && (arguments.ca.is_some() || arguments.state.state.is_some()) {
        return Err(Failure::input("--ca and --state are of the ledger, and nothing is taken from it")
            .with_hint("`--from-ledger` does; the public key of another authority goes with --authority"));
    }
    let has_scope = arguments.authority.is_some() || arguments.any_authority;
    if has_scope && arguments.revoke_serial.is_empty() && arguments.revoke_key_id.is_empty() {
        return Err(Failure::input("there are no serials and no key ids that would be of the authority")
            .with_hint("name them with --revoke-serial and --revoke-key-id; --revoke-key revokes the authority itself"));
    }
    Ok(())
}

/// The list whose place the new one takes, if there is a file that is not the one to be continued.
fn replaced(arguments: &KrlBuildArguments) -> Result<Option<RevocationList>, Failure> {
    let out = &arguments.out;
    if replacement::plain_file(out)?.is_none()
        || arguments.update.as_ref().is_some_and(|old| is_same(old, out))
    {
        return Ok(None);
    }
    if !arguments.overwrite {
        let name = ssh_input::name(out);
        let name = name.escape_debug();
        return Err(ssh_input::unusable(out, "already there").with_hint(format!(
            "`--update {name}` continues it; `--overwrite` takes its place, and what it revokes is revoked no more"
        )));
    }
    // What is there may be anything: it goes.
    Ok(ssh_input::revocation_list(out).ok())
}

/// Whether two paths are those of one file that is there.
fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn built(arguments: &KrlBuildArguments, replaced: Option<RevocationList>) -> Result<RevocationList, Failure> {
    let mut revoked = Revocations::new();
    let before = match &arguments.update {
        Some(path) => {
            let list = ssh_input::revocation_list(path)?;
            if let Some(lost) = list.unsupported_by(READS_NO_EXTENSIONS) {
                return Err(ssh_input::unusable(path, format!("what cannot be carried over: {lost}"))
                    .with_hint("`certgate ssh krl show --format json` shows all that is in it"));
            }
            revoked.merge(&Revocations::of(&list));
            Some(list)
        }
        None => replaced,
    };
    add_certificates(arguments, &mut revoked)?;
    add_keys(arguments, &mut revoked)?;
    let header = header(arguments, before.as_ref())?;
    revoked.to_list(header).map_err(Failure::input)
}

/// The header: its version above that of the list before.
fn header(arguments: &KrlBuildArguments, before: Option<&RevocationList>) -> Result<Header, Failure> {
    let at = u64::try_from(clock::at(arguments.at).unix_secs())
        .map_err(|_| Failure::input("a list cannot be made before 1970"))?;
    let Some(before) = before.map(RevocationList::header) else {
        let comment = arguments.comment.as_deref().unwrap_or_default();
        return Header::new(arguments.krl_version.unwrap_or(1), at, comment).map_err(Failure::input);
    };
    let kept = String::from_utf8_lossy(before.comment());
    let kept = kept.strip_suffix('\0').unwrap_or(&kept);
    let comment = arguments.comment.as_deref().unwrap_or(kept);
    let version = arguments.krl_version.or_else(|| before.version().checked_add(1));
    let version = version.ok_or_else(|| Failure::input("the list before has the last version there is"))?;
    before.succeeded_by(version, at, comment).map_err(Failure::input)
}

/// Serials, key ids and certificates.
fn add_certificates(arguments: &KrlBuildArguments, revoked: &mut Revocations) -> Result<(), Failure> {
    let scope = match &arguments.authority {
        Some(path) => Scope::authority(&ssh_input::public_key(path)?),
        None => Scope::any_authority(),
    };
    for serials in &arguments.revoke_serial {
        revoked.revoke_serials(&scope, serials.first, serials.last).map_err(Failure::input)?;
    }
    for key_id in &arguments.revoke_key_id {
        revoked.revoke_key_id(&scope, key_id.as_bytes()).map_err(Failure::input)?;
    }
    for path in &arguments.revoke_certificate {
        let certificate = ssh_input::certificate(path)?;
        let fields = certificate.fields().ok_or_else(|| {
            ssh_input::unusable(path, format!("certificates of type {} are not known", certificate.name()))
        })?;
        revoked.revoke_certificate(fields);
    }
    Ok(())
}

fn add_keys(arguments: &KrlBuildArguments, revoked: &mut Revocations) -> Result<(), Failure> {
    for path in &arguments.revoke_key {
        for (line, one) in ssh_input::keys_and_certificates(path)? {
            let KeyOrCertificate::Key(key) = one else {
                let what = format!("line {line}: a certificate, where a plain public key is due");
                return Err(ssh_input::unusable(path, what).with_hint(
                    "`--revoke-certificate` revokes it alone; its key is in the file it was made for",
                ));
            };
            match arguments.keys_as {
                KeysAs::Key => revoked.revoke_key(&key),
                KeysAs::Sha256 => revoked.revoke_key_by_sha256(&key),
                KeysAs::Sha1 => revoked.revoke_key_by_sha1(&key),
            }
        }
    }
    Ok(())
}
