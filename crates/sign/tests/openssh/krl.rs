//! Revocation lists of ours asked by `ssh-keygen -Q`, and its lists asked by us.

use certgate_facts::{SshCertificate, SshPublicKey};
use certgate_sign::krl::{Header, RevocationError, RevocationList, Revocations, Scope};
use certgate_sign::verify::ClientVersion;

use super::tools::{Folder, text};

const CLIENT: ClientVersion = ClientVersion::new(9, 2);

/// Something that may be revoked.
enum Subject {
    Key(SshPublicKey),
    Certificate(SshCertificate),
}

/// Two authorities, keys of several types, and certificates over the serials at which things change.
pub(crate) struct World {
    pub(crate) folder: Folder,
    subjects: Vec<(String, Subject)>,
    /// Authorities `ca-a` (Ed25519) and `ca-b` (ECDSA).
    pub(crate) authorities: [SshPublicKey; 2],
}

const SERIALS: &[u64] = &[
    0,
    1,
    2,
    3,
    4,
    5,
    9,
    10,
    11,
    15,
    30,
    50,
    90,
    499,
    500,
    799,
    800,
    999,
    9_999,
    10_000,
    20_000,
    20_001,
    30_000,
    40_000,
    1 << 32,
    u64::MAX - 1,
    u64::MAX,
];

impl World {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        let authorities = [folder.key("ca-a", &["ed25519"]), folder.key("ca-b", &["ecdsa", "-b", "256"])];
        let mut subjects = Vec::new();
        for (name, kind) in [
            ("host-ed", &["ed25519"][..]),
            ("host-ec", &["ecdsa", "-b", "384"]),
            ("host-rsa", &["rsa", "-b", "2048"]),
        ] {
            subjects.push((format!("{name}.pub"), Subject::Key(folder.key(name, kind))));
        }
        for name in ["ca-a", "ca-b"] {
            let path = format!("{name}.pub");
            let key = folder.public(&path);
            subjects.push((path, Subject::Key(key)));
        }
        for authority in ["ca-a", "ca-b"] {
            for (at, serial) in SERIALS.iter().enumerate() {
                let key = ["host-ed", "host-ec", "host-rsa"][at % 3];
                let out = format!("{authority}-{serial}");
                let (id, serial) = (format!("id {}", at % 7), serial.to_string());
                let more = ["-h", "-I", &id, "-n", "web", "-z", &serial];
                let certificate = folder.certificate(authority, key, &out, &more);
                subjects.push((format!("{out}-cert.pub"), Subject::Certificate(certificate)));
            }
        }
        Self { folder, subjects, authorities }
    }

    /// What `ssh-keygen -Q` says of every subject: revoked or not. Nothing if it does not read the list.
    pub(crate) fn asked_of_ssh_keygen(&self, list: &str) -> Option<Vec<bool>> {
        let mut arguments = vec!["-Q", "-f", list];
        arguments.extend(self.subjects.iter().map(|(path, _)| path.as_str()));
        let output = self.folder.keygen(&arguments);
        if output.status.code() == Some(255) {
            assert!(text(&output.stderr).contains("Invalid KRL file"), "{}", text(&output.stderr));
            return None;
        }
        let answers: Vec<_> = text(&output.stdout).lines().map(|line| line.ends_with(": REVOKED")).collect();
        assert_eq!(answers.len(), self.subjects.len(), "{}", text(&output.stdout));
        Some(answers)
    }

    /// What we say of every subject. Nothing if an OpenSSH of that version would not read the list.
    pub(crate) fn asked_of_us(&self, list: &[u8]) -> Option<Vec<bool>> {
        let list = RevocationList::read(list).ok()?;
        if list.unsupported_by(CLIENT).is_some() {
            return None;
        }
        let revoked = Revocations::of(&list);
        let cause = |subject: &Subject| match subject {
            Subject::Key(key) => revoked.cause_for_key(key),
            Subject::Certificate(certificate) => revoked.cause_for_certificate(certificate.fields().unwrap()),
        };
        Some(self.subjects.iter().map(|(_, subject)| cause(subject).is_some()).collect())
    }

    /// Both read the list and say the same of all; how many are revoked.
    fn agree(&self, name: &str, list: &[u8]) -> usize {
        self.folder.write("krl", list);
        let theirs =
            self.asked_of_ssh_keygen("krl").unwrap_or_else(|| panic!("{name}: not read by ssh-keygen"));
        let ours = self.asked_of_us(list).unwrap_or_else(|| panic!("{name}: not read by us"));
        for (((subject, _), ours), theirs) in self.subjects.iter().zip(&ours).zip(&theirs) {
            assert_eq!(ours, theirs, "{name}: {subject}: we, then ssh-keygen");
        }
        ours.iter().filter(|revoked| **revoked).count()
    }

    pub(crate) fn certificate(&self, name: &str) -> &SshCertificate {
        match self.subjects.iter().find(|(path, _)| path == name) {
            Some((_, Subject::Certificate(certificate))) => certificate,
            _ => panic!("no certificate {name}"),
        }
    }
}

