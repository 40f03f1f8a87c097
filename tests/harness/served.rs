//! `certgate serve`, and `curl` to ask it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use super::{Certgate, Folder};

/// A server of its own, at an address that was free, with a key that opens it. Ended when it is dropped.
pub(crate) struct Served {
    folder: Folder,
    server: Child,
    /// Reads what the server writes to standard error: it would not go on if nobody did.
    log: Option<JoinHandle<String>>,
    /// `http://127.0.0.1:…`.
    pub(crate) origin: String,
    pub(crate) key: String,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// A request to be.
pub(crate) struct Asked<'s> {
    served: &'s Served,
    method: String,
    path: String,
    headers: Vec<String>,
    body: Option<Vec<u8>>,
}

impl Served {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// With more arguments. There is no limit on requests unless one is asked for.
    pub(crate) fn with(arguments: &[&str]) -> Self {
        Self::among(&[], arguments)
    }

    /// With more arguments and an environment, in which a database may be named that others have too.
    pub(crate) fn among(variables: &[(&str, &str)], arguments: &[&str]) -> Self {
        let folder = Folder::new();
        let variables: Vec<(String, String)> =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let key = new_key(&folder.path("state"), &variables, &[]);
        let mut given: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        if !arguments.contains(&"--rate-limit") {
            given.extend(["--rate-limit", "off"].map(str::to_owned));
        }
        let (server, log, origin) = start(&folder.path("state"), &variables, &given);
        Self { folder, server, log, origin, key, arguments: given, variables }
    }

