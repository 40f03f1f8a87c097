//! What is to be done so that the API holds what is declared; nothing here sends anything, or knows the time.
//!
//! A [`Marker`] in the metadata says whose a resource is. [`Held`] takes what the API lists and keeps what bears the
//! project's marker: the rest is foreign, is counted, and is never touched. [`plan`] compares it with each
//! [`Declaration`], in the order declared:
//!
//! ```
//! use certgate_client::plan::{Action, DeclaredTls, Held, Marker, plan};
//! # use std::sync::Arc;
//! # use certgate_facts::{Reading, Source};
//! # use certgate_rules::{Slot, TlsUpload};
//! # let read = |name: &str| -> Result<_, Box<dyn std::error::Error>> {
//! #     let path = format!("{}/../../fixtures/seed/{name}", env!("CARGO_MANIFEST_DIR"));
//! #     Ok(Slot::whole(Arc::new(Reading::of(Source::read(name, std::fs::File::open(path)?)?))))
//! # };
//! # let upload = TlsUpload::new(read("example.com.pem")?, read("example.com.key")?);
//! let marker = Marker::new("shop", "www")?;
//! let upload = upload.with_metadata(format!(r#"{{"certgate":"{marker}"}}"#));
//! let nothing = Held::of("shop");
//! let plan = plan(&[DeclaredTls::of("www", &upload)], nothing, "2026-11-01".parse()?);
//! assert!(matches!(plan.steps[0].action, Action::Create));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod marker;
mod declaration;
mod held;

use std::collections::BTreeSet;

use certgate_api::{Id, Resource, Update};
use certgate_facts::Timestamp;

pub use declaration::{Declaration, DeclaredHost, DeclaredTls};
pub use held::Held;
pub use marker::{MARKER_KEY, Marker, NotAMarker, WORD_BYTES_MAX};

/// What is to be done about the resources of one kind.
pub struct Plan<R> {
    /// A step for each declaration, in the order declared.
    pub steps: Vec<Step<R>>,
    /// What is held under the project's marker and is none of what is declared, once the steps are done: first what is
    /// superseded, in the order declared, then the rest by name; oldest first.
    pub leftovers: Vec<Leftover<R>>,
    /// How many resources bear no marker of the project.
    pub foreign: usize,
    /// All that was there, whosever it is: nothing of it is the outcome of a creation to come.
    pub known: BTreeSet<Id<R>>,
}

/// What is to be done about one declaration.
pub struct Step<R> {
    /// The name it is declared under.
    pub name: String,
    /// What is to be done.
    pub action: Action<R>,
}

/// What is to be done about a declaration.
pub enum Action<R> {
    /// Nothing is held for it: one is to be created.
    Create,
    /// One is to be created in place of another, which becomes a leftover.
    Replace {
        /// The newest one held.
        held: Id<R>,
        /// What sets it apart from what is declared: one at least.
        reasons: Vec<String>,
    },
    /// Description or metadata are to be changed.
    Update {
        /// The one held.
        held: Id<R>,
        /// What is to be changed.
        update: Update,
    },
    /// Nothing.
    Keep {
        /// The one held.
        held: Id<R>,
    },
}

/// A resource of the project that nothing declared needs any more.
pub struct Leftover<R> {
    /// The name in its marker.
    pub name: String,
    /// Its id.
    pub id: Id<R>,
    /// Why it is left over.
    pub reason: Reason,
}

/// Why a resource is left over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Another one is there for the same declaration, or will be.
    Superseded,
    /// Nothing is declared under its name.
    Undeclared,
}

/// Compares what is declared with what is held, at the moment `at`.
///
/// Of several resources for one declaration, the newest that fits is the one; if none does, the newest is replaced.
pub fn plan<D: Declaration>(declared: &[D], mut held: Held<D::Resource>, at: Timestamp) -> Plan<D::Resource> {
    let mut plan = Plan {
        steps: Vec::with_capacity(declared.len()),
        leftovers: Vec::new(),
        foreign: held.foreign(),
        known: held.take_ids(),
    };
    for declaration in declared {
        let mut candidates = held.take(declaration.name());
        let (action, chosen) = step(declaration, &candidates, at);
        if let Some(index) = chosen {
            candidates.remove(index);
        }
        let name = declaration.name().to_owned();
        plan.leave(&name, &candidates, Reason::Superseded);
        plan.steps.push(Step { name, action });
    }
    for (name, resources) in held.rest() {
        plan.leave(&name, &resources, Reason::Undeclared);
    }
    plan
}

/// What is to be done, and which of the candidates stays. They are in the order of their creation.
fn step<D: Declaration>(
    declaration: &D,
    candidates: &[D::Resource],
    at: Timestamp,
) -> (Action<D::Resource>, Option<usize>) {
    let Some(newest) = candidates.last() else { return (Action::Create, None) };
    let fits = |resource: &D::Resource| declaration.differences(resource, at).is_empty();
    let Some((index, kept)) = candidates.iter().enumerate().rev().find(|(_, resource)| fits(resource)) else {
        return (Action::Replace { held: newest.id(), reasons: declaration.differences(newest, at) }, None);
    };
    let changed = |wanted: &str, held: &str| (wanted != held).then(|| wanted.to_owned());
    let update = Update {
        description: changed(declaration.description(), kept.description()),
        metadata: changed(declaration.metadata(), kept.metadata()),
    };
    let held = kept.id();
    match update == Update::default() {
        true => (Action::Keep { held }, Some(index)),
        false => (Action::Update { held, update }, Some(index)),
    }
}

impl<R: Resource> Plan<R> {
    fn leave(&mut self, name: &str, resources: &[R], reason: Reason) {
        let leftovers =
            resources.iter().map(|resource| Leftover { name: name.to_owned(), id: resource.id(), reason });
        self.leftovers.extend(leftovers);
    }
}

#[cfg(test)]
mod tests;