pub(crate) type Fill = fn(&World, &mut Revocations) -> Result<(), RevocationError>;

/// Every way to revoke, and every encoding of serials.
pub(crate) const WRITTEN: &[(&str, Fill)] = &[
    ("nothing", |_, _| Ok(())),
    ("one serial", |world, revoked| revoked.revoke_serial(&Scope::authority(&world.authorities[0]), 5)),
    ("the last serial", |_, revoked| revoked.revoke_serial(&Scope::any_authority(), u64::MAX)),
    ("a range", |world, revoked| revoked.revoke_serials(&Scope::authority(&world.authorities[1]), 500, 799)),
    ("all serials", |_, revoked| revoked.revoke_serials(&Scope::any_authority(), 1, u64::MAX)),
    ("a bitmap", |_, revoked| {
        (1..2000).step_by(3).try_for_each(|serial| revoked.revoke_serial(&Scope::any_authority(), serial))
    }),
    ("bitmaps up to the limit", |_, revoked| {
        (1..50_000).step_by(2).try_for_each(|serial| revoked.revoke_serial(&Scope::any_authority(), serial))
    }),
    ("a bitmap at the end", |_, revoked| {
        (0..200).try_for_each(|back| revoked.revoke_serial(&Scope::any_authority(), u64::MAX - 3 * back))
    }),
    ("list, range and bitmap", |world, revoked| {
        let scope = Scope::authority(&world.authorities[0]);
        for (first, last) in [
            (1, 4),
            (10, 10),
            (15, 15),
            (30, 30),
            (50, 50),
            (90, 90),
            (999, 999),
            (500, 799),
            (10_000, 20_000),
            (30_000, 40_000),
        ] {
            revoked.revoke_serials(&scope, first, last)?;
        }
        revoked.revoke_serial(&scope, 1 << 32)
    }),
    ("key ids", |world, revoked| {
        revoked.revoke_key_id(&Scope::authority(&world.authorities[0]), b"id 3")?;
        revoked.revoke_key_id(&Scope::any_authority(), b"id 5")?;
        revoked.revoke_key_id(&Scope::any_authority(), b"")?;
        revoked.revoke_key_id(&Scope::any_authority(), b"with # and\nnewline")
    }),
    ("certificates one by one", |world, revoked| {
        for name in ["ca-a-0-cert.pub", "ca-b-9-cert.pub"] {
            revoked.revoke_certificate(world.certificate(name).fields().unwrap());
        }
        Ok(())
    }),
    ("explicit keys", |world, revoked| {
        revoked.revoke_key(&world.folder.public("host-ed.pub"));
        revoked.revoke_key(&world.folder.public("host-rsa.pub"));
        Ok(())
    }),
    ("an authority's key", |world, revoked| {
        revoked.revoke_key(&world.authorities[0]);
        Ok(())
    }),
    ("sha-1 sums", |world, revoked| {
        revoked.revoke_key_by_sha1(&world.folder.public("host-ec.pub"));
        revoked.revoke_key_by_sha1(&world.authorities[1]);
        Ok(())
    }),
    ("sha-256 sums", |world, revoked| {
        revoked.revoke_key_by_sha256(&world.folder.public("host-rsa.pub"));
        revoked.revoke_key_by_sha256(&world.authorities[0]);
        Ok(())
    }),
    ("everything", |world, revoked| {
        for (_, fill) in WRITTEN.iter().filter(|(name, _)| *name != "everything" && *name != "all serials") {
            fill(world, revoked)?;
        }
        Ok(())
    }),
];

