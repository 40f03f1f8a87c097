//! Where to look for what a filter lets through.

use std::ops::RangeInclusive;

use super::super::condition::{text_column, time_column};
use crate::resource::{ResourceId, ResourceKind};
use crate::resource_filter::{Relation, ResourceFilter, TextField, TextTest, TimeField};

/// Less than any id, since none is empty; and greater, since nothing in one is greater than a letter.
const ANY_ID: (&str, &str) = ("", "{");

/// Ids between which all is that a page can have.
#[derive(Debug)]
pub(super) struct Bounds<'f> {
    pub(super) above: &'f str,
    pub(super) below: &'f str,
}

impl<'f> Bounds<'f> {
    /// What a filter and the page before say of ids. One that a filter lets through stays inside.
    pub(super) fn of(filter: &'f ResourceFilter, before: Option<&'f ResourceId>) -> Self {
        let (above, below) = (ANY_ID.0, before.map_or(ANY_ID.1, ResourceId::as_str));
        let mut bounds = Self { above, below };
        bounds.narrow(filter);
        bounds
    }

    fn narrow(&mut self, filter: &'f ResourceFilter) {
        match filter {
            ResourceFilter::All(parts) => parts.iter().for_each(|part| self.narrow(part)),
            ResourceFilter::Text(TextField::Id, TextTest::Compare(relation, id)) => match relation {
                Relation::Less => self.below = self.below.min(id),
                Relation::Greater => self.above = self.above.max(id),
                // Those have one more in them than can be said here.
                Relation::AtMost | Relation::Equal | Relation::AtLeast => {}
            },
            _ => {}
        }
    }
}

/// A way to some resources by an index, in the order of their ids.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Way<'f> {
    /// Those with one of these texts.
    Texts { column: &'static str, texts: &'f [String] },
    /// Those with a time in a range, in seconds since 1970.
    Range(&'static str, RangeInclusive<i64>),
}

/// Ways on which all is that a filter lets through; nothing where no index leads to it.
pub(super) fn ways(filter: &ResourceFilter, kind: ResourceKind) -> Option<Vec<Way<'_>>> {
    match filter {
        ResourceFilter::All(parts) => {
            let found = parts.iter().filter_map(|part| ways(part, kind));
            found.reduce(|one, other| shorter(met(one, &other), other))
        }
        ResourceFilter::Any(parts) => {
            let found: Option<Vec<_>> = parts.iter().map(|part| ways(part, kind)).collect();
            found.map(|ways| ways.into_iter().flatten().collect())
        }
        ResourceFilter::Text(
            field @ (TextField::Id | TextField::SubjectCommonName | TextField::SerialNumber),
            test,
        ) => {
            let texts = match test {
                TextTest::In(texts) => texts.as_slice(),
                TextTest::Compare(Relation::Equal, text) => std::slice::from_ref(text),
                _ => return None,
            };
            Some(vec![Way::Texts { column: text_column(*field), texts }])
        }
        ResourceFilter::Time(field @ (TimeField::NotBefore | TimeField::NotAfter), relation, at)
            if kind.is_x509() =>
        {
            Some(vec![Way::Range(time_column(*field), range(*relation, at.unix_secs()))])
        }
        _ => None,
    }
}

/// The seconds that are so to this one.
fn range(relation: Relation, at: i64) -> RangeInclusive<i64> {
    let nothing = RangeInclusive::new(1, 0);
    match relation {
        Relation::Less => at.checked_sub(1).map_or(nothing, |last| i64::MIN..=last),
        Relation::AtMost => i64::MIN..=at,
        Relation::Equal => at..=at,
        Relation::AtLeast => at..=i64::MAX,
        Relation::Greater => at.checked_add(1).map_or(nothing, |first| first..=i64::MAX),
    }
}

/// Of two ranges of the same time, what they have in common; else the first.
fn met<'f>(one: Vec<Way<'f>>, other: &[Way<'f>]) -> Vec<Way<'f>> {
    match (one.as_slice(), other) {
        ([Way::Range(column, left)], [Way::Range(same, right)]) if column == same => {
            vec![Way::Range(column, *left.start().max(right.start())..=*left.end().min(right.end()))]
        }
        _ => one,
    }
}

/// Those ways that are likely to lead to less.
fn shorter<'f>(one: Vec<Way<'f>>, other: Vec<Way<'f>>) -> Vec<Way<'f>> {
    let length = |ways: &[Way<'_>]| {
        let of = |way: &Way<'_>| match way {
            Way::Texts { texts, .. } => (0, u64::try_from(texts.len()).unwrap_or(u64::MAX)),
            Way::Range(_, range) => (1, range.end().abs_diff((*range.start()).min(*range.end()))),
        };
        ways.iter()
            .map(of)
            .fold((0, 0), |(kind, sum), (another, length)| (kind.max(another), length.saturating_add(sum)))
    };
    if length(&other) < length(&one) { other } else { one }
}
