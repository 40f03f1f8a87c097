//! The table of logs is made of Chrome's public list, https://www.gstatic.com/ct/log_list/v3/log_list.json.
//!
//! `CERTGATE_CT_LOG_LIST=log_list.json UPDATE=1 cargo test -p certgate-rules --test ct_logs` makes it anew; without `UPDATE` it is
//! compared with that file. Only ids, names and operators are taken, of logs whose SCTs may count.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]
#![expect(clippy::disallowed_methods, reason = "whoever renews the table says where the list lies")]

use std::path::PathBuf;

use base64::Engine as _;
use serde_json::{Value, json};

/// States in which a log's SCTs never count.
const NOT_COUNTED: [&str; 2] = ["pending", "rejected"];

/// The lines of the table, by operator and name; and the day of the list.
fn table(list: &Value) -> (String, String) {
    let mut rows = Vec::new();
    for operator in list["operators"].as_array().unwrap() {
        let logs = ["logs", "tiled_logs"].into_iter().filter_map(|kind| operator[kind].as_array()).flatten();
        for log in logs {
            let state = log["state"].as_object().and_then(|state| state.keys().next()).map(String::as_str);
            if state.is_none_or(|state| NOT_COUNTED.contains(&state)) {
                continue;
            }
            let id = base64::engine::general_purpose::STANDARD.decode(text(&log["log_id"])).unwrap();
            assert_eq!(id.len(), 32, "{log}");
            let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
            rows.push((text(&operator["name"]).to_owned(), text(&log["description"]).to_owned(), id));
        }
    }
    rows.sort();
    let lines = rows.into_iter().map(|(operator, name, id)| format!("{id}\t{operator}\t{name}\n"));
    (lines.collect(), format!("{}\n", &text(&list["log_list_timestamp"])[..10]))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn the_table_is_that_of_the_list_that_is_named() {
    let Some(path) = std::env::var_os("CERTGATE_CT_LOG_LIST").filter(|path| !path.is_empty()) else { return };
    let list = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/ct_log");
    let (logs, date) = table(&list);
    for (name, text) in [("logs.txt", logs), ("date.txt", date)] {
        let path = folder.join(name);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "{name} is of another list");
    }
}

#[test]
fn logs_that_may_count_are_taken_of_the_list_and_no_others() {
    let log = |name: &str, byte: u8, state: &str| {
        let id = base64::engine::general_purpose::STANDARD.encode([byte; 32]);
        json!({ "description": name, "log_id": id, "state": { state: {} } })
    };
    let list = json!({
        "log_list_timestamp": "2026-11-02T12:00:00Z",
        "operators": [
            { "name": "Two", "logs": [log("b", 2, "usable"), log("c", 3, "rejected")], "tiled_logs": [log("a", 1, "retired")] },
            { "name": "One", "logs": [log("d", 4, "pending"), log("e", 5, "readonly")] },
        ],
    });
    let row = |byte: &str, rest: &str| format!("{}\t{rest}\n", byte.repeat(32));
    let (logs, date) = table(&list);
    assert_eq!(logs, row("05", "One\te") + &row("01", "Two\ta") + &row("02", "Two\tb"));
    assert_eq!(date, "2026-11-02\n");
}

#[test]
fn the_committed_table_has_the_form_of_a_made_one() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/ct_log");
    let logs = std::fs::read_to_string(folder.join("logs.txt")).unwrap();
    let key = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, operator, name] = fields[..] else { panic!("{line}") };
        assert!(id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
        (operator.to_owned(), name.to_owned())
    };
    let keys: Vec<_> = logs.lines().map(key).collect();
    assert!(keys.len() > 20 && keys.is_sorted());
}
