//! Over the network: passwords, and TLS as libpq has it.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use certgate_store::{Ledger as _, PostgresAddress, PostgresLedger};

use crate::cluster::Cluster;

/// The certificate of an authority, and of a server that it vouches for, which is called `localhost` and by no address.
struct Certificates {
    folder: tempfile::TempDir,
}

impl Certificates {
    fn new() -> Self {
        let made = Self { folder: tempfile::tempdir().unwrap() };
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
        // A name of its own: one that another has too is not unknown, but wrong.
        let subject = format!("/CN=test authority {}", made.folder.path().file_name().unwrap().display());
        let authority = ["-x509", "-keyout", "ca.key", "-out", "ca.crt", "-subj", &subject];
        made.openssl(&[&["req"], &key[..], &authority].concat());
        let server = ["-keyout", "server.key", "-out", "server.crt", "-subj", "/CN=server"];
        let signed =
            ["-x509", "-CA", "ca.crt", "-CAkey", "ca.key", "-addext", "subjectAltName=DNS:localhost"];
        let leaf = ["-addext", "basicConstraints=critical,CA:FALSE"];
        made.openssl(&[&["req"], &key[..], &server, &signed, &leaf].concat());
        made
    }

    fn openssl(&self, arguments: &[&str]) {
        let output =
            Command::new("openssl").args(arguments).current_dir(self.folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.path().join(name)).unwrap()
    }
}

/// A server that takes passwords, over TLS alone.
fn server(certificates: &Certificates) -> (Cluster, u16, String) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = format!(
        "listen_addresses = '127.0.0.1'\nport = {port}\nssl = on\nssl_cert_file = 'server.crt'\nssl_key_file = 'server.key'\n"
    );
    let may_connect = "local all all trust\nhostssl all certgate 127.0.0.1/32 scram-sha-256\n";
    let files = ["server.crt", "server.key"].map(|name| (name, certificates.read(name)));
    let cluster = Cluster::with_files(&settings, may_connect, &files);
    cluster.psql("postgres", "ALTER ROLE certgate PASSWORD 'a secret: \\ %'");
    let database = cluster.database();
    (cluster, port, database)
}

#[test]
fn sslmode_means_what_it_means_to_libpq() {
    let (certificates, others) = (Certificates::new(), Certificates::new());
    let (_cluster, port, database) = server(&certificates);
    let (ours, of_others) = (certificates.read("ca.crt"), others.read("ca.crt"));
    let opened = |host: &str, mode: &str, roots: Option<&[u8]>| {
        let url = format!("postgres://certgate@{host}:{port}/{database}?sslmode={mode}");
        let address = PostgresAddress::read(&url).unwrap().with_password("a secret: \\ %");
        let address = match roots {
            Some(pem) if address.verifies(true) => address.with_roots(pem).unwrap(),
            _ => address,
        };
        let opened = PostgresLedger::open(&address).and_then(|ledger| ledger.authorities());
        opened.map(|_| ()).map_err(|error| error.to_string())
    };
    let (name, number) = ("localhost", "127.0.0.1");
    for (host, mode, roots, due) in [
        (number, "disable", None, "no encryption"),
        (number, "prefer", None, ""),
        (number, "prefer", Some(&of_others), ""),
        (number, "require", None, ""),
        (number, "require", Some(&ours), ""),
        (number, "require", Some(&of_others), "UnknownIssuer"),
        (number, "verify-ca", Some(&ours), ""),
        (number, "verify-ca", Some(&of_others), "UnknownIssuer"),
        (number, "verify-ca", None, "are missing"),
        (name, "verify-full", Some(&ours), ""),
        (number, "verify-full", Some(&ours), "not valid for name"),
        (name, "verify-full", Some(&of_others), "UnknownIssuer"),
        (name, "verify-full", None, "are missing"),
    ] {
        let found = opened(host, mode, roots.map(Vec::as_slice));
        match (due, found) {
            ("", found) => found.unwrap_or_else(|error| panic!("{host} {mode}: {error}")),
            (due, found) => {
                let error = found.expect_err(mode);
                assert!(error.contains(due), "{host} {mode}: {error}");
                assert!(!error.contains("a secret"), "{error}");
            }
        }
    }
}

#[test]
fn a_wrong_password_is_refused_and_shown_nowhere() {
    let certificates = Certificates::new();
    let (_cluster, port, database) = server(&certificates);
    let url = format!("postgres://certgate:hunter2@127.0.0.1:{port}/{database}");
    let address = PostgresAddress::read(&url).unwrap();
    let error = PostgresLedger::open(&address).err().unwrap();
    let shown = format!("{error} {error:?} {address} {address:?}");
    assert!(shown.contains("password authentication failed"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
}
