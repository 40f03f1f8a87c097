//! What the API holds.

use std::collections::{BTreeMap, BTreeSet};

use certgate_api::{Id, Resource};

use super::Marker;

/// The resources of one kind that bear a project's marker, by their names; of the others, how many there are.
pub struct Held<R> {
    project: String,
    by_name: BTreeMap<String, Vec<R>>,
    ids: BTreeSet<Id<R>>,
    foreign: usize,
}

impl<R: Resource> Held<R> {
    /// Nothing yet, of this project.
    #[must_use]
    pub fn of(project: impl Into<String>) -> Self {
        Self { project: project.into(), by_name: BTreeMap::new(), ids: BTreeSet::new(), foreign: 0 }
    }

    /// Takes a resource that the API lists; the order does not matter. One that is listed twice, for a page was left out
    /// of joint by a creation, is there once.
    pub fn insert(&mut self, resource: R) {
        if !self.ids.insert(resource.id()) {
            return;
        }
        match Marker::of_metadata(resource.metadata()) {
            Some(marker) if marker.project() == self.project => {
                self.by_name.entry(marker.name().to_owned()).or_default().push(resource);
            }
            _ => self.foreign += 1,
        }
    }

    /// How many bear no marker of the project.
    pub(super) const fn foreign(&self) -> usize {
        self.foreign
    }

    /// The ids of all, whosever they are; they are not held here any more.
    pub(super) fn take_ids(&mut self) -> BTreeSet<Id<R>> {
        std::mem::take(&mut self.ids)
    }

    /// Those under a name, in the order of their creation; they are not held here any more.
    pub(super) fn take(&mut self, name: &str) -> Vec<R> {
        self.by_name.remove(name).map(sorted).unwrap_or_default()
    }

    /// All that is left, by name.
    pub(super) fn rest(self) -> impl Iterator<Item = (String, Vec<R>)> {
        self.by_name.into_iter().map(|(name, resources)| (name, sorted(resources)))
    }
}

fn sorted<R: Resource>(mut resources: Vec<R>) -> Vec<R> {
    resources.sort_by_key(|resource| (resource.created_at(), resource.id()));
    resources
}
