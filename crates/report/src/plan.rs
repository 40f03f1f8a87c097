//! What is to be done so that the API holds what is declared, and what became of it.
//!
//! The JSON has a version number of its own. Within a version, fields are added but neither change their meaning nor go
//! away.

mod served;
mod tally;
mod v1;

use std::io::{self, Write};

use annotate_snippets::renderer::{AnsiColor, Reset};
use certgate_facts::Timestamp;
use certgate_rules::Finding;
use serde::Serialize;

use crate::printable::printable;

pub use served::{Served, ServedState};

/// A kind of resource, as manifests call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An SSH host certificate.
    SshHostCertificate,
    /// A TLS certificate.
    TlsCertificate,
}

/// What is to be done about a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is to be created.
    Create,
    /// Description or metadata are to be changed.
    Update,
    /// Another one is to be created in its place.
    Replace,
    /// It is as declared.
    Keep,
    /// It is to be deleted.
    Delete,
    /// It is left over, and stays: nobody said that it may be deleted.
    Leave,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was done yet, or nothing is to be done.
    Planned,
    /// It was done.
    Done,
    /// It could not be done, in words.
    Failed(String),
    /// It was not tried, for something before it failed.
    NotTried,
}

/// A declaration or a leftover, and what is to be done about it.
pub struct Item<'a> {
    /// What kind of resource.
    pub kind: Kind,
    /// The name it is declared under.
    pub name: &'a str,
    /// What is to be done.
    pub action: Action,
    /// The resource it is about: the one held, the new one once it is there; `None` before.
    pub id: Option<String>,
    /// The resource that it takes the place of.
    pub replaces: Option<String>,
    /// Why, or what it is.
    pub reasons: Vec<String>,
    /// What was found in judging it.
    pub findings: &'a [Finding],
    /// How far it is.
    pub outcome: Outcome,
}

/// All that is to be done for a project, in order.
pub struct Plan<'a> {
    /// The project.
    pub project: &'a str,
    /// The moment at which was judged and compared.
    pub at: Timestamp,
    /// Whether it is carried out, or only shown.
    pub is_push: bool,
    /// What is declared, in the order declared, then what is left over.
    pub items: &'a [Item<'a>],
    /// How many resources of others the API holds.
    pub foreign: usize,
    /// What servers serve, if anyone asked.
    pub served: &'a [Served],
}

impl Kind {
    /// As manifests call it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::SshHostCertificate => "ssh_host_certificate",
            Self::TlsCertificate => "tls_certificate",
        }
    }
}

impl Item<'_> {
    /// Whether anything is to be done.
    #[must_use]
    pub const fn is_change(&self) -> bool {
        !matches!(self.action, Action::Keep | Action::Leave)
    }
}

impl Plan<'_> {
    /// As JSON, version 1.
    ///
    /// # Errors
    /// None that is known; those of the JSON writer.
    pub fn json(&self) -> io::Result<String> {
        v1::json(self)
    }

    /// Writes a line for each item that is not kept, and a line that sums it up.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn write_text(&self, out: &mut dyn Write, color: bool) -> io::Result<()> {
        let told: Vec<&Item<'_>> = self.items.iter().filter(|item| item.action != Action::Keep).collect();
        for item in &told {
            write_line(out, item, color)?;
        }
        if !told.is_empty() {
            writeln!(out)?;
        }
        writeln!(out, "{}: {}", printable(self.project), tally::of(self))?;
        self.served.iter().try_for_each(|served| served.write_text(out, color))
    }
}

fn write_line(out: &mut dyn Write, item: &Item<'_>, color: bool) -> io::Result<()> {
    let (sign, sign_color) = match (&item.outcome, item.action) {
        (Outcome::Failed(_), _) => ("!", AnsiColor::Red),
        (_, Action::Create) => ("+", AnsiColor::Green),
        (_, Action::Update) => ("~", AnsiColor::Yellow),
        (_, Action::Replace) => ("±", AnsiColor::Yellow),
        (_, Action::Delete) => ("-", AnsiColor::Red),
        (_, Action::Leave | Action::Keep) => (" ", AnsiColor::White),
    };
    match color {
        true => write!(out, "{}{sign}{Reset}", sign_color.on_default())?,
        false => write!(out, "{sign}")?,
    }
    write!(out, " {}.{}: {}", item.kind.word(), printable(item.name), printable(&verb(item)))?;
    if !item.reasons.is_empty() {
        write!(out, ": {}", printable(&item.reasons.join("; ")))?;
    }
    match &item.outcome {
        Outcome::Failed(why) => writeln!(out, ": {}", printable(why)),
        Outcome::Planned | Outcome::Done | Outcome::NotTried => writeln!(out),
    }
}

fn verb(item: &Item<'_>) -> String {
    let is_done = item.outcome == Outcome::Done;
    let word = match (item.action, is_done) {
        (Action::Create, false) => "create",
        (Action::Create, true) => "created",
        (Action::Update, false) => "update",
        (Action::Update, true) => "updated",
        (Action::Replace, false) => "replace",
        (Action::Replace, true) => "replaced",
        (Action::Delete, false) => "delete",
        (Action::Delete, true) => "deleted",
        (Action::Leave, _) => "left over",
        (Action::Keep, _) => "unchanged",
    };
    let verb = match (&item.replaces, &item.id) {
        (Some(old), Some(new)) => format!("{word} {old} by {new}"),
        (Some(id), None) | (None, Some(id)) => format!("{word} {id}"),
        (None, None) => word.to_owned(),
    };
    match item.outcome {
        Outcome::Failed(_) => format!("could not {verb}"),
        Outcome::NotTried => format!("not tried: {verb}"),
        Outcome::Planned | Outcome::Done => verb,
    }
}

#[cfg(test)]
mod tests;
