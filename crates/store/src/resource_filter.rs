//! Which resources are asked for.

use certgate_facts::Timestamp;

use crate::error::Error;

/// Most tests in a filter; each text of a list counts as one.
pub const FILTER_TESTS_MAX: usize = 200;
/// How deep a filter may be nested.
pub const FILTER_DEPTH_MAX: usize = 32;

/// Which resources are asked for.
///
/// A resource passes a test or it does not; there is no third way. One that has no such text or time passes no test of it,
/// and so passes the opposite of every test of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceFilter {
    /// Those that pass all of these; without any, all resources there are.
    All(Vec<Self>),
    /// Those that pass one of these at least; without any, none.
    Any(Vec<Self>),
    /// Those that do not pass this.
    Not(Box<Self>),
    /// Those with a text that passes a test.
    Text(TextField, TextTest),
    /// Those with a time that is so to a moment.
    Time(TimeField, Relation, Timestamp),
}

/// What is read as a text. Texts are compared byte by byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextField {
    /// The id.
    Id,
    /// For people.
    Description,
    /// For programs.
    Metadata,
    /// [`ResourceFacts::subject_common_name`](crate::ResourceFacts::subject_common_name).
    SubjectCommonName,
    /// [`ResourceFacts::serial_number`](crate::ResourceFacts::serial_number).
    SerialNumber,
}

/// What is read as a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeField {
    /// When the resource was created.
    CreatedAt,
    /// [`ResourceFacts::not_before`](crate::ResourceFacts::not_before).
    NotBefore,
    /// [`ResourceFacts::not_after`](crate::ResourceFacts::not_after).
    NotAfter,
}

/// What a text must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextTest {
    /// One of these.
    In(Vec<String>),
    /// So to this one.
    Compare(Relation, String),
    /// With this one in it.
    Contains(String),
    /// With this one at its start.
    StartsWith(String),
    /// With this one at its end.
    EndsWith(String),
    /// So long, in Unicode scalar values.
    Length(Relation, u32),
}

/// How something is to something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// Before it.
    Less,
    /// Before it, or the same.
    AtMost,
    /// The same.
    Equal,
    /// The same, or after it.
    AtLeast,
    /// After it.
    Greater,
}

impl Relation {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Less, Self::AtMost, Self::Equal, Self::AtLeast, Self::Greater];
}

impl ResourceFilter {
    /// What all resources pass.
    pub const EVERYTHING: Self = Self::All(Vec::new());

    /// Whether it is small enough to be asked.
    ///
    /// # Errors
    ///
    /// [`Error::TextUnfit`] for more than [`FILTER_TESTS_MAX`] tests, or deeper than [`FILTER_DEPTH_MAX`].
    pub fn check(&self) -> Result<(), Error> {
        let unfit = |reason| Err(Error::TextUnfit { field: "filter", reason });
        let (mut level, mut tests) = (vec![self], 0);
        for _ in 0..FILTER_DEPTH_MAX {
            tests += level.iter().map(|filter| filter.tests()).sum::<usize>();
            level = level.into_iter().flat_map(Self::parts).collect();
        }
        match tests {
            _ if !level.is_empty() => unfit("it is nested too deep"),
            tests if tests > FILTER_TESTS_MAX => unfit("it has too many tests"),
            _ => Ok(()),
        }
    }

    /// How many tests there are here, not counting those of its parts.
    fn tests(&self) -> usize {
        match self {
            Self::Text(_, TextTest::In(texts)) => texts.len().max(1),
            Self::Text(..) | Self::Time(..) => 1,
            Self::All(_) | Self::Any(_) | Self::Not(_) => 0,
        }
    }

    fn parts(&self) -> &[Self] {
        match self {
            Self::All(parts) | Self::Any(parts) => parts,
            Self::Not(part) => std::slice::from_ref(part),
            Self::Text(..) | Self::Time(..) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_has_so_many_tests_and_is_so_deep_and_no_more() {
        let one = || ResourceFilter::Text(TextField::Id, TextTest::Contains(String::new()));
        let list = |texts| ResourceFilter::Text(TextField::Id, TextTest::In(vec![String::new(); texts]));
        let deep = |depth: usize| (1..depth).fold(one(), |part, _| ResourceFilter::Not(Box::new(part)));
        for (filter, is_fit) in [
            (ResourceFilter::EVERYTHING, true),
            (ResourceFilter::Any(vec![one(); FILTER_TESTS_MAX]), true),
            (ResourceFilter::Any(vec![one(); FILTER_TESTS_MAX + 1]), false),
            (ResourceFilter::All(vec![list(FILTER_TESTS_MAX - 1), one()]), true),
            (ResourceFilter::All(vec![list(FILTER_TESTS_MAX), one()]), false),
            (deep(FILTER_DEPTH_MAX), true),
            (deep(FILTER_DEPTH_MAX + 1), false),
        ] {
            assert_eq!(filter.check().is_ok(), is_fit, "{filter:?}");
        }
    }
}
