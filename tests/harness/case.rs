//! The JSON that the tests look at, by name.

use serde_json::Value;

use super::Certgate;

/// One element of `cases` in `check --format json`.
#[derive(Debug)]
pub(crate) struct Case(Value);

/// One element of its `findings`.
#[derive(Debug)]
pub(crate) struct Finding<'a>(&'a Value);

/// One rule as `rules --format json` lists it.
#[derive(Clone, Debug)]
pub(crate) struct Card(Value);

impl Case {
    pub(crate) fn new(json: Value) -> Self {
        Self(json)
    }

    pub(crate) fn json(&self) -> &Value {
        &self.0
    }

    pub(crate) fn findings(&self) -> Vec<Finding<'_>> {
        self.0["findings"].as_array().expect("there are findings").iter().map(Finding).collect()
    }

    pub(crate) fn finding(&self, rule: &str) -> Option<Finding<'_>> {
        self.findings().into_iter().find(|finding| finding.rule() == rule)
    }

    /// The names of the rules that found something, in order.
    pub(crate) fn rules(&self) -> Vec<&str> {
        self.0["findings"]
            .as_array()
            .expect("there are findings")
            .iter()
            .map(|finding| text(&finding["rule"]))
            .collect()
    }

    pub(crate) fn is_accepted(&self) -> bool {
        self.0["api"]["accepted"].as_bool().expect("accepted is true or false")
    }

    /// The code the API would answer.
    pub(crate) fn api_code(&self) -> Option<&str> {
        self.0["api"]["code"].as_str()
    }
}

impl<'a> Finding<'a> {
    pub(crate) fn rule(&self) -> &'a str {
        text(&self.0["rule"])
    }

    pub(crate) fn code(&self) -> &'a str {
        text(&self.0["code"])
    }

    pub(crate) fn severity(&self) -> &'a str {
        text(&self.0["severity"])
    }

    pub(crate) fn api_code(&self) -> Option<&'a str> {
        self.0["api_code"].as_str()
    }

    pub(crate) fn message(&self) -> &'a str {
        text(&self.0["message"])
    }

    pub(crate) fn path(&self) -> &'a str {
        text(&self.0["primary"]["path"])
    }

    /// Line and column of the primary place.
    pub(crate) fn place(&self) -> (u64, u64) {
        let number = |field: &str| self.0["primary"][field].as_u64().expect("places are numbers");
        (number("line"), number("column"))
    }
}

impl Card {
    pub(crate) fn name(&self) -> &str {
        text(&self.0["name"])
    }

    pub(crate) fn code(&self) -> &str {
        text(&self.0["code"])
    }

    pub(crate) fn level(&self) -> &str {
        text(&self.0["level"])
    }

    pub(crate) fn summary(&self) -> &str {
        text(&self.0["summary"])
    }

    pub(crate) fn api_code(&self) -> Option<&str> {
        self.0["api_code"].as_str()
    }

    /// Its own code of the API, and those that it may cause.
    pub(crate) fn api_codes(&self) -> impl Iterator<Item = &str> {
        let may_cause = self.0["may_cause"].as_array().expect("there is a list");
        self.api_code().into_iter().chain(may_cause.iter().map(text))
    }
}

/// Every rule, as `certgate rules` lists it.
pub(crate) fn cards() -> Vec<Card> {
    let json = Certgate::new(["rules", "--format", "json"]).exits(0).json();
    json["rules"].as_array().expect("rules are listed").iter().cloned().map(Card).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}
