//! A PostgreSQL of this test run's own: real, private, and gone with the process that started it.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs};

use tempfile::TempDir;

/// Whom it runs as where the tests are run by root, for whom it refuses to: "nobody".
const NOBODY: u32 = 65_534;
/// The role that owns the databases. It may do no more than that.
pub(crate) const ROLE: &str = "certgate";
/// What every one of them says of itself. Whoever needs commits that last has to ask for it: here they do not.
const SETTINGS: &str = "synchronous_commit = off
max_connections = 300
shared_buffers = 64MB
fsync = off
log_min_messages = fatal
";

/// A cluster of databases, reached by a socket in a folder of its own.
pub(crate) struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    user: Option<u32>,
    port: String,
    databases: AtomicU32,
    /// Stops and removes everything once the pipe to it is closed, however this process ends.
    keeper: Child,
}

impl Cluster {
    /// The one that all tests of this process share.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::start("listen_addresses = ''\n", "local all all trust\n"))
    }

    /// Another one, with more settings, and lines of `pg_hba.conf` that say who may connect.
    pub(crate) fn start(settings: &str, may_connect: &str) -> Self {
        Self::with_files(settings, may_connect, &[])
    }

    /// Another one, with files beside its data that nobody else may read.
    pub(crate) fn with_files(settings: &str, may_connect: &str, files: &[(&str, Vec<u8>)]) -> Self {
        let folder = tempfile::Builder::new().prefix("pg").tempdir_in("/tmp").unwrap();
        let user = (fs::metadata(folder.path()).unwrap().uid() == 0).then_some(NOBODY);
        chown(folder.path(), user, user).unwrap();
        let programs = programs();
        let keeper = keeper(&programs, folder.path(), user);
        let port =
            settings.lines().find_map(|line| line.strip_prefix("port = ")).unwrap_or("5432").to_owned();
        let cluster = Self { folder, programs, user, port, databases: AtomicU32::new(0), keeper };
        let data = cluster.data();
        cluster.run("initdb", &["-D", &data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"]);
        fs::write(cluster.path("data/pg_hba.conf"), may_connect).unwrap();
        for (name, content) in files {
            let path = cluster.path("data").join(name);
            fs::write(&path, content).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            chown(&path, user, user).unwrap();
        }
        let sockets = cluster.folder.path().display();
        let all = format!("{SETTINGS}unix_socket_directories = '{sockets}'\n{settings}");
        fs::write(cluster.path("data/postgresql.auto.conf"), all).unwrap();
        cluster.begin();
        cluster.psql("postgres", &format!("CREATE ROLE {ROLE} LOGIN"));
        cluster
    }

    /// A file in its folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn data(&self) -> String {
        self.path("data").to_str().unwrap().to_owned()
    }

    /// Makes a database; its name comes back.
    pub(crate) fn database(&self) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.psql("postgres", &format!("CREATE DATABASE {name} OWNER {ROLE}"));
        name
    }

    /// The URL of a database, by the socket.
    pub(crate) fn url(&self, database: &str) -> String {
        let sockets = self.folder.path().to_str().unwrap().replace('/', "%2F");
        format!("postgres://{ROLE}@{sockets}/{database}")
    }

    /// What `psql` answers, as the role that may do everything.
    pub(crate) fn psql(&self, database: &str, sql: &str) -> String {
        self.try_psql(database, sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// As [`Cluster::psql`]; what it says if it fails.
    pub(crate) fn try_psql(&self, database: &str, sql: &str) -> Result<String, String> {
        let output = Command::new(self.programs.join("psql"))
            .args([
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                "postgres",
                "-d",
                database,
                "-c",
                sql,
            ])
            .args(["-p", &self.port, "-h"])
            .arg(self.folder.path())
            .env_clear()
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// Starts it, for the first time or again, and waits until it answers.
    pub(crate) fn begin(&self) {
        let log = self.path("log").to_str().unwrap().to_owned();
        self.run("pg_ctl", &["-D", &self.data(), "-l", &log, "-w", "-t", "120", "start"]);
    }

    /// Runs one of its programs.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = as_user(self.user, &self.programs.join(program));
        let command = command.args(arguments).current_dir(self.folder.path());
        // What it starts would keep a pipe open.
        let said = self.path("said");
        let file = fs::File::create(&said).unwrap();
        let status =
            command.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file).status().unwrap();
        let read = |name: &str| fs::read_to_string(self.path(name)).unwrap_or_default();
        assert!(status.success(), "{program}: {}{}", read("said"), read("log"));
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// Starts what tidies up.
fn keeper(programs: &Path, folder: &Path, user: Option<u32>) -> Child {
    let script = "cat >/dev/null; \"$1/pg_ctl\" -D \"$2/data\" -m immediate -w stop; rm -rf \"$2\"";
    as_user(user, Path::new("/bin/sh"))
        .args(["-c", script, "sh"])
        .args([programs, folder])
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A command that another user runs, if one is given.
fn as_user(user: Option<u32>, program: &Path) -> Command {
    let mut command = match user {
        None => Command::new(program),
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args([format!("--reuid={user}"), format!("--regid={user}"), "--clear-groups".to_owned()]);
            command.arg("--").arg(program);
            command
        }
    };
    command.env_clear().env("LC_ALL", "C").env("PATH", "/usr/bin:/bin");
    command
}

/// Where `initdb` and the others are: where Debian has them, the newest, or on the path.
fn programs() -> PathBuf {
    let of_debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = of_debian
        .filter_map(|folder| Some((folder.file_name().to_str()?.parse().ok()?, folder.path().join("bin"))))
        .collect();
    versions.sort();
    let on_path = search_path();
    let all = versions.into_iter().rev().map(|(_, folder)| folder).chain(on_path);
    let has_all =
        |folder: &PathBuf| ["initdb", "pg_ctl", "psql"].iter().all(|name| folder.join(name).is_file());
    all.into_iter().find(has_all).unwrap_or_else(|| panic!("install postgresql"))
}

#[expect(clippy::disallowed_methods, reason = "where a program is, is the test's own matter")]
fn search_path() -> Vec<PathBuf> {
    env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect()
}
