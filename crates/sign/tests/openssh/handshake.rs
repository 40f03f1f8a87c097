//! Real clients and servers, against the decision that we predict.
//!
//! The client starts `sshd -i` as its proxy command: no port, no daemon, no root, and any host name will do.

use std::process::Command;

use certgate_facts::{SshCertificate, SshPublicKey};
use certgate_sign::known_hosts::KnownHosts;
use certgate_sign::krl::{Header, RevocationList, Revocations, Scope};
use certgate_sign::verify::{Client, ClientVersion, Decision, Outcome, Presented, Step, Target, decide};

use super::tools::{Folder, run, text, without_root};

/// Between the validity of everything here that is over and of everything that is yet to come.
const AT: u64 = 1_790_000_000;
const OVER: &str = "20200101000000Z:20200201000000Z";
const LATER: &str = "20900101000000Z:20910101000000Z";

/// What a server shows: the name of a key, and of a certificate for it.
#[derive(Clone, Copy)]
struct Shown {
    key: &'static str,
    certificate: Option<&'static str>,
}

const fn certificate(certificate: &'static str) -> Shown {
    Shown { key: "host", certificate: Some(certificate) }
}

const PLAIN: Shown = Shown { key: "host", certificate: None };

struct Case {
    name: &'static str,
    shown: Shown,
    /// Lines with `{host}`, `{ca}` and so on for public keys.
    known_hosts: &'static str,
    host: &'static str,
    port: u16,
    alias: Option<&'static str>,
    revoked: Option<fn(&World, &mut Revocations)>,
    expected: (Decision, Step),
}

const fn case(
    name: &'static str,
    shown: Shown,
    known_hosts: &'static str,
    expected: (Decision, Step),
) -> Case {
    Case { name, shown, known_hosts, host: "web.example.com", port: 22, alias: None, revoked: None, expected }
}

impl Case {
    const fn host(self, host: &'static str) -> Self {
        Self { host, ..self }
    }

    const fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    const fn alias(self, alias: &'static str) -> Self {
        Self { alias: Some(alias), ..self }
    }

    const fn revoked(self, revoked: fn(&World, &mut Revocations)) -> Self {
        Self { revoked: Some(revoked), ..self }
    }
}

const ACCEPTED: (Decision, Step) = (Decision::Certificate, Step::SignatureAlgorithm);
const PLAIN_KEY: (Decision, Step) = (Decision::PlainKey, Step::Key);
const fn refused(step: Step) -> (Decision, Step) {
    (Decision::Refused, step)
}

const CA: &str = "@cert-authority *.example.com {ca}";
const CA_AND_KEY: &str = "@cert-authority *.example.com {ca}\nweb.example.com {host}";

