//! `certgate ssh issue --inventory` for many hosts, as a whole process, against `ssh-keygen -s` given the same files in one
//! call, and against the bare work: read, sign, verify, write, and commit in batches, with as many threads and by the same means
//! (files that have no name until they are whole). The bare work keeps no ledger that can be searched, plans and judges nothing.
//!
//! Runs in turns, each in a folder of its own, and prints for each the time and the processor time (of all cores), then medians,
//! and medians of the ratios of one turn: how often faster than `ssh-keygen` certgate is, how often slower than the bare work, and
//! how often slower with a key that an ssh-agent holds. Where other programs run at the same time, processor time says more than
//! time. The last lines say what the bare work consists of, and what its time would be if the cores did nothing else: no program
//! that signs and verifies each certificate with this provider is faster than that.
//!
//! `cargo bench -p certgate --bench fleet`; `HOSTS` and `TURNS` in the environment change how many. After a folder of many files
//! was removed, ext4 makes new ones slowly for some minutes: wait that long between two runs.

mod median;

use std::fs::{self, File};
use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use certgate_facts::{SshPublicKey, SshSignature};
use certgate_sign::{Authority, AuthorityKeyType, Signer};
use median::median;
use rand::rngs::SysRng;
use rustix::fs::{AtFlags, CWD, Mode, OFlags};

/// Certificates in one commit of the bare work, as the ledger has it.
const BATCH: usize = 1000;
/// How many times the rate of `ssh-keygen` is asked for, and how many times the bare work is granted.
const ASKED: (f64, f64) = (12.0, 1.5);

fn main() {
    let (hosts, turns) = (setting("HOSTS", 10_000), setting("TURNS", 5));
    let folder =
        tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("the target folder can be written to");
    let fleet = Fleet::new(folder.path(), hosts);
    let mut columns: [Vec<Cost>; 4] = Default::default();
    let mut parts = Vec::new();
    line(&format!("{hosts} hosts"), ["certgate", "ssh-keygen", "bare work", "by agent"].map(str::to_owned));
    for turn in 0..turns {
        let (bare, part) = fleet.bare(turn);
        parts.push(part);
        let costs = [fleet.certgate(turn), fleet.ssh_keygen(turn), bare, fleet.by_agent(turn)];
        line(&format!("turn {}", turn + 1), costs.map(Cost::shown));
        costs.into_iter().zip(&mut columns).for_each(|(cost, column)| column.push(cost));
    }
    report(&columns, &parts);
}

fn report(columns: &[Vec<Cost>; 4], parts: &[Parts]) {
    let [ours, theirs, bare, agent] = columns;
    let ratio = |of: Measure, over: &[Cost], under: &[Cost]| {
        median(over.iter().zip(under).map(|(over, under)| of(over).as_secs_f64() / of(under).as_secs_f64()))
    };
    let middle = |column: &Vec<Cost>| {
        let secs = |of: Measure| median(column.iter().map(|cost| of(cost).as_secs_f64()));
        format!("{:.2} s ({:.2})", secs(|cost| cost.time), secs(|cost| cost.processor))
    };
    line("median", [ours, theirs, bare, agent].map(middle));
    let kinds: [(&str, Measure); 2] =
        [("ratio of times", |cost| cost.time), ("of processor", |cost| cost.processor)];
    for (what, of) in kinds {
        let faster = format!("{:.1} x", ratio(of, theirs, ours));
        let slower = format!("1 / {:.2}", ratio(of, ours, bare));
        line(what, ["1".to_owned(), faster, slower, format!("1 / {:.1}", ratio(of, agent, ours))]);
    }
    let (rate, slack) = ASKED;
    line("asked", ["1".to_owned(), format!("{rate:.1} x"), format!("1 / {slack:.2}"), String::new()]);
    let part = |of: fn(&Parts) -> Duration| median(parts.iter().map(|parts| of(parts).as_secs_f64()));
    say(&format!(
        "the bare work, on each core: {:.2} s signing and verifying, {:.2} s reading and writing files, {:.2} s commits",
        part(|parts| parts.signatures),
        part(|parts| parts.files),
        part(|parts| parts.commits)
    ));
    let theirs = median(theirs.iter().map(|cost| cost.time.as_secs_f64()));
    let floor = median(bare.iter().map(|cost| cost.processor.as_secs_f64())) / cores();
    say(&format!(
        "{rate} times the rate of ssh-keygen is {:.2} s; the processor time of the bare work on all cores is {floor:.2} s, {:.1} times",
        theirs / rate,
        theirs / floor
    ));
}