    /// The state folder.
    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path("state")
    }

    /// `certgate` with the same state.
    pub(crate) fn certgate(&self, arguments: &[&str]) -> Certgate {
        told(Certgate::new(arguments), &self.state(), &self.variables)
    }

    /// Another key, made with these arguments.
    pub(crate) fn another_key(&self, arguments: &[&str]) -> String {
        new_key(&self.state(), &self.variables, arguments)
    }

    /// The process.
    pub(crate) fn process(&self) -> u32 {
        self.server.id()
    }

    /// Kills the server, and starts another one on the same state.
    pub(crate) fn killed_and_started(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
        (self.server, self.log, self.origin) = start(&self.state(), &self.variables, &self.arguments);
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> &str {
        self.origin.split_once("://").unwrap().1
    }

    /// The way to it: its address, and a key that opens it.
    pub(crate) fn way(&self) -> (String, String) {
        (self.address().to_owned(), self.key.clone())
    }

    /// A connection without encryption.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Sends bytes, and reads what comes back until the connection ends.
    pub(crate) fn exchange(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect();
        // A server that has read enough closes the connection.
        let _ = stream.write_all(bytes.as_ref());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The head of a request with the key and the version, as it goes over the wire; without the empty line.
    pub(crate) fn head(&self, line: &str) -> String {
        format!("{line}\r\nAuthorization: Bearer {}\r\nNgrok-Version: 2\r\n", self.key)
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.process().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end that a signal asked for; what it wrote to standard error, its log, comes back.
    pub(crate) fn waited(self) -> String {
        self.waited_with(0)
    }

    /// The same for an end with another exit code.
    pub(crate) fn waited_with(mut self, code: i32) -> String {
        let log = self.log.take().unwrap().join().unwrap();
        assert_eq!(self.server.wait().unwrap().code(), Some(code), "{log}");
        log
    }

    /// Ends the server with SIGTERM, and waits; what it wrote to standard error, its log, comes back.
    pub(crate) fn ended(self) -> String {
        self.signal("TERM");
        self.waited()
    }

    /// A request with the key and the version that belong to it.
    pub(crate) fn ask(&self, method: &str, path: &str) -> Asked<'_> {
        let headers = vec![format!("Authorization: Bearer {}", self.key), "Ngrok-Version: 2".to_owned()];
        Asked { headers, ..self.ask_bare(method, path) }
    }

    /// A request with nothing.
    pub(crate) fn ask_bare(&self, method: &str, path: &str) -> Asked<'_> {
        Asked {
            served: self,
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path).answer()
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path).answer()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path).json(body).answer()
    }

    pub(crate) fn patch(&self, path: &str, body: &Value) -> Answer {
        self.ask("PATCH", path).json(body).answer()
    }

    /// Creates an SSH authority with an Ed25519 key; its id comes back.
    pub(crate) fn authority(&self) -> String {
        let answer = self.post("/ssh_certificate_authorities", &serde_json::json!({})).is(201).json();
        answer["id"].as_str().unwrap().to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A run with the state, and the rest of an environment.
fn told(run: Certgate, state: &Path, variables: &[(String, String)]) -> Certgate {
    let run = run.variable("CERTGATE_STATE", state.to_str().unwrap());
    variables.iter().fold(run, |run, (name, value)| run.variable(name, value))
}

fn new_key(state: &Path, variables: &[(String, String)], arguments: &[&str]) -> String {
    let make = Certgate::new(["api-key", "create"]).arguments(arguments);
    told(make, state, variables).exits(0).stdout.trim_end().to_owned()
}

fn start(
    state: &Path,
    variables: &[(String, String)],
    arguments: &[String],
) -> (Child, Option<JoinHandle<String>>, String) {
    let serve = Certgate::new(["serve", "--listen", "127.0.0.1:0"]).arguments(arguments);
    let mut server = told(serve, state, variables).start();
    let stderr = server.stderr.take().unwrap();
    let log = thread::spawn(move || std::io::read_to_string(stderr).unwrap());
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let scheme = if arguments.contains(&"--tls-cert".to_owned()) { "https" } else { "http" };
    if !line.starts_with(&format!("{scheme}://127.0.0.1:")) {
        panic!("{line:?}: {:?}: {}", server.wait(), log.join().unwrap());
    }
    (server, Some(log), line.trim_end().to_owned())
}

impl Asked<'_> {
    pub(crate) fn header(mut self, header: &str) -> Self {
        self.headers.push(header.to_owned());
        self
    }

    /// Without the header of this name.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|header| !header.starts_with(name));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("Content-Type: application/json").body(body.to_string())
    }

    pub(crate) fn answer(self) -> Answer {
        let url = format!("{}{}", self.served.origin, self.path);
        let mut curl = Command::new("curl");
        // Whose certificate it is, other tests look at.
        curl.args([
            "-k",
            "-sS",
            "-i",
            "--noproxy",
            "*",
            "--path-as-is",
            "-g",
            "-H",
            "Expect:",
            "-X",
            &self.method,
        ]);
        for header in &self.headers {
            curl.args(["-H", header]);
        }
        if self.body.is_some() {
            curl.args(["--data-binary", "@-"]);
            if !self.headers.iter().any(|header| header.starts_with("Content-Type")) {
                curl.args(["-H", "Content-Type:"]);
            }
        }
        let mut curl = curl
            .arg(url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = curl.stdin.take().unwrap();
        // A server that refuses before it has read all closes the connection.
        let _ = stdin.write_all(&self.body.unwrap_or_default());
        drop(stdin);
        let output = curl.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        Answer::read(&text).unwrap_or_else(|| panic!("{}: {text}", String::from_utf8_lossy(&output.stderr)))
    }
}

impl Answer {
    /// What `curl -i` wrote.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        Some(Self { status, headers, body: body.to_owned() })
    }

    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("no JSON: {error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The number of the code that a refusal has.
    #[track_caller]
    pub(crate) fn code(&self) -> Option<u16> {
        let json = self.json();
        Some(json["error_code"].as_str()?.strip_prefix("ERR_NGROK_")?.parse().unwrap())
    }

    /// A refusal with this status and code, in the shape that refusals have.
    #[track_caller]
    pub(crate) fn refuses(self, status: u16, code: u16) -> Self {
        assert_eq!((self.status, self.code()), (status, Some(code)), "{self:?}");
        let json = self.json();
        assert_eq!(json["status_code"], status, "{self:?}");
        assert_eq!(json["details"]["operation_id"].as_str(), self.header("ngrok-operation-id"), "{self:?}");
        let keys = [
            "{\"error_code\":",
            ",\"status_code\":",
            ",\"msg\":\"",
            "\",\"details\":{\"operation_id\":\"op_",
        ];
        let mut rest = self.body.as_str();
        for key in keys {
            rest = rest.split_once(key).unwrap_or_else(|| panic!("{key} is not in its place: {self:?}")).1;
        }
        self
    }
}
