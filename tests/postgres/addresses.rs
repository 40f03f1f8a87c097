//! Where the database is, and where its password is not.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{Certgate, Cluster, Folder, openssl};

const PASSWORD: &str = "hunter:2 \\ %";
/// The password in a line of `.pgpass`, and in an address.
const ESCAPED: &str = "hunter\\:2 \\\\ %";
const ENCODED: &str = "hunter%3A2%20%5C%20%25";

/// A server that takes passwords over TLS, and shows a certificate of `ca.crt` for `localhost`.
struct Server {
    folder: Folder,
    _cluster: Cluster,
    place: String,
}

impl Server {
    fn new() -> Self {
        let folder = Folder::new();
        let make = |arguments: &str, out: &str, subject: &str| {
            let key = folder.path(&format!("{out}.key"));
            let out = folder.path(&format!("{out}.crt"));
            let paths = ["-keyout", key.to_str().unwrap(), "-out", out.to_str().unwrap(), "-subj", subject];
            let words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2".split(' ');
            let root = folder.root().to_str().unwrap();
            let more: Vec<String> =
                arguments.split_whitespace().map(|word| word.replace('@', root)).collect();
            openssl(words.chain(paths).chain(more.iter().map(String::as_str)).collect::<Vec<_>>());
        };
        make("", "ca", "/CN=test authority");
        make(
            "-CA @/ca.crt -CAkey @/ca.key -addext subjectAltName=DNS:localhost -addext basicConstraints=CA:FALSE",
            "server",
            "/CN=server",
        );
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = format!("listen_addresses = '127.0.0.1'\nport = {port}\nssl = on\n");
        let files = ["server.crt", "server.key"].map(|name| (name, folder.read(name)));
        let may_connect = "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n";
        let cluster = Cluster::with_files(&settings, may_connect, &files);
        cluster.psql("postgres", &format!("ALTER ROLE certgate PASSWORD '{PASSWORD}'"));
        let place = format!("localhost:{port}/{}", cluster.database());
        Self { folder, _cluster: cluster, place }
    }

    fn create(&self, store: &str) -> Certgate {
        let run = Certgate::new(["api-key", "create"]).folder(self.folder.root());
        run.variable("CERTGATE_STATE", "state").variable("CERTGATE_STORE", store)
    }

    fn url(&self) -> String {
        format!("postgres://certgate@{}?sslmode=verify-full&sslrootcert=ca.crt", self.place)
    }
}

#[test]
fn a_password_comes_from_where_others_cannot_read_it() {
    let server = Server::new();
    let url = server.url();
    let refused = server.create(&url).exits(2);
    assert!(refused.stderr.contains("password missing"), "{}", refused.stderr);
    server.create(&url).variable("PGPASSWORD", PASSWORD).exits(0);
    server.create(&url.replace("certgate@", &format!("certgate:{ENCODED}@"))).exits(0);

    let line = format!("other:1:x:y:no\n# {}\nlocalhost:*:*:certgate:{ESCAPED}\n", server.place);
    let file = server.folder.write_secret("passwords", &line);
    server.create(&url).variable("PGPASSFILE", "passwords").exits(0);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let open = server.create(&url).variable("PGPASSFILE", "passwords").exits(2);
    assert!(open.stderr.contains("cannot read `passwords`: "), "{}", open.stderr);
    server.folder.write_secret(".pgpass", &line);
    server.create(&url).variable("HOME", ".").exits(0);

    let wrong = server.create(&url).variable("PGPASSWORD", "hunter3").exits(2);
    assert!(
        wrong.stderr.contains("password authentication failed for user \"certgate\""),
        "{}",
        wrong.stderr
    );
    assert!(!wrong.stderr.contains("hunter"), "{}", wrong.stderr);
}

#[test]
fn a_password_in_an_argument_is_refused_and_not_shown() {
    let url = "postgres://me:hunter2@db.example.com/ledger";
    for command in [&["ssh", "list"][..], &["serve"], &["api-key", "list"]] {
        let run = Certgate::new(command).arguments(["--store", url]).variable("HOME", "/nowhere").exits(2);
        assert!(run.stderr.starts_with("error: --store has a password in it"), "{}", run.stderr);
        assert!(run.stderr.contains("hint: put the address into CERTGATE_STORE"), "{}", run.stderr);
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    }
}

#[test]
fn an_address_that_does_not_read_is_told_without_being_shown() {
    for (store, due) in [
        ("mysql://me:hunter2@host/x", "it is no address as in postgres://user@host/database"),
        ("postgres://me:hunter2@host/x?sslmode=maybe", "sslmode is none of disable, prefer, require"),
        ("postgres://me:hunter2@host:port/x", "it is no address of a PostgreSQL database"),
        ("postgres://me:hunter2@host/x?sslcert=file", "it is no address of a PostgreSQL database"),
        ("postgres:///x?user=me&password=hunter2", "it names no host"),
    ] {
        let run =
            Certgate::new(["ssh", "list"]).variable("HOME", "/nowhere").variable("CERTGATE_STORE", store);
        let run = run.exits(2);
        assert!(run.stderr.starts_with(&format!("error: CERTGATE_STORE: store: {due}")), "{}", run.stderr);
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    }
}

#[test]
fn a_server_is_verified_where_that_is_asked_for() {
    let server = Server::new();
    let with = |words: &str| {
        let url = format!("postgres://certgate@{}{words}", server.place);
        server.create(&url).variable("PGPASSWORD", PASSWORD)
    };
    with("").exits(0);
    with("?sslmode=require").exits(0);
    let missing = with("?sslmode=verify-full").variable("HOME", "/nowhere").exits(2);
    assert!(missing.stderr.contains("cannot read `/nowhere/.postgresql/root.crt`"), "{}", missing.stderr);
    assert!(missing.stderr.contains("hint: name the certificates of authorities"), "{}", missing.stderr);
    with("?sslmode=verify-full").variable("PGSSLROOTCERT", "ca.crt").exits(0);
    let asked = with("").variable("PGSSLMODE", "verify-full").variable("HOME", "/nowhere").exits(2);
    assert!(asked.stderr.contains("root.crt"), "{}", asked.stderr);
    let wrong = with("?sslmode=require&sslrootcert=server.crt").exits(2);
    assert!(wrong.stderr.contains("invalid peer certificate"), "{}", wrong.stderr);
}
