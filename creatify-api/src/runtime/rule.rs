//! The limits of a request as data. In: what the specification states. Out: constants that the
//! check walks. Knows neither values nor messages.

/// The limits on one field or parameter; a limit that is `None` does not apply.
///
/// A rule with limits says nothing about a field that is absent or null.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Rule {
    /// The name of the field on the wire.
    pub field: &'static str,
    /// Most characters (Unicode code points) of a string.
    pub max_length: Option<usize>,
    /// Fewest characters (Unicode code points) of a string.
    pub min_length: Option<usize>,
    /// A regular expression that must match somewhere in the string.
    pub pattern: Option<&'static str>,
    /// What the string must be.
    pub format: Option<Format>,
    /// The only texts that the string may be, unless the call allows unknown values.
    pub one_of: Option<&'static [&'static str]>,
    /// Smallest number.
    pub minimum: Option<Bound>,
    /// Largest number.
    pub maximum: Option<Bound>,
    /// The number must be a whole multiple of this one.
    pub multiple_of: Option<f64>,
    /// Fewest items of a list.
    pub min_items: Option<usize>,
    /// Most items of a list.
    pub max_items: Option<usize>,
    /// Whether no two items of a list may be equal.
    pub unique_items: bool,
    /// Fewest fields of an object.
    pub min_properties: Option<usize>,
    /// Most fields of an object.
    pub max_properties: Option<usize>,
    /// The limits on what the field holds.
    pub nested: Option<Nested>,
    /// What the object that has the fields must hold. Such a rule is about the whole object: its
    /// `field` is empty, and it has no limits.
    pub requires: Option<Requires>,
}

/// What an object must hold, beside fields that are always required; names on the wire.
///
/// A field that is absent, null, a blank text or an empty list is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Requires {
    /// All fields of at least one of these groups.
    Any(&'static [&'static [&'static str]]),
    /// More fields when one holds a certain text.
    When {
        /// The field that decides.
        field: &'static str,
        /// Its text.
        equals: &'static str,
        /// The fields that must then be there.
        then: &'static [&'static str],
    },
}

/// An end of a range of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Bound {
    /// The number itself is allowed.
    Inclusive(f64),
    /// The number itself is not allowed.
    Exclusive(f64),
}

/// What a string must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// An absolute URL.
    Uri,
    /// A decimal number as text.
    Decimal,
    /// A UUID as text.
    Uuid,
    /// An RFC 3339 timestamp as text.
    DateTime,
}

/// The limits on what a field holds. The functions are those of the encoded types, so that types
/// may hold themselves.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Nested {
    /// The fields of the object.
    Object(fn() -> &'static [Rule]),
    /// The fields of each object in the list.
    Items(fn() -> &'static [Rule]),
    /// The fields of each object in the map.
    Values(fn() -> &'static [Rule]),
    /// Each item of the list, itself.
    EachItem(&'static Rule),
    /// Each value of the map, itself.
    EachValue(&'static Rule),
}

impl Rule {
    pub(crate) const fn new(field: &'static str) -> Self {
        Self {
            field,
            max_length: None,
            min_length: None,
            pattern: None,
            format: None,
            one_of: None,
            minimum: None,
            maximum: None,
            multiple_of: None,
            min_items: None,
            max_items: None,
            unique_items: false,
            min_properties: None,
            max_properties: None,
            nested: None,
            requires: None,
        }
    }

    pub(crate) const fn requires_any(groups: &'static [&'static [&'static str]]) -> Self {
        let mut rule = Self::new("");
        rule.requires = Some(Requires::Any(groups));
        rule
    }

    pub(crate) const fn requires_when(
        field: &'static str,
        equals: &'static str,
        then: &'static [&'static str],
    ) -> Self {
        let mut rule = Self::new("");
        rule.requires = Some(Requires::When {
            field,
            equals,
            then,
        });
        rule
    }

    pub(crate) const fn max_length(mut self, characters: usize) -> Self {
        self.max_length = Some(characters);
        self
    }

    pub(crate) const fn min_length(mut self, characters: usize) -> Self {
        self.min_length = Some(characters);
        self
    }

    pub(crate) const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    pub(crate) const fn format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    pub(crate) const fn one_of(mut self, values: &'static [&'static str]) -> Self {
        self.one_of = Some(values);
        self
    }

    pub(crate) const fn minimum(mut self, number: f64) -> Self {
        self.minimum = Some(Bound::Inclusive(number));
        self
    }

    pub(crate) const fn exclusive_minimum(mut self, number: f64) -> Self {
        self.minimum = Some(Bound::Exclusive(number));
        self
    }

    pub(crate) const fn maximum(mut self, number: f64) -> Self {
        self.maximum = Some(Bound::Inclusive(number));
        self
    }

    pub(crate) const fn exclusive_maximum(mut self, number: f64) -> Self {
        self.maximum = Some(Bound::Exclusive(number));
        self
    }

    pub(crate) const fn multiple_of(mut self, number: f64) -> Self {
        self.multiple_of = Some(number);
        self
    }

    pub(crate) const fn min_items(mut self, items: usize) -> Self {
        self.min_items = Some(items);
        self
    }

    pub(crate) const fn max_items(mut self, items: usize) -> Self {
        self.max_items = Some(items);
        self
    }

    pub(crate) const fn unique_items(mut self) -> Self {
        self.unique_items = true;
        self
    }

    pub(crate) const fn min_properties(mut self, properties: usize) -> Self {
        self.min_properties = Some(properties);
        self
    }

    pub(crate) const fn max_properties(mut self, properties: usize) -> Self {
        self.max_properties = Some(properties);
        self
    }

    pub(crate) const fn object(mut self, rules: fn() -> &'static [Self]) -> Self {
        self.nested = Some(Nested::Object(rules));
        self
    }

    pub(crate) const fn items(mut self, rules: fn() -> &'static [Self]) -> Self {
        self.nested = Some(Nested::Items(rules));
        self
    }

    pub(crate) const fn values(mut self, rules: fn() -> &'static [Self]) -> Self {
        self.nested = Some(Nested::Values(rules));
        self
    }

    pub(crate) const fn each_item(mut self, rule: &'static Self) -> Self {
        self.nested = Some(Nested::EachItem(rule));
        self
    }

    pub(crate) const fn each_value(mut self, rule: &'static Self) -> Self {
        self.nested = Some(Nested::EachValue(rule));
        self
    }
}
