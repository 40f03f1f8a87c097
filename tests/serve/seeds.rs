//! The published examples, replayed: the commands are run as they stand there, and the answers are the same, byte by byte,
//! but for ids, places, times and signatures.

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Answer, Folder, Served, fixtures};

const PLACE: &str = "https://api.ngrok.com";
const TLS: &str = "/tls_certificates";
const TLS_ONE: &str = "/tls_certificates/cert_2rwwl6y1UCOM1WjSQhSj2VPegVh";
const HOSTS: &str = "/ssh_host_certificates";
const HOST_ONE: &str = "/ssh_host_certificates/shcrt_2rwwl4Y81Rw2C9CbleWWfl7v3Js";
const AUTHORITY: &str = "sshca_2rwwl5w69mehWeDVlbshgAxOzQS";
/// How long the certificate of the example is valid.
const LIFETIME_SECS: i64 = 90 * 86_400;

fn seed(name: &str) -> String {
    std::fs::read_to_string(fixtures().join("seed").join(name)).unwrap()
}

fn published(name: &str) -> Value {
    serde_json::from_str(&seed(name)).unwrap()
}

fn with(mut json: Value, name: &str, value: impl Into<Value>) -> Value {
    json[name] = value.into();
    json
}

/// A server, and what it says in the place of what the examples say.
struct Replayed {
    served: Served,
    own: Vec<(String, String)>,
}

impl Replayed {
    fn new() -> Self {
        let served = Served::with(&["--serials", "zero"]);
        let own = vec![(served.origin.clone(), PLACE.to_owned())];
        Self { served, own }
    }

    /// From now on, `own` stands for what is `published`.
    fn stands_for(&mut self, own: &str, published: &str) {
        self.own.push((own.to_owned(), published.to_owned()));
    }

    /// What is created stands for the example from now on: its id, and when it was.
    fn is_the_example(&mut self, created: &Value, published: &Value) {
        for name in ["id", "created_at"] {
            self.stands_for(created[name].as_str().unwrap(), published[name].as_str().unwrap());
        }
    }

    /// Runs a command as it is published, with its own names in it; the answer as it came.
    fn run(&self, method: &str, path: &str, body: Option<&str>) -> Answer {
        let mut command = format!("curl \\\n-X {method} \\\n-H \"Authorization: Bearer {{API_KEY}}\" \\\n");
        if body.is_some() {
            command += "-H \"Content-Type: application/json\" \\\n";
        }
        command += "-H \"Ngrok-Version: 2\" \\\n";
        if let Some(body) = body {
            command += &format!("-d '{body}' \\\n");
        }
        command += &format!("{PLACE}{path}");
        let own = self.own.iter().fold(command, |command, (own, published)| command.replace(published, own));
        let own = own.replace("{API_KEY}", &self.served.key).replacen("curl", "curl -sS -i --noproxy '*'", 1);
        let output = Command::new("sh").args(["-c", &own]).output().unwrap();
        Answer::read(&String::from_utf8(output.stdout).unwrap())
            .unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }

    /// An answer as the examples show theirs: with their names, and keys in the order of the alphabet.
    fn shown(&self, answer: &Answer) -> String {
        let text =
            self.own.iter().fold(answer.body.clone(), |text, (own, published)| text.replace(own, published));
        in_order(&serde_json::from_str(&text).unwrap())
    }
}

fn in_order(json: &Value) -> String {
    serde_json::to_string_pretty(json).unwrap()
}

/// The time that an id tells is that of `created_at`.
fn assert_id_of_its_time(answer: &Value) {
    let id = answer["id"].as_str().unwrap();
    let digits = id.rsplit_once('_').unwrap().1.bytes().map(|digit| {
        let alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        u64::try_from(alphabet.iter().position(|known| *known == digit).unwrap()).unwrap()
    });
    // The first 32 of 160 bits, close enough in floating point: 27 digits of base 62.
    let value = digits.fold(0.0_f64, |value, digit| value * 62.0 + f64::from(u32::try_from(digit).unwrap()));
    let secs = value / 2.0_f64.powi(128) + 1_400_000_000.0;
    let at: certgate_facts::Timestamp = answer["created_at"].as_str().unwrap().parse().unwrap();
    let created = f64::from(u32::try_from(at.unix_secs()).unwrap());
    assert!((secs - created).abs() < 2.0, "{id}: {secs} and {created}");
}