#[test]
fn ssh_keygen_reads_our_lists_and_says_what_we_say() {
    let world = World::new();
    for (name, fill) in WRITTEN {
        let mut revoked = Revocations::new();
        fill(&world, &mut revoked).unwrap();
        let header = Header::new(3, 1_780_000_000, name).unwrap();
        let list = revoked.to_list(header).unwrap();
        let found = world.agree(name, &list.to_bytes());
        assert_eq!(found == 0, *name == "nothing", "{name}: {found} revoked");
        let shown = world.folder.keygen_ok(&["-Q", "-l", "-f", "krl"]);
        assert!(shown.contains("KRL version 3"), "{shown}");
    }
}

/// Specifications for `ssh-keygen -k`, with the authority for `-s` if there is one; `none` is any authority.
const SPECIFICATIONS: &[(&str, Option<&str>, &str)] = &[
    ("nothing", None, ""),
    ("serials", Some("ca-a.pub"), "serial: 5\nserial: 10-15\nserial: 18446744073709551615\n"),
    ("serials of any authority", Some("none"), "serial: 1-4\nserial: 30000-40000\nserial: 10\nserial: 999\n"),
    (
        "list, range and bitmap",
        Some("ca-b.pub"),
        "serial: 1-4\nserial: 10\nserial: 15\nserial: 30\nserial: 50\nserial: 90\nserial: 999\nserial: 500-799\n\
         serial: 10000-20000\nserial: 30000-40000\n",
    ),
    ("key ids", Some("ca-a.pub"), "id: id 3\nid: id 5\nid: another\n"),
    ("key ids of any authority", Some("none"), "id: id 6\n"),
    ("explicit keys", None, "{host-ed.pub}\n{ca-b.pub}\n"),
    ("sha-1 sums", None, "sha1: {host-ec.pub}\n"),
    ("sha-256 sums", None, "sha256: {host-rsa.pub}\nsha256: {ca-a.pub}\n"),
    ("certificates", Some("ca-a.pub"), "{ca-a-0-cert.pub}\n{ca-a-9-cert.pub}\n"),
    (
        "mixed",
        Some("ca-a.pub"),
        "serial: 1-9\nid: id 2\nsha1: {host-ed.pub}\nsha256: {host-ec.pub}\n{host-rsa.pub}\n",
    ),
];

#[test]
fn we_read_the_lists_of_ssh_keygen_and_say_what_it_says() {
    let world = World::new();
    for (name, authority, specification) in SPECIFICATIONS {
        let mut specification = (*specification).to_owned();
        for (path, _) in &world.subjects {
            specification = specification.replace(&format!("{{{path}}}"), &world.folder.line(path));
        }
        world.folder.write("specification", specification);
        let mut arguments = vec!["-q", "-k", "-f", "theirs", "-z", "41"];
        if let Some(authority) = authority {
            arguments.extend(["-s", authority]);
        }
        arguments.push("specification");
        world.folder.keygen_ok(&arguments);
        let theirs = world.folder.read("theirs");
        let found = world.agree(name, &theirs);
        assert_eq!(found == 0, *name == "nothing", "{name}: {found} revoked");
        let list = RevocationList::read(&theirs).unwrap();
        assert_eq!(list.to_bytes(), theirs, "{name}");
        assert_eq!(list.header().version(), 41);
        // The same set in our words is no larger and means the same.
        let ours = Revocations::of(&list).to_list(list.header().succeeded_by(42, 0, "").unwrap()).unwrap();
        assert!(ours.to_bytes().len() <= theirs.len(), "{name}");
        assert_eq!(world.agree(name, &ours.to_bytes()), found, "{name}");
    }
}