/// One of the two.
type Measure = fn(&Cost) -> Duration;

/// What a run takes.
#[derive(Clone, Copy)]
struct Cost {
    time: Duration,
    /// Of all threads and of children, in the system too.
    processor: Duration,
}

impl Cost {
    #[expect(clippy::disallowed_methods, reason = "measuring time is what this is for")]
    fn of(work: impl FnOnce()) -> Self {
        let (start, before) = (std::time::Instant::now(), processor());
        work();
        Self { time: start.elapsed(), processor: processor().saturating_sub(before) }
    }

    fn shown(self) -> String {
        format!("{:.2} s ({:.2})", self.time.as_secs_f64(), self.processor.as_secs_f64())
    }
}

/// Where the time of the bare work goes, on each of its threads.
#[derive(Clone, Copy, Default)]
struct Parts {
    signatures: Duration,
    files: Duration,
    commits: Duration,
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

    fn certgate(&self, turn: usize) -> Cost {
        let folder = self.folder("certgate", turn);
        let state = folder.join("state");
        run(certgate(&state).args(["ca", "import", "bench", "--key"]).arg(self.root.join("ca")));
        let inventory = folder.join("hosts.toml");
        let cost = Cost::of(|| run(certgate(&state).args(["issue", "--inventory"]).arg(inventory)));
        self.check(&folder);
        cost
    }

    fn by_agent(&self, turn: usize) -> Cost {
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
        let time = Cost::of(|| {
            run(certgate(&state)
                .env("SSH_AUTH_SOCK", &socket)
                .args(["issue", "--inventory"])
                .arg(folder.join("hosts.toml")));
        });
        // What the agent took is known once it has ended.
        let ending = Cost::of(|| {
            agent.kill().expect("it can be ended");
            agent.wait().expect("it ends");
        });
        self.check(&folder);
        Cost { processor: time.processor + ending.processor, ..time }
    }

    fn ssh_keygen(&self, turn: usize) -> Cost {
        let folder = self.folder("ssh-keygen", turn);
        let files: Vec<String> = (0..self.keys.len()).map(|number| format!("{number}.pub")).collect();
        let mut command = Command::new("ssh-keygen");
        command.current_dir(&folder).args(["-q", "-s"]).arg(self.root.join("ca"));
        command.args(["-h", "-I", "host", "-n", "host.example.com", "-V", "+30d", "-z", "+1"]).args(files);
        let cost = Cost::of(|| run(&mut command));
        self.check(&folder);
        cost
    }

    /// The least that has to be done: every file read and written, every certificate signed and verified, and all of it committed
    /// in batches before it is written.
    fn bare(&self, turn: usize) -> (Cost, Parts) {
        let folder = self.folder("bare", turn);
        let journal = folder.join("journal");
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let share = self.keys.len().div_ceil(threads).max(1);
        let numbers: Vec<usize> = (0..self.keys.len()).collect();
        let mut parts = Vec::new();
        let cost = Cost::of(|| {
            parts = std::thread::scope(|scope| {
                let start = |(thread, numbers)| {
                    let (folder, journal) = (&folder, journal.with_extension(format!("{thread}")));
                    scope.spawn(move || self.bare_share(folder, &journal, numbers))
                };
                let threads: Vec<_> = (0..threads).zip(numbers.chunks(share)).map(start).collect();
                threads.into_iter().map(|thread| thread.join().expect("it ends")).collect()
            });
        });
        self.check(&folder);
        let mean = |of: fn(&Parts) -> Duration| {
            let sum: Duration = parts.iter().map(of).sum();
            sum / u32::try_from(parts.len()).expect("threads are few")
        };
        let (signatures, files) = (mean(|parts| parts.signatures), mean(|parts| parts.files));
        (cost, Parts { signatures, files, commits: mean(|parts| parts.commits) })
    }