#[test]
fn the_five_tls_examples_are_answered_as_they_were() {
    let mut replayed = Replayed::new();
    let due = published("response.json");
    // As published: without a line feed at the end.
    let body = json!({
        "certificate_pem": seed("example.com.pem").trim_end(),
        "private_key_pem": seed("example.com.key").trim_end(),
    })
    .to_string();
    let older = replayed.run("POST", TLS, Some(&body)).is(201).json();
    let older_due = with(due.clone(), "created_at", "2025-01-21T18:19:30Z");
    let older_due = with(older_due, "id", "cert_2rwwiJpwl6XDu1WKzHVQuLm5oPo");
    let older_due = with(older_due, "uri", format!("{PLACE}{TLS}/cert_2rwwiJpwl6XDu1WKzHVQuLm5oPo"));
    replayed.is_the_example(&older, &older_due);
    // Two moments, as in the example.
    std::thread::sleep(Duration::from_millis(1100));

    let created = replayed.run("POST", TLS, Some(&body)).is(201);
    assert_id_of_its_time(&created.json());
    replayed.is_the_example(&created.json(), &due);
    assert_eq!(replayed.shown(&created), in_order(&due));

    // The published list is the older first; what is said of lists is the newer first.
    let listed = replayed.run("GET", TLS, None).is(200);
    let uri = format!("{PLACE}{TLS}");
    let list = json!({ "next_page_uri": null, "tls_certificates": [due, older_due], "uri": uri });
    assert_eq!(replayed.shown(&listed), in_order(&list));

    let changed = replayed.run("PATCH", TLS_ONE, Some(r#"{"metadata":"{\"example\": true}"}"#)).is(200);
    let due = with(due, "metadata", "{\"example\": true}");
    assert_eq!(replayed.shown(&changed), in_order(&due));
    let read = replayed.run("GET", TLS_ONE, None).is(200);
    assert_eq!(replayed.shown(&read), in_order(&due));
    assert_eq!(replayed.run("DELETE", TLS_ONE, None).is(204).body, "");
    replayed.run("GET", TLS_ONE, None).is(404);
}

#[test]
fn the_same_upload_twice_is_two_certificates() {
    let served = Served::new();
    let body =
        json!({ "certificate_pem": seed("example.com.pem"), "private_key_pem": seed("example.com.key") });
    let [first, second] = [(); 2].map(|()| served.post(TLS, &body).is(201).json());
    assert_ne!(first["id"], second["id"]);
    for name in ["certificate_pem", "serial_number"] {
        assert_eq!(first[name], second[name]);
    }
}

/// What `ssh-keygen -L` says of a certificate, its file and its authority's key left out.
fn said_of(line: &str) -> Vec<String> {
    let folder = Folder::new();
    let path = folder.write("host-cert.pub", line);
    let output = Command::new("ssh-keygen").args(["-L", "-f"]).arg(path).env("TZ", "UTC").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().skip(1).map(|line| line.split(" SHA256:").next().unwrap().to_owned());
    lines.collect()
}

/// The certificate of the answer is that of the example: as long, and OpenSSH says the same of it but for times.
fn assert_is_like_the_published(own: &Value, published: &Value) {
    let [own_line, line] = [own, published].map(|json| json["certificate"].as_str().unwrap());
    assert_eq!(own_line.len(), line.len());
    assert_eq!(own_line.split(' ').next(), line.split(' ').next());
    assert_eq!(own_line.split(' ').nth(2), own["id"].as_str());
    let own_id = own["id"].as_str().unwrap();
    let time = |json: &Value, name: &str| json[name].as_str().unwrap().trim_end_matches('Z').to_owned();
    let mut said = said_of(own_line).join("\n").replace(own_id, published["id"].as_str().unwrap());
    for name in ["valid_after", "valid_until"] {
        said = said.replace(&time(own, name), &time(published, name));
    }
    assert_eq!(said, said_of(line).join("\n"));
}

#[test]
fn the_five_ssh_examples_are_answered_as_they_were() {
    let mut replayed = Replayed::new();
    let due = published("host-certificate.json");
    let authority = replayed.served.post("/ssh_certificate_authorities", &json!({})).is(201).json();
    replayed.stands_for(authority["id"].as_str().unwrap(), AUTHORITY);
    let now: certgate_facts::Timestamp = authority["created_at"].as_str().unwrap().parse().unwrap();
    let until = certgate_facts::Timestamp::from_unix_secs(now.unix_secs() + LIFETIME_SECS).to_string();
    // That of the example has passed.
    replayed.stands_for(&until, due["valid_until"].as_str().unwrap());
    let mut body = serde_json::Map::new();
    for name in ["description", "principals", "public_key", "ssh_certificate_authority_id", "valid_until"] {
        body.insert(name.to_owned(), due[name].clone());
    }
    let created = replayed.run("POST", HOSTS, Some(&Value::Object(body).to_string())).is(201);
    let json = created.json();
    assert_id_of_its_time(&json);
    assert_is_like_the_published(&json, &due);
    replayed.stands_for(json["certificate"].as_str().unwrap(), due["certificate"].as_str().unwrap());
    replayed.is_the_example(&json, &due);
    assert_eq!(json["valid_after"], json["created_at"]);
    assert_eq!(replayed.shown(&created), in_order(&due));

    let listed = replayed.run("GET", HOSTS, None).is(200);
    let uri = format!("{PLACE}{HOSTS}");
    let list = json!({ "next_page_uri": null, "ssh_host_certificates": [due], "uri": uri });
    assert_eq!(replayed.shown(&listed), in_order(&list));

    let changed =
        replayed.run("PATCH", HOST_ONE, Some(r#"{"metadata":"{\"region\": \"us-west-2\"}"}"#)).is(200);
    let due = with(due, "metadata", "{\"region\": \"us-west-2\"}");
    assert_eq!(replayed.shown(&changed), in_order(&due));
    let read = replayed.run("GET", HOST_ONE, None).is(200);
    assert_eq!(replayed.shown(&read), in_order(&due));
    assert_eq!(replayed.run("DELETE", HOST_ONE, None).is(204).body, "");
    replayed.run("GET", HOST_ONE, None).is(404);
}
