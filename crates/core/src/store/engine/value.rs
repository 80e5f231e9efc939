//! Values on their way into a statement and columns on their way out. Must not know which database is behind them.

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};

use super::StoreError;

/// A parameter of a statement: `?1` is the first of the slice. Made by [`values!`](crate::values).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// SQL's NULL.
    Null,
    /// Whole numbers, booleans (0 and 1) and times (microseconds since 1970 UTC).
    Int(i64),
    /// Text, which is always UTF-8.
    Text(&'a str),
    /// Octets.
    Blob(&'a [u8]),
}

/// The parameters of a statement: `values![id, &subject, None::<i64>]` is a `&[Value]`.
#[macro_export]
macro_rules! values {
    () => { &[] as &[$crate::store::engine::Value<'_>] };
    ($($value:expr),+ $(,)?) => { &[$($crate::store::engine::Value::from($value)),+] as &[$crate::store::engine::Value<'_>] };
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(octets) => ValueRef::Blob(octets),
        }))
    }
}

macro_rules! from_small_integer {
    ($($integer:ty),+) => { $(
        impl From<$integer> for Value<'_> {
            fn from(number: $integer) -> Self {
                Value::Int(i64::from(number))
            }
        }
    )+ };
}
from_small_integer!(i64, i32, u32, u16, u8, bool);

/// Numbers above `i64::MAX` become `i64::MAX`: no column holds more, and a size or count that large is a limit anyway.
impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// As for `u64`.
impl From<usize> for Value<'_> {
    fn from(number: usize) -> Self {
        Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(text)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(octets: &'a [u8]) -> Self {
        Value::Blob(octets)
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(octets: &'a Vec<u8>) -> Self {
        Value::Blob(octets)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(octets: &'a [u8; N]) -> Self {
        Value::Blob(octets)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// A row of a result; columns are numbered from 0.
#[derive(Debug)]
pub struct Row<'r> {
    row: &'r rusqlite::Row<'r>,
}

impl<'r> Row<'r> {
    pub(super) fn new(row: &'r rusqlite::Row<'r>) -> Self {
        Row { row }
    }

    /// The column at `index`, as a type of ours.
    ///
    /// # Errors
    /// [`StoreError::Other`] if there is no such column or it holds another type: a fault of the program, or a database
    /// that was edited by hand.
    pub fn get<T: FromColumn>(&self, index: usize) -> Result<T, StoreError> {
        T::from_column(self.value(index)?).ok_or_else(|| self.mismatch::<T>(index))
    }

    /// Text without a copy.
    ///
    /// # Errors
    /// As for [`Row::get`].
    pub fn text(&self, index: usize) -> Result<&str, StoreError> {
        match self.value(index)? {
            Value::Text(text) => Ok(text),
            _ => Err(self.mismatch::<&str>(index)),
        }
    }

    /// Octets without a copy.
    ///
    /// # Errors
    /// As for [`Row::get`].
    pub fn blob(&self, index: usize) -> Result<&[u8], StoreError> {
        match self.value(index)? {
            Value::Blob(octets) => Ok(octets),
            _ => Err(self.mismatch::<&[u8]>(index)),
        }
    }

    fn value(&self, index: usize) -> Result<Value<'_>, StoreError> {
        let column = self.row.get_ref(index).map_err(|_| StoreError::Other(format!("the result has no column {index}")))?;
        match column {
            ValueRef::Null => Ok(Value::Null),
            ValueRef::Integer(number) => Ok(Value::Int(number)),
            ValueRef::Blob(octets) => Ok(Value::Blob(octets)),
            ValueRef::Text(octets) => match std::str::from_utf8(octets) {
                Ok(text) => Ok(Value::Text(text)),
                Err(_) => Err(StoreError::Other(format!("column {} is text that is not UTF-8", self.name(index)))),
            },
            ValueRef::Real(_) => {
                Err(StoreError::Other(format!("column {} is a fraction, which no table holds", self.name(index))))
            }
        }
    }

    fn name(&self, index: usize) -> String {
        let name = self.row.as_ref().column_name(index);
        name.map_or_else(|_| index.to_string(), |name| format!("{index} ({name})"))
    }

    #[cold]
    fn mismatch<T>(&self, index: usize) -> StoreError {
        let wanted = std::any::type_name::<T>();
        StoreError::Other(format!("column {} does not hold what the program expects there ({wanted})", self.name(index)))
    }
}

/// A type that a column can be read as. Closed: other types are made from these by the store's own modules.
pub trait FromColumn: Sized + sealed::Sealed {
    /// `None` if the column holds something else.
    #[doc(hidden)]
    fn from_column(value: Value<'_>) -> Option<Self>;
}

mod sealed {
    /// Keeps [`super::FromColumn`] closed.
    pub trait Sealed {}
    impl Sealed for i64 {}
    impl Sealed for u64 {}
    impl Sealed for u32 {}
    impl Sealed for bool {}
    impl Sealed for String {}
    impl Sealed for Vec<u8> {}
    impl<T: Sealed> Sealed for Option<T> {}
}

impl FromColumn for i64 {
    fn from_column(value: Value<'_>) -> Option<Self> {
        if let Value::Int(number) = value { Some(number) } else { None }
    }
}

impl FromColumn for u64 {
    fn from_column(value: Value<'_>) -> Option<Self> {
        i64::from_column(value).and_then(|number| number.try_into().ok())
    }
}

impl FromColumn for u32 {
    fn from_column(value: Value<'_>) -> Option<Self> {
        i64::from_column(value).and_then(|number| number.try_into().ok())
    }
}

/// 0 is false, everything else true.
impl FromColumn for bool {
    fn from_column(value: Value<'_>) -> Option<Self> {
        i64::from_column(value).map(|number| number != 0)
    }
}

impl FromColumn for String {
    fn from_column(value: Value<'_>) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.to_owned()) } else { None }
    }
}

impl FromColumn for Vec<u8> {
    fn from_column(value: Value<'_>) -> Option<Self> {
        if let Value::Blob(octets) = value { Some(octets.to_vec()) } else { None }
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(value: Value<'_>) -> Option<Self> {
        if value == Value::Null { Some(None) } else { T::from_column(value).map(Some) }
    }
}
