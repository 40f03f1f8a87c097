//! `certgate ssh issue --inventory` for many hosts, as a whole process, against `ssh-keygen -s` given the same files in one
//! call, and against the bare work: read, sign, verify, write, and commit in batches, with as many threads.
//!
//! Runs in turns, each in a folder of its own, and prints medians of the ratios of one turn: the rate against `ssh-keygen`
//! (above 1 certgate is the faster), the time against the bare work, and the same with a key that an ssh-agent holds.
//! `cargo bench -p certgate --bench fleet`; `HOSTS` and `TURNS` in the environment change how many.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use certgate_facts::{SshPublicKey, SshSignature};
use certgate_sign::{Authority, AuthorityKeyType, Signer};
use rand::rngs::SysRng;

/// Certificates in one commit of the bare work, as the ledger has it.
const BATCH: usize = 500;

fn main() {
    let (hosts, turns) = (setting("HOSTS", 10_000), setting("TURNS", 5));
    let folder =
        tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the target folder can be written to");
    let fleet = Fleet::new(folder.path(), hosts);
    let (mut rates, mut bare, mut agents) = (Vec::new(), Vec::new(), Vec::new());
    report(&format!("{hosts} hosts"), "certgate", "ssh-keygen", "bare work", "by agent");
    for turn in 0..turns {
        let ours = fleet.certgate(turn);
        let theirs = fleet.ssh_keygen(turn);
        let least = fleet.bare(turn);
        let agent = fleet.by_agent(turn);
        rates.push(theirs.as_secs_f64() / ours.as_secs_f64());
        bare.push(ours.as_secs_f64() / least.as_secs_f64());
        agents.push(agent.as_secs_f64() / ours.as_secs_f64());
        let shown = |time: Duration| format!("{:.2} s", time.as_secs_f64());
        report(&format!("turn {}", turn + 1), &shown(ours), &shown(theirs), &shown(least), &shown(agent));
    }
    report(
        "ratio (median)",
        "1",
        &format!("{:.1} x", median(&mut rates)),
        &format!("1 / {:.2}", median(&mut bare)),
        &format!("{:.2}", median(&mut agents)),
    );
}

/// Host keys, an authority, and folders in which each run finds the same.
struct Fleet {
    root: PathBuf,
    keys: Vec<String>,
    authority: Authority,
}

impl Fleet {
    fn new(root: &Path, hosts: usize) -> Self {
        let authority = Authority::create(AuthorityKeyType::Ed25519, &mut SysRng).expect("a key is made");
        let keys = (0..hosts).map(|number| {
            let key = Authority::create(AuthorityKeyType::Ed25519, &mut SysRng).expect("a key is made");
            key.public_key().to_line(&format!("root@host-{number}")) + "\n"
        });
        let fleet = Self { root: root.to_owned(), keys: keys.collect(), authority };
        let file = fleet.authority.to_openssh_without_encryption("bench").expect("the key is given out");
        fs::write(fleet.root.join("ca"), file.as_bytes()).expect("the folder can be written to");
        chmod_600(&fleet.root.join("ca"));
        fs::write(fleet.root.join("ca.pub"), fleet.authority.public_key().to_line("bench")).expect("it too");
        fleet
    }

    /// A new folder with the keys and their inventory.
    fn folder(&self, name: &str, turn: usize) -> PathBuf {
        let folder = self.root.join(format!("{name}-{turn}"));
        fs::create_dir(&folder).expect("the folder is new");
        let mut inventory = String::new();
        for (number, key) in self.keys.iter().enumerate() {
            fs::write(folder.join(format!("{number}.pub")), key).expect("keys can be written");
            inventory.push_str(&format!(
                "[[host]]\npublic_key = \"{number}.pub\"\nprincipals = [\"host-{number}.example.com\"]\n\n"
            ));
        }
        fs::write(folder.join("hosts.toml"), inventory).expect("it can be written");
        // What was written before the run must not be written during it.
        assert!(Command::new("sync").status().expect("sync starts").success());
        folder
    }

    fn certgate(&self, turn: usize) -> Duration {
        let folder = self.folder("certgate", turn);
        let state = folder.join("state");
        run(certgate(&state).args(["ca", "import", "bench", "--key"]).arg(self.root.join("ca")));
        let time =
            time(|| run(certgate(&state).args(["issue", "--inventory"]).arg(folder.join("hosts.toml"))));
        self.check(&folder);
        time
    }