    fn bare_share(&self, folder: &Path, journal: &Path, numbers: &[usize]) -> Parts {
        let mut journal = File::create(journal).expect("it can be made");
        let mut parts = Parts::default();
        for batch in numbers.chunks(BATCH) {
            let mut signed = Vec::with_capacity(batch.len());
            parts.files += Cost::of(|| signed.extend(batch.iter().map(|number| read(folder, *number)))).time;
            let messages: Vec<u8> = signed.iter().flat_map(|(_, _, message)| message.clone()).collect();
            parts.commits += Cost::of(|| commit(&mut journal, &messages)).time;
            let mut lines = Vec::with_capacity(batch.len());
            parts.signatures += Cost::of(|| {
                for (number, key, message) in &signed {
                    let signature: SshSignature = self.authority.sign(message).expect("it signs");
                    signature.verify(self.authority.public_key(), message).expect("it made it");
                    lines.push((*number, key.to_line(&"A".repeat(400))));
                }
            })
            .time;
            let text: String = lines.iter().map(|(_, line)| line.as_str()).collect();
            parts.commits += Cost::of(|| commit(&mut journal, text.as_bytes())).time;
            parts.files +=
                Cost::of(|| lines.iter().for_each(|(number, line)| write(folder, *number, line))).time;
        }
        parts
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

/// The key of a host, and as many bytes as a certificate for one name has.
fn read(folder: &Path, number: usize) -> (usize, SshPublicKey, Vec<u8>) {
    let line = fs::read_to_string(folder.join(format!("{number}.pub"))).expect("it is there");
    let key = SshPublicKey::read(&line).expect("it reads");
    let message = [key.blob(), &[0; 250]].concat();
    (number, key, message)
}

/// Writes a file that has its name once it is whole.
fn write(folder: &Path, number: usize, line: &str) {
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::open(folder, flags, Mode::from_raw_mode(0o644)).expect("made"));
    file.write_all(line.as_bytes()).expect("it can be written");
    let opened = format!("/proc/self/fd/{}", file.as_raw_fd());
    let path = folder.join(format!("{number}-cert.pub"));
    rustix::fs::linkat(CWD, opened, CWD, path, AtFlags::SYMLINK_FOLLOW).expect("it can be named");
}

fn commit(journal: &mut File, bytes: &[u8]) {
    journal.write_all(bytes).expect("it can be written");
    journal.sync_data().expect("it reaches the disk");
}

/// Processor time of this process and of its children that have ended, to a hundredth of a second.
fn processor() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").expect("the system says it");
    // The name in parentheses may hold anything; times are the 14th to 17th field.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(4).filter_map(|field| field.parse::<u64>().ok());
    Duration::from_millis(10 * ticks.sum::<u64>())
}

fn cores() -> f64 {
    let count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    f64::from(u32::try_from(count).unwrap_or(1))
}

#[expect(clippy::disallowed_methods, reason = "how much to measure is for the one who measures")]
fn setting(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn line(what: &str, columns: [String; 4]) {
    let [ours, theirs, bare, agent] = columns;
    say(&format!("{what:<16} {ours:>15} {theirs:>15} {bare:>15} {agent:>15}"));
}

#[expect(clippy::print_stdout, reason = "a bench prints its table")]
fn say(text: &str) {
    println!("{text}");
}
