//! What is put into statements.

use std::borrow::Cow;

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Text,
    Blob,
}

/// A value, of a kind even if it is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'v> {
    Null(Kind),
    Integer(i64),
    Text(Cow<'v, str>),
    Blob(Cow<'v, [u8]>),
}

impl Value<'_> {
    pub(crate) const fn kind(&self) -> Kind {
        match self {
            Self::Null(kind) => *kind,
            Self::Integer(_) => Kind::Integer,
            Self::Text(_) => Kind::Text,
            Self::Blob(_) => Kind::Blob,
        }
    }
}

/// Values for the parameters `?1`, `?2`, ….
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::sql::Value::from($value)),*] };
}
pub(crate) use values;

/// What is kept as a value, its absence too.
pub(crate) trait Kinded<'v>: Into<Value<'v>> {
    const KIND: Kind;
}

/// Says for types what they are kept as.
macro_rules! kept_as {
    ($($type:ty: $kind:ident = $make:expr;)+) => { $(
        impl<'v> Kinded<'v> for $type {
            const KIND: Kind = Kind::$kind;
        }

        impl<'v> From<$type> for Value<'v> {
            fn from(value: $type) -> Self {
                Self::$kind($make(value))
            }
        }
    )+ };
}

/// Numbers that are kept as integers: those beyond 2^63-1 as that.
fn capped<N: TryInto<i64>>(number: N) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

kept_as! {
    i64: Integer = |number| number;
    u64: Integer = capped;
    usize: Integer = capped;
    bool: Integer = i64::from;
    &'v str: Text = Cow::Borrowed;
    &'v String: Text = |text: &'v String| Cow::Borrowed(text.as_str());
    String: Text = Cow::Owned;
    &'v [u8]: Blob = Cow::Borrowed;
    &'v Vec<u8>: Blob = |bytes: &'v Vec<u8>| Cow::Borrowed(bytes.as_slice());
    Vec<u8>: Blob = Cow::Owned;
}

impl<'v, const LENGTH: usize> From<&'v [u8; LENGTH]> for Value<'v> {
    fn from(bytes: &'v [u8; LENGTH]) -> Self {
        Self::Blob(Cow::Borrowed(bytes))
    }
}

impl<'v, T: Kinded<'v>> From<Option<T>> for Value<'v> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null(T::KIND), Into::into)
    }
}
