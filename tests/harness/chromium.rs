//! Chromium without a window, driven through `chromedriver` (WebDriver, W3C).

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::Folder;

/// How a web element is named in answers, by the specification.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// What keeps a browser from talking to anybody but the page's server, and from needing anything of this machine.
const ARGUMENTS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--no-proxy-server",
];

/// A browser of its own, with an empty profile. Ended when it is dropped.
pub(crate) struct Chromium {
    _profile: Folder,
    driver: Child,
    /// Where commands go: `http://127.0.0.1:…/session/…`.
    session: String,
}

impl Chromium {
    pub(crate) fn new() -> Self {
        let profile = Folder::new();
        let mut driver = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, port) = line.split_once("started successfully on port ")?;
                Some(port.trim_end_matches('.').to_owned())
            })
            .unwrap();
        let mut arguments = ARGUMENTS.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.path("profile").display()));
        let always = json!({
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let mut browser =
            Self { _profile: profile, driver, session: format!("http://127.0.0.1:{port}/session") };
        let made = browser.post("", &json!({ "capabilities": { "alwaysMatch": always } }));
        browser.session = format!("{}/{}", browser.session, made["sessionId"].as_str().unwrap());
        browser
    }

    /// Opens a page, and waits until it is there.
    pub(crate) fn open(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    /// The value of an expression in the page.
    pub(crate) fn value(&self, expression: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": format!("return {expression}"), "args": [] }))
    }

    /// The texts of all that a selector finds, as they are seen.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let found = self.post("/elements", &json!({ "using": "css selector", "value": selector }));
        let text = |element: &Value| self.ask("GET", &format!("/element/{}/text", id_of(element)), None);
        found.as_array().unwrap().iter().map(|element| text(element).as_str().unwrap().to_owned()).collect()
    }

    /// The one text that a selector finds.
    #[track_caller]
    pub(crate) fn text(&self, selector: &str) -> String {
        let texts = self.texts(selector);
        assert_eq!(texts.len(), 1, "{selector}: {texts:?}");
        texts.into_iter().next().unwrap()
    }

    pub(crate) fn click(&self, selector: &str) {
        self.post(&format!("/element/{}/click", self.one(selector)), &json!({}));
    }

    pub(crate) fn type_into(&self, selector: &str, text: &str) {
        self.post(&format!("/element/{}/value", self.one(selector)), &json!({ "text": text }));
    }

    /// A screen of this size from now on, in CSS pixels.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// A preference of whoever looks, such as `prefers-color-scheme`, from now on.
    pub(crate) fn prefer(&self, feature: &str, value: &str) {
        let features = json!({ "features": [{ "name": feature, "value": value }] });
        self.devtools("Emulation.setEmulatedMedia", &features);
    }

    /// As on paper, from now on.
    pub(crate) fn print(&self) {
        self.devtools("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    }

    /// The names of all that has a role, as those hear them who do not see the page.
    pub(crate) fn roles(&self, role: &str) -> Vec<String> {
        let tree = self.devtools("Accessibility.getFullAXTree", &json!({}));
        let nodes = tree["nodes"].as_array().unwrap().iter();
        let of_role = nodes.filter(|node| node["role"]["value"] == role && node["ignored"] == false);
        of_role.map(|node| node["name"]["value"].as_str().unwrap().to_owned()).collect()
    }

    /// What the console was told since the last look: errors, and what the policy of a page did not allow.
    pub(crate) fn console(&self) -> Vec<String> {
        let texts = self.log("browser").into_iter();
        texts.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The addresses of all that pages of the web asked for since the last look; the browser has pages of its own.
    pub(crate) fn requests(&self) -> Vec<String> {
        let message = |entry: Value| serde_json::from_str::<Value>(entry["message"].as_str()?).ok();
        let events = self.log("performance").into_iter().filter_map(message);
        let of_web =
            |params: &Value| params["documentURL"].as_str().is_some_and(|url| url.starts_with("http"));
        events
            .filter(|event| event["message"]["method"] == "Network.requestWillBeSent")
            .map(|event| event["message"]["params"].clone())
            .filter(of_web)
            .map(|params| params["request"]["url"].as_str().unwrap().to_owned())
            .collect()
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        self.post("/se/log", &json!({ "type": kind })).as_array().unwrap().clone()
    }

    fn devtools(&self, command: &str, params: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": params }))
    }

    fn one(&self, selector: &str) -> String {
        id_of(&self.post("/element", &json!({ "using": "css selector", "value": selector })))
    }

    fn post(&self, command: &str, body: &Value) -> Value {
        self.ask("POST", command, Some(body))
    }

    /// A command of WebDriver; the value that comes back.
    fn ask(&self, method: &str, command: &str, body: Option<&Value>) -> Value {
        let mut curl = Command::new("curl");
        curl.args(["-sS", "--noproxy", "*", "-X", method, "-H", "Content-Type: application/json"]);
        if body.is_some() {
            curl.args(["--data-binary", "@-"]);
        }
        curl.arg(format!("{}{command}", self.session)).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut curl = curl.spawn().unwrap();
        let body = body.map(Value::to_string).unwrap_or_default();
        curl.stdin.take().unwrap().write_all(body.as_bytes()).unwrap();
        let output = curl.wait_with_output().unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(answer["value"]["error"].is_null(), "{method} {command}: {answer}");
        answer["value"].clone()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Ends the browser; the driver alone would leave it behind.
        let _ = Command::new("curl")
            .args(["-sS", "-o", "/dev/null", "--noproxy", "*", "-X", "DELETE", &self.session])
            .status();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn id_of(element: &Value) -> String {
    element[ELEMENT].as_str().unwrap().to_owned()
}