#[rustfmt::skip]
const CASES: &[Case] = &[
    case("a good certificate", certificate("good"), CA, ACCEPTED),
    case("of an ECDSA key and authority", Shown { key: "host-ec", certificate: Some("good-ec") }, "@cert-authority web.example.com {ca-ec}", ACCEPTED),
    case("of an RSA key and authority", Shown { key: "host-rsa", certificate: Some("good-rsa") }, "@cert-authority web.example.com {ca-rsa}", ACCEPTED),
    case("signed with SHA-256", certificate("rsa-256"), "@cert-authority * {ca-rsa}", ACCEPTED),
    case("signed with SHA-1", certificate("rsa-sha1"), "@cert-authority * {ca-rsa}", refused(Step::SignatureAlgorithm)),
    case("forever", certificate("forever"), CA, ACCEPTED),
    case("not yet valid", certificate("later"), CA, refused(Step::ValidAfter)),
    case("expired", certificate("over"), CA, refused(Step::ValidBefore)),
    case("expired and the key known", certificate("over"), CA_AND_KEY, PLAIN_KEY),
    case("for users", certificate("user"), CA, refused(Step::Role)),
    case("for users and the key known", certificate("user"), CA_AND_KEY, PLAIN_KEY),
    case("critical option", certificate("option"), CA, refused(Step::CriticalOptions)),
    case("extension", certificate("extension"), CA, ACCEPTED),
    case("no principals", certificate("no-principals"), CA, ACCEPTED),
    case("wildcard principal", certificate("wildcard"), CA, refused(Step::Principals)),
    case("upper-case principal", certificate("upper"), CA, refused(Step::Principals)),
    case("principal with a dot at its end", certificate("dot"), CA, refused(Step::Principals)),
    case("principal with a port", certificate("port"), CA, refused(Step::Principals)).port(2222),
    case("principal with brackets", certificate("brackets"), "@cert-authority * {ca}", refused(Step::Principals)).host("2001:db8::7"),
    case("principal that is octal, typed so", certificate("octal"), "@cert-authority * {ca}", refused(Step::Principals)).host("010.0.0.1"),
    case("principal that is IPv4 in IPv6", certificate("mapped"), "@cert-authority * {ca}", refused(Step::Principals)).host("192.0.2.1"),
    case("blank principal", certificate("blank"), CA, refused(Step::Principals)),
    case("another host", certificate("good"), CA, refused(Step::Principals)).host("db.example.com"),
    case("upper case typed", certificate("good"), CA, ACCEPTED).host("WEB.Example.COM"),
    case("a dot at the end typed", certificate("good"), "@cert-authority * {ca}", refused(Step::Principals)).host("web.example.com."),
    case("IPv6 in another form", certificate("address"), "@cert-authority * {ca}", ACCEPTED).host("2001:DB8:0:0::7"),
    case("IPv4", certificate("address"), "@cert-authority 192.0.2.* {ca}", ACCEPTED).host("192.0.2.1"),
    case("IPv4 in another form", certificate("address"), "@cert-authority 192.0.2.* {ca}", ACCEPTED).host("192.0.513"),
    case("an alias", certificate("good"), CA, ACCEPTED).host("10.0.0.1").alias("WEB.example.com").port(2222),
    case("an alias that is no principal", certificate("good"), CA, refused(Step::Principals)).alias("db.example.com"),
    case("a port and a line without", certificate("good"), CA, ACCEPTED).port(2222),
    case("a port and a line with it", certificate("good"), "@cert-authority [*.example.com]:2222 {ca}", ACCEPTED).port(2222),
    case("a port and a line with another", certificate("good"), "@cert-authority [*.example.com]:2223 {ca}", refused(Step::Authority)).port(2222),
    case("no port and a line with one", certificate("good"), "@cert-authority [*.example.com]:2222 {ca}", refused(Step::Authority)),
    case("another authority with the port", certificate("good"), "@cert-authority [web.example.com]:2222 {other}\n@cert-authority *.example.com {ca}", ACCEPTED).port(2222),
    case("another key with the port and the key without", PLAIN, "[web.example.com]:2222 {other}\nweb.example.com {host}", refused(Step::Key)).port(2222),
    case("another key with the port and the authority without", certificate("over"), "[web.example.com]:2222 {other}\n@cert-authority web.example.com {ca}", refused(Step::ValidBefore)).port(2222),
    case("another authority with the port and the key without", certificate("good"), "@cert-authority [web.example.com]:2222 {other}\nweb.example.com {host}", PLAIN_KEY).port(2222),
    case("expired without the port and the key with it", certificate("over"), "@cert-authority *.example.com {ca}\n[web.example.com]:2222 {host}", PLAIN_KEY).port(2222),
    case("nothing known", certificate("good"), "# nothing", refused(Step::Authority)),
    case("another authority", certificate("good"), "@cert-authority *.example.com {other}", refused(Step::Authority)),
    case("two authorities", certificate("good"), "@cert-authority *.example.com {other}\n@cert-authority *.example.com {ca}", ACCEPTED),
    case("a negated host", certificate("good"), "@cert-authority *.example.com,!web.example.com {ca}", refused(Step::Authority)),
    case("a tab after the marker", certificate("good"), "@cert-authority\t*.example.com {ca}", refused(Step::Authority)),
    case("the authority's key revoked by a line", certificate("good"), "@cert-authority *.example.com {ca}\n@revoked * {ca}\nweb.example.com {host}", refused(Step::RevokedLine)),
    case("the host's key revoked by a line", certificate("good"), "@revoked * {host}\n@cert-authority *.example.com {ca}\nweb.example.com {host}", refused(Step::RevokedLine)),
    case("the authority revoked for the name without the port", certificate("good"), "@cert-authority *.example.com {ca}\n@revoked *.example.com {ca}\nweb.example.com {host}", PLAIN_KEY).port(2222),
    case("the authority revoked for another host", certificate("good"), "@cert-authority *.example.com {ca}\n@revoked db.example.com {ca}", ACCEPTED),
    case("a certificate as the authority's key", certificate("good"), "@cert-authority *.example.com {ca-cert}", ACCEPTED),
    case("a certificate revoked by a line", certificate("good"), "@cert-authority *.example.com {ca}\n@revoked * {good-cert}", refused(Step::RevokedLine)),
    case("the plain key known", PLAIN, "web.example.com {host}", PLAIN_KEY),
    case("another plain key known", PLAIN, "web.example.com {other}", refused(Step::Key)),
    case("one of two plain keys", PLAIN, "web.example.com {other}\nweb.example.com {host}", PLAIN_KEY),
    case("no plain key known", PLAIN, "db.example.com {host}", refused(Step::Key)),
    case("a certificate as the known key", PLAIN, "web.example.com {good-cert}", refused(Step::Key)),
    case("the plain key revoked by a line", PLAIN, "web.example.com {host}\n@revoked * {host}", refused(Step::RevokedLine)),
    case("the plain key and a port", PLAIN, "web.example.com {host}", PLAIN_KEY).port(2222),
    case("an authority says nothing about a plain key", PLAIN, "@cert-authority *.example.com {host}", refused(Step::Key)),
    case("an empty list", certificate("good"), CA, ACCEPTED).revoked(|_, _| {}),
    case("serial", certificate("good"), CA_AND_KEY, refused(Step::RevocationList)).revoked(|world, list| list.revoke_serial(&world.scope(), 7).unwrap()),
    case("range", certificate("good"), CA_AND_KEY, refused(Step::RevocationList)).revoked(|world, list| list.revoke_serials(&world.scope(), 2, 7).unwrap()),
    case("bitmap", certificate("good"), CA_AND_KEY, refused(Step::RevocationList)).revoked(|world, list| [1, 3, 5, 7, 9, 11].into_iter().for_each(|serial| list.revoke_serial(&world.scope(), serial).unwrap())),
    case("other serials", certificate("good"), CA_AND_KEY, ACCEPTED).revoked(|world, list| list.revoke_serials(&world.scope(), 8, 70).unwrap()),
    case("serial of any authority", certificate("good"), CA_AND_KEY, refused(Step::RevocationList)).revoked(|_, list| list.revoke_serial(&Scope::any_authority(), 7).unwrap()),
    case("key id", certificate("good"), CA_AND_KEY, refused(Step::RevocationList)).revoked(|world, list| list.revoke_key_id(&world.scope(), b"good").unwrap()),
    case("key", certificate("good"), CA_AND_KEY, refused(Step::RevocationList)).revoked(|world, list| list.revoke_key(&world.key("host"))),
    case("SHA-1", certificate("good"), CA_AND_KEY, refused(Step::RevocationList)).revoked(|world, list| list.revoke_key_by_sha1(&world.key("host"))),
    case("SHA-256", certificate("good"), CA_AND_KEY, refused(Step::RevocationList)).revoked(|world, list| list.revoke_key_by_sha256(&world.key("host"))),
    case("the authority's key", certificate("good"), CA_AND_KEY, refused(Step::RevocationList)).revoked(|world, list| list.revoke_key(&world.key("ca"))),
    case("another authority's key", certificate("good"), CA_AND_KEY, ACCEPTED).revoked(|world, list| list.revoke_key(&world.key("other"))),
    case("a plain key", PLAIN, CA_AND_KEY, refused(Step::RevocationList)).revoked(|world, list| list.revoke_key_by_sha256(&world.key("host"))),
];

