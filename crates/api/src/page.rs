//! Pages of lists.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::received::Received;
use crate::resource::Resource;

/// The most resources on one page, and how many there are where the request does not say.
pub const PAGE_ITEMS_MAX: u32 = 100;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The resources.
    pub items: Vec<T>,
    /// Where the list is, without a query.
    pub uri: String,
    /// Where the next page is; `None` on the last.
    pub next_page_uri: Option<String>,
}

/// What a page holds: a resource, or one with its text.
pub trait Item: sealed::Sealed {
    /// The key under which a page holds them.
    const LIST_KEY: &'static str;
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else may name it")]
    pub trait Sealed {}
    impl<R: super::Resource> Sealed for R {}
    impl<R: super::Resource> Sealed for super::Received<R> {}
}

impl<R: Resource> Item for R {
    const LIST_KEY: &'static str = R::COLLECTION.name;
}

impl<R: Resource> Item for Received<R> {
    const LIST_KEY: &'static str = R::COLLECTION.name;
}

impl<T: Item + Serialize> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Page", 3)?;
        object.serialize_field(T::LIST_KEY, &self.items)?;
        object.serialize_field("uri", &self.uri)?;
        object.serialize_field("next_page_uri", &self.next_page_uri)?;
        object.end()
    }
}

impl<'de, T: Item + Deserialize<'de>> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Object(PhantomData))
    }
}

struct Object<T>(PhantomData<T>);

impl<'de, T: Item + Deserialize<'de>> Visitor<'de> for Object<T> {
    type Value = Page<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an object with a list of `{}`", T::LIST_KEY)
    }

    fn visit_map<M: MapAccess<'de>>(self, mut object: M) -> Result<Page<T>, M::Error> {
        let (mut items, mut uri, mut next_page_uri) = (None, None, None);
        while let Some(key) = object.next_key::<String>()? {
            match key.as_str() {
                key if key == T::LIST_KEY => items = object.next_value()?,
                "uri" => uri = object.next_value()?,
                "next_page_uri" => next_page_uri = object.next_value()?,
                _ => drop(object.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Page {
            items: items.ok_or_else(|| de::Error::missing_field(T::LIST_KEY))?,
            uri: uri.unwrap_or_default(),
            next_page_uri: next_page_uri.filter(|uri: &String| !uri.is_empty()),
        })
    }
}
