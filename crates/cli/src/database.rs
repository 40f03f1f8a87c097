//! Where a PostgreSQL is that keeps the ledger: an argument or the environment, and the password from elsewhere.

use std::path::{Path, PathBuf};
use std::{env, fs};

use certgate_store::PostgresAddress;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::key_file;

/// What may hold the address, a password in it included.
const VARIABLE: &str = "CERTGATE_STORE";
/// Most bytes that are read of a file of passwords, or of certificates.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// The address given, or named by the environment; nothing where the ledger is a file.
pub(crate) fn address(given: Option<&str>) -> Result<Option<PostgresAddress>, Failure> {
    let (address, source) = match (given, variable(VARIABLE)) {
        (Some(text), _) => (read(text, "--store")?, "--store"),
        (None, Some(text)) => (read(&text, VARIABLE)?, VARIABLE),
        (None, None) => return Ok(None),
    };
    if address.has_password() && given.is_some() {
        return Err(Failure::input(
            "--store has a password in it, which every user of this machine can read",
        )
        .with_hint(format!(
            "put the address into {VARIABLE}, or the password into PGPASSWORD or ~/.pgpass"
        )));
    }
    let user = ["PGUSER", "USER", "LOGNAME"].into_iter().find_map(variable);
    let address = match (address.user(), user) {
        (Some(_), _) => address,
        (None, Some(user)) => address.with_user(&user),
        (None, None) => return Err(Failure::input(format!("{source} names no user"))),
    };
    verified(opened(address)?).map(Some)
}

/// What PGSSLMODE says holds where the address says nothing.
fn read(text: &str, source: &str) -> Result<PostgresAddress, Failure> {
    let text = Zeroizing::new(match variable("PGSSLMODE") {
        Some(mode) if !text.contains("sslmode=") => {
            let separator = if text.contains('?') { '&' } else { '?' };
            format!("{text}{separator}sslmode={}", *mode)
        }
        _ => text.to_owned(),
    });
    PostgresAddress::read(&text).map_err(|error| Failure::input(format!("{source}: {error}")))
}

/// With the password, where one is kept for it.
fn opened(address: PostgresAddress) -> Result<PostgresAddress, Failure> {
    if address.has_password() {
        return Ok(address);
    }
    if let Some(password) = variable("PGPASSWORD") {
        return Ok(address.with_password(&password));
    }
    let file = variable("PGPASSFILE").map(|path| PathBuf::from(path.as_str())).or_else(|| at_home(".pgpass"));
    let Some(file) = file.filter(|file| file.exists()) else { return Ok(address) };
    let cannot =
        |why: &dyn std::fmt::Display| Failure::input(format!("cannot read `{}`: {why}", shown(&file)));
    let metadata = fs::metadata(&file).map_err(|error| cannot(&error))?;
    key_file::check(&metadata).map_err(|why| cannot(&why))?;
    let lines = Zeroizing::new(content(&file)?);
    let lines = std::str::from_utf8(&lines).map_err(|error| cannot(&error))?;
    Ok(match address.password_in(lines) {
        Some(password) => address.with_password(&password),
        None => address,
    })
}

/// With the certificates by which the server is verified, where it is.
fn verified(address: PostgresAddress) -> Result<PostgresAddress, Failure> {
    let named = address.root_file().map(PathBuf::from);
    let named = named.or_else(|| variable("PGSSLROOTCERT").map(|path| PathBuf::from(path.as_str())));
    let file = named.or_else(|| at_home(".postgresql/root.crt"));
    if !address.verifies(file.as_deref().is_some_and(Path::exists)) {
        return Ok(address);
    }
    let hint = "name the certificates of authorities with sslrootcert=FILE in the address";
    let file = file.ok_or_else(|| Failure::input("there is no home folder").with_hint(hint))?;
    let pem = content(&file).map_err(|failure| failure.with_hint(hint))?;
    address.with_roots(&pem).map_err(|error| Failure::input(format!("`{}`: {error}", shown(&file))))
}

fn content(file: &Path) -> Result<Vec<u8>, Failure> {
    let cannot =
        |why: &dyn std::fmt::Display| Failure::input(format!("cannot read `{}`: {why}", shown(file)));
    match fs::metadata(file).map_err(|error| cannot(&error))?.len() {
        0..=FILE_BYTES_MAX => fs::read(file).map_err(|error| cannot(&error)),
        length => Err(cannot(&format!("it has {length} bytes, more than {FILE_BYTES_MAX}"))),
    }
}

fn shown(file: &Path) -> String {
    file.display().to_string().escape_debug().to_string()
}

fn at_home(path: &str) -> Option<PathBuf> {
    variable("HOME").map(|home| Path::new(home.as_str()).join(path))
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads where the database is")]
fn variable(name: &str) -> Option<Zeroizing<String>> {
    env::var(name).ok().map(Zeroizing::new).filter(|text| !text.is_empty())
}