struct World {
    folder: Folder,
    /// The words that start a server without root's rights.
    server: String,
}

impl World {
    fn new() -> Self {
        let folder = Folder::new();
        for name in ["ca", "other", "host"] {
            folder.key(name, &["ed25519"]);
        }
        for (name, kind) in [("ca-ec", "ecdsa"), ("host-ec", "ecdsa"), ("ca-rsa", "rsa"), ("host-rsa", "rsa")]
        {
            folder.key(name, &[kind]);
        }
        let host = |name: &str, more: &[&str]| {
            folder.certificate("ca", "host", name, &[&["-h", "-I", name, "-z", "7"], more].concat());
        };
        let web = ["-n", "web.example.com"];
        let week = "20200101000000Z:20880101000000Z";
        host("good", &[&web[..], &["-V", week]].concat());
        host("forever", &web);
        host("later", &[&web[..], &["-V", LATER]].concat());
        host("over", &[&web[..], &["-V", OVER]].concat());
        host("option", &[&web[..], &["-O", "critical:option@example.com=x"]].concat());
        host("extension", &[&web[..], &["-O", "extension:extension@example.com=x"]].concat());
        host("no-principals", &[]);
        host("wildcard", &["-n", "*.example.com"]);
        host("upper", &["-n", "WEB.example.com"]);
        host("dot", &["-n", "web.example.com."]);
        host("port", &["-n", "[web.example.com]:2222"]);
        host("brackets", &["-n", "[2001:db8::7]"]);
        host("octal", &["-n", "010.0.0.1"]);
        host("mapped", &["-n", "::ffff:192.0.2.1"]);
        host("blank", &["-n", " "]);
        host("address", &["-n", "2001:db8::7,192.0.2.1"]);
        folder.certificate("ca", "host", "user", &["-I", "user", "-n", "web.example.com"]);
        folder.certificate("other", "ca", "ca", &["-h", "-I", "ca", "-n", "any"]);
        let good = |authority, key, out, algorithm: &[&str]| {
            let more = [algorithm, &["-h", "-I", out, "-n", "web.example.com"]].concat();
            folder.certificate(authority, key, out, &more);
        };
        good("ca-ec", "host-ec", "good-ec", &[]);
        good("ca-rsa", "host-rsa", "good-rsa", &[]);
        good("ca-rsa", "host", "rsa-256", &["-t", "rsa-sha2-256"]);
        good("ca-rsa", "host", "rsa-sha1", &["-t", "ssh-rsa"]);
        let server = [without_root(&folder), &["/usr/sbin/sshd"]].concat().join(" ");
        Self { folder, server }
    }

