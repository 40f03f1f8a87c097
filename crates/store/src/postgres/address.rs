//! Where a database is, and how it is reached.

use std::fmt;
use std::time::Duration;

use tokio_postgres::config::{Config, Host, SslMode};
use tokio_postgres::{Client, Error as DriverError};
use zeroize::Zeroizing;

use super::fault;
use super::tls::{Tls, TlsMode};
use crate::error::Error;

/// How long to wait for a server to take a connection, unless the address says it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait for a server that does not acknowledge what it is sent, before the connection is given up.
const SILENCE: Duration = Duration::from_secs(30);
/// How long a connection may be quiet before it is looked after.
const QUIET: Duration = Duration::from_secs(60);

/// Where a PostgreSQL database is, who asks there, and how: `postgres://user@host:port/database?sslmode=verify-full`.
///
/// Its `Debug` and its `Display` show no password.
#[derive(Clone)]
pub struct PostgresAddress {
    config: Config,
    mode: TlsMode,
    root_file: Option<String>,
    /// Nothing where the server is to be verified, and nobody said by whom.
    tls: Option<Tls>,
    shown: String,
}

impl PostgresAddress {
    /// Reads an address: a URL as libpq takes it, with the scheme `postgres` or `postgresql`. `sslmode` means what it means
    /// there: `disable`, `prefer` (the default), `require`, `verify-ca`, `verify-full`.
    ///
    /// # Errors
    ///
    /// [`Error::TextUnfit`] for anything else; the text is not in it.
    pub fn read(text: &str) -> Result<Self, Error> {
        let unfit = |reason| Error::TextUnfit { field: "store", reason };
        let rest = ["postgres://", "postgresql://"].into_iter().find_map(|scheme| text.strip_prefix(scheme));
        let rest = rest.ok_or_else(|| unfit("it is no address as in postgres://user@host/database"))?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (mut mode, mut root_file, mut others) = (TlsMode::Prefer, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", word)) => {
                    mode = TlsMode::of(word).ok_or_else(|| {
                        unfit("sslmode is none of disable, prefer, require, verify-ca and verify-full")
                    })?;
                }
                Some(("sslrootcert", path)) => root_file = Some(path.replace("%2F", "/").replace("%2f", "/")),
                _ => others.push(pair),
            }
        }
        let url = format!("postgres://{place}?{}", others.join("&"));
        let mut config: Config = url
            .parse()
            .map_err(|_| unfit("it is no address of a PostgreSQL database, or has an unknown word"))?;
        if config.get_hosts().is_empty() {
            return Err(unfit("it names no host"));
        }
        config.application_name("certgate");
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        config.keepalives_idle(QUIET);
        config.ssl_mode(mode.of_driver());
        let shown = shown(&config);
        let tls = if mode.verifies(false) { None } else { Some(Tls::unverified()?) };
        Ok(Self { config, mode, root_file, tls, shown })
    }

    /// Whether it has a password in it.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.config.get_password().is_some()
    }

    /// Who asks, if it says so.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.config.get_user()
    }

    /// The same, of a user, where it names none.
    #[must_use]
    pub fn with_user(mut self, user: &str) -> Self {
        if self.config.get_user().is_none() {
            self.config.user(user);
            self.shown = shown(&self.config);
        }
        self
    }

    /// The same, with a password where it has none.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        if !self.has_password() {
            self.config.password(password);
        }
        self
    }

    /// The password for it in a file of the kind of `.pgpass`: lines of `host:port:database:user:password`, of which the first
    /// counts that says the same, `*` being anything and `\` before a colon making it none.
    #[must_use]
    pub fn password_in(&self, lines: &str) -> Option<Zeroizing<String>> {
        let host = match self.config.get_hosts().first()? {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) if folder.as_os_str() == "/var/run/postgresql" => "localhost".to_owned(),
            Host::Unix(folder) => folder.to_str()?.to_owned(),
        };
        let user = self.config.get_user()?;
        let port = self.config.get_ports().first().copied().unwrap_or(5432).to_string();
        let due = [host.as_str(), &port, self.config.get_dbname().unwrap_or(user), user];
        lines.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
            let mut rest = line;
            for due in due {
                let field;
                (field, rest) = field_of(rest)?;
                if *field != "*" && *field != due {
                    return None;
                }
            }
            Some(field_of(rest).map_or_else(|| unescaped(rest), |(password, _)| password))
        })
    }

    /// The file with the certificates of authorities, if it names one.
    #[must_use]
    pub fn root_file(&self) -> Option<&str> {
        self.root_file.as_deref()
    }

    /// Whether it asks for the server to be verified, where the certificates of authorities are at hand, or are not. Those
    /// that are at hand are asked although `require` would do without.
    #[must_use]
    pub fn verifies(&self, has_roots: bool) -> bool {
        self.mode.verifies(has_roots)
    }

    /// The same, with the certificates of authorities, as PEM.
    ///
    /// # Errors
    ///
    /// [`Error::TextUnfit`] for what has no certificate in it.
    pub fn with_roots(mut self, pem: &[u8]) -> Result<Self, Error> {
        self.tls = Some(Tls::verified(pem, self.mode)?);
        Ok(self)
    }

    /// Whether it has all that it takes to connect.
    pub(super) fn check(&self) -> Result<&Tls, Error> {
        let reason = "the server is to be verified, and the certificates of authorities are missing";
        self.tls.as_ref().ok_or(Error::TextUnfit { field: "sslrootcert", reason })
    }

    /// Connects, in the runtime of whoever asks.
    pub(super) async fn connect(&self, tls: Tls) -> Result<Client, DriverError> {
        let (client, connection) = self.config.connect(tls).await?;
        // It ends when the client is dropped. What goes wrong before that is told to whoever asks something.
        drop(tokio::spawn(connection));
        Ok(client)
    }

    pub(super) fn unreachable(&self, error: &DriverError) -> Error {
        Error::Unreachable { reason: format!("no connection to {self}: {}", fault::line(error)) }
    }

    pub(super) fn timed_out(&self) -> Error {
        Error::Unreachable { reason: format!("no connection to {self}: it did not answer in time") }
    }
}

