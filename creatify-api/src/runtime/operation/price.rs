//! Prices as data. In: what the specification says of an operation's cost. Out: constants that estimates are made of.
//! Knows no call.

/// What an operation costs.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Price {
    /// Credits, per call or per the seconds given.
    pub credits: f64,
    /// The length of video or audio that the credits buy; each one begun is charged.
    pub per_seconds: Option<u32>,
    /// The field of the body and its value for which this price holds.
    pub when: Option<(&'static str, &'static str)>,
    /// Whether this price also holds when that field is left out.
    pub by_default: bool,
}

impl Price {
    pub(crate) const fn new(credits: f64) -> Self {
        Self {
            credits,
            per_seconds: None,
            when: None,
            by_default: false,
        }
    }

    pub(crate) const fn per_seconds(mut self, seconds: u32) -> Self {
        self.per_seconds = Some(seconds);
        self
    }

    pub(crate) const fn when(mut self, field: &'static str, value: &'static str) -> Self {
        self.when = Some((field, value));
        self
    }

    pub(crate) const fn by_default(mut self) -> Self {
        self.by_default = true;
        self
    }
}