    fn key(&self, name: &str) -> SshPublicKey {
        self.folder.public(&format!("{name}.pub"))
    }

    fn scope(&self) -> Scope {
        Scope::authority(&self.key("ca"))
    }

    fn certificate(&self, name: &str) -> SshCertificate {
        SshCertificate::read(&self.folder.line(&format!("{name}-cert.pub"))).unwrap()
    }

    /// The known hosts with keys filled in.
    fn known_hosts(&self, case: &Case) -> String {
        let mut lines = case.known_hosts.to_owned();
        while let Some((before, rest)) = lines.split_once('{') {
            let (name, after) = rest.split_once('}').unwrap();
            let key = self.folder.line(&match name.strip_suffix("-cert") {
                Some(name) => format!("{name}-cert.pub"),
                None => format!("{name}.pub"),
            });
            lines = format!("{before}{key}{after}");
        }
        lines + "\n"
    }

    fn revocation_list(&self, case: &Case) -> Option<RevocationList> {
        let fill = case.revoked?;
        let mut revoked = Revocations::new();
        fill(self, &mut revoked);
        Some(revoked.to_list(Header::new(1, AT, "").unwrap()).unwrap())
    }

    /// What a client of the version at hand does: `ssh` says in its debugging output what it accepts.
    fn asked_of_ssh(&self, case: &Case) -> (Decision, String) {
        let path = |name: &str| self.folder.path(name).to_str().unwrap().to_owned();
        let mut server = format!("HostKey {}\nPidFile none\n", path(case.shown.key));
        if let Some(certificate) = case.shown.certificate {
            server += &format!("HostCertificate {}\n", path(&format!("{certificate}-cert.pub")));
        }
        self.folder.write("sshd_config", server);
        self.folder.write("known_hosts", self.known_hosts(case));
        let kinds = match (case.shown.key, case.shown.certificate.is_some()) {
            ("host-ec", true) => "ecdsa-sha2-nistp256-cert-v01@openssh.com",
            ("host-rsa", true) => "rsa-sha2-512-cert-v01@openssh.com",
            (_, true) => "ssh-ed25519-cert-v01@openssh.com",
            (_, false) => "ssh-ed25519",
        };
        let mut options = vec![
            "BatchMode=yes".to_owned(),
            "PreferredAuthentications=none".to_owned(),
            "StrictHostKeyChecking=yes".to_owned(),
            "GlobalKnownHostsFile=/dev/null".to_owned(),
            format!("UserKnownHostsFile={}", path("known_hosts")),
            format!("HostKeyAlgorithms={kinds}"),
            format!("ProxyCommand={} -i -f {}", self.server, path("sshd_config")),
        ];
        options.extend(case.alias.map(|alias| format!("HostKeyAlias={alias}")));
        if let Some(list) = self.revocation_list(case) {
            self.folder.write("revoked", list.to_bytes());
            options.push(format!("RevokedHostKeys={}", path("revoked")));
        }
        let mut command = Command::new("ssh");
        command.args(["-v", "-F", "none", "-p", &case.port.to_string(), "-l", "nobody"]);
        command.args(options.iter().flat_map(|option| ["-o", option]));
        let output = text(&run(command.arg(case.host), "openssh-client").stderr);
        // Authentication is what comes after the host is accepted.
        let accepted = output.contains("Permission denied");
        assert!(accepted || output.contains("Host key verification failed"), "{}: {output}", case.name);
        let by_certificate =
            output.contains("-CERT host certificate") && !output.contains("Retry with plain key");
        let decision = match (accepted, by_certificate) {
            (true, true) => Decision::Certificate,
            (true, false) => Decision::PlainKey,
            (false, _) => Decision::Refused,
        };
        (decision, output)
    }