    fn by_agent(&self, turn: usize) -> Duration {
        let folder = self.folder("agent", turn);
        let state = folder.join("state");
        let socket = folder.join("socket");
        let mut agent = Command::new("ssh-agent")
            .arg("-D")
            .arg("-a")
            .arg(&socket)
            .stdout(Stdio::null())
            .spawn()
            .expect("ssh-agent starts");
        while !socket.exists() {
            std::thread::yield_now();
        }
        run(Command::new("ssh-add").arg("-q").arg(self.root.join("ca")).env("SSH_AUTH_SOCK", &socket));
        run(certgate(&state)
            .env("SSH_AUTH_SOCK", &socket)
            .args(["ca", "create", "bench", "--agent"])
            .arg(self.root.join("ca.pub")));
        let time = time(|| {
            run(certgate(&state)
                .env("SSH_AUTH_SOCK", &socket)
                .args(["issue", "--inventory"])
                .arg(folder.join("hosts.toml")));
        });
        agent.kill().expect("it can be ended");
        agent.wait().expect("it ends");
        self.check(&folder);
        time
    }

    fn ssh_keygen(&self, turn: usize) -> Duration {
        let folder = self.folder("ssh-keygen", turn);
        let files: Vec<String> = (0..self.keys.len()).map(|number| format!("{number}.pub")).collect();
        let mut command = Command::new("ssh-keygen");
        command.current_dir(&folder).args(["-q", "-s"]).arg(self.root.join("ca"));
        command.args(["-h", "-I", "host", "-n", "host.example.com", "-V", "+30d", "-z", "+1"]).args(files);
        let time = time(|| run(&mut command));
        self.check(&folder);
        time
    }

    /// The least that has to be done: every file read and written, every certificate signed and verified, and all of it committed
    /// in batches before it is written.
    fn bare(&self, turn: usize) -> Duration {
        let folder = self.folder("bare", turn);
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let journal = folder.join("journal");
        let share = self.keys.len().div_ceil(threads).max(1);
        let numbers: Vec<usize> = (0..self.keys.len()).collect();
        let time = time(|| {
            std::thread::scope(|scope| {
                for (thread, numbers) in numbers.chunks(share).enumerate() {
                    let (folder, journal) = (&folder, journal.with_extension(thread.to_string()));
                    scope.spawn(move || self.bare_share(folder, &journal, numbers));
                }
            });
        });
        self.check(&folder);
        time
    }

    fn bare_share(&self, folder: &Path, journal: &Path, numbers: &[usize]) {
        let mut journal = File::create(journal).expect("it can be made");
        for batch in numbers.chunks(BATCH) {
            let mut signed = Vec::with_capacity(batch.len());
            for number in batch {
                let line = fs::read_to_string(folder.join(format!("{number}.pub"))).expect("it is there");
                let key = SshPublicKey::read(&line).expect("it reads");
                // As many bytes as a certificate for one name has.
                let message = [key.blob(), &[0; 250]].concat();
                signed.push((number, key, message));
            }
            journal
                .write_all(&signed.iter().flat_map(|(_, _, message)| message.clone()).collect::<Vec<u8>>())
                .expect("it can be written");
            journal.sync_data().expect("it reaches the disk");
            let mut lines = Vec::with_capacity(batch.len());
            for (number, key, message) in &signed {
                let signature: SshSignature = self.authority.sign(message).expect("it signs");
                signature.verify(self.authority.public_key(), message).expect("it made it");
                lines.push((number, key.to_line(&"A".repeat(400))));
            }
            journal
                .write_all(lines.iter().map(|(_, line)| line.as_str()).collect::<String>().as_bytes())
                .expect("it can be written");
            journal.sync_data().expect("it reaches the disk");
            for (number, line) in lines {
                let beside = folder.join(format!(".{number}.new"));
                fs::write(&beside, line).expect("it can be written");
                fs::rename(&beside, folder.join(format!("{number}-cert.pub"))).expect("it can be renamed");
            }
        }
    }

    /// A run that leaves a certificate out measures nothing.
    fn check(&self, folder: &Path) {
        assert!((0..self.keys.len()).all(|number| folder.join(format!("{number}-cert.pub")).exists()));
    }
}

fn certgate(state: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certgate"));
    command.arg("ssh").env("CERTGATE_STATE", state);
    command
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program starts");
    assert!(status.success(), "{command:?} failed");
}

fn chmod_600(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("it is ours");
}

#[expect(clippy::disallowed_methods, reason = "measuring time is what this is for")]
fn time(work: impl FnOnce()) -> Duration {
    let start = std::time::Instant::now();
    work();
    start.elapsed()
}

#[expect(clippy::disallowed_methods, reason = "how much to measure is for the one who measures")]
fn setting(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[expect(clippy::print_stdout, reason = "a bench prints its table")]
fn report(what: &str, ours: &str, theirs: &str, bare: &str, agent: &str) {
    println!("{what:<16} {ours:>10} {theirs:>12} {bare:>12} {agent:>10}");
}