/// The next field of a line, and what comes after its colon.
fn field_of(line: &str) -> Option<(Zeroizing<String>, &str)> {
    let mut is_escaped = false;
    let end = line.find(|character| {
        let ends = character == ':' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        ends
    })?;
    Some((unescaped(&line[..end]), &line[end + 1..]))
}

fn unescaped(field: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(field.len()));
    let mut characters = field.chars();
    while let Some(character) = characters.next() {
        text.push(if character == '\\' { characters.next().unwrap_or('\\') } else { character });
    }
    text
}

fn shown(config: &Config) -> String {
    let hosts = config.get_hosts().iter().enumerate().map(|(at, host)| {
        let ports = config.get_ports();
        let port = ports.get(at).or_else(|| ports.first()).copied().unwrap_or(5432);
        match host {
            Host::Tcp(name) => format!("{name}:{port}"),
            Host::Unix(folder) => folder.display().to_string(),
        }
    });
    let hosts = hosts.collect::<Vec<_>>().join(",");
    let user = config.get_user().map(|user| format!("{user}@")).unwrap_or_default();
    format!("postgres://{user}{hosts}/{}", config.get_dbname().unwrap_or_default())
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.shown)
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PostgresAddress").field(&self.shown).finish()
    }
}

impl TlsMode {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "disable" => Self::Disable,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyAuthority,
            "verify-full" => Self::VerifyFull,
            _ => return None,
        })
    }

    const fn of_driver(self) -> SslMode {
        match self {
            Self::Disable => SslMode::Disable,
            Self::Prefer => SslMode::Prefer,
            Self::Require | Self::VerifyAuthority | Self::VerifyFull => SslMode::Require,
        }
    }
}