    fn asked_of_us(&self, case: &Case, version: ClientVersion) -> Outcome {
        let known = KnownHosts::read(self.known_hosts(case).as_bytes()).unwrap();
        let list = self.revocation_list(case);
        let lists: Vec<&RevocationList> = list.iter().collect();
        let client =
            Client { version, known_hosts: &[&known], revocation_lists: &lists, signature_algorithms: None };
        let target = Target::new(case.host, case.port);
        let target = match case.alias {
            Some(alias) => target.with_alias(alias),
            None => target,
        };
        let certificate = case.shown.certificate.map(|name| self.certificate(name));
        let key = self.key(case.shown.key);
        let presented = match &certificate {
            Some(certificate) => Presented::Certificate(certificate),
            None => Presented::Key(&key),
        };
        decide(&client, &target, presented, AT)
    }
}

/// The version of the client at hand.
fn version() -> ClientVersion {
    let output = run(Command::new("ssh").arg("-V"), "openssh-client");
    let shown = text(&output.stderr);
    shown.split([' ', ',']).next().unwrap().parse().unwrap()
}

#[test]
fn ssh_decides_as_we_predict() {
    let (world, version) = (World::new(), version());
    let old = ClientVersion::new(10, 3) > version;
    for case in CASES {
        let predicted = world.asked_of_us(case, version);
        let (decision, output) = world.asked_of_ssh(case);
        assert_eq!(predicted.decision(), decision, "{}: we, then ssh: {predicted:?} {output}", case.name);
        // The table is written for clients before 10.3; the others differ in principals only.
        if old {
            let (decision, step) = case.expected;
            assert_eq!(
                (predicted.decision(), predicted.step()),
                (decision, step),
                "{}: {predicted:?}",
                case.name
            );
        }
    }
}
