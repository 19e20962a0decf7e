//! Estimates and sums as JSON. In: either. Out: the same in JSON, and back, if it can be one. Knows no ledger: what is
//! read here is never counted.

use serde_json::{Value, json};

use super::{Estimate, Spending};
use crate::runtime::decode::{DecodeError, FieldReader};
use crate::runtime::serde_impl::json_with_serde;
use crate::runtime::{Decode, Encode};

impl Encode for Estimate {
    fn encode(&self) -> Value {
        json!({"credits": self.credits.encode(), "per_seconds": self.per_seconds})
    }
}

impl Decode for Estimate {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        let mut fields = FieldReader::new(value)?;
        let credits = amount(&mut fields, "credits")?;
        let per_seconds = fields.optional::<Option<i64>>("per_seconds")?;
        let per_seconds = per_seconds.map(|seconds| {
            let seconds = u32::try_from(seconds).ok().filter(|seconds| *seconds > 0);
            seconds.ok_or_else(|| DecodeError::new("per_seconds: no number of seconds"))
        });
        Ok(Self {
            credits,
            per_seconds: per_seconds.transpose()?,
        })
    }
}

json_with_serde!(Estimate);

impl Encode for Spending {
    fn encode(&self) -> Value {
        // No limit is one that JSON has no number for.
        let limit = self.limit.is_finite().then_some(self.limit);
        json!({
            "limit": limit,
            "charged": self.charged.encode(),
            "reserved": self.reserved.encode(),
        })
    }
}

impl Decode for Spending {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        let mut fields = FieldReader::new(value)?;
        let limit = match fields.required::<Option<Value>>("limit")? {
            Some(limit) => credits("limit", f64::decode(limit)?)?,
            None => f64::INFINITY,
        };
        Ok(Self {
            limit,
            charged: amount(&mut fields, "charged")?,
            reserved: amount(&mut fields, "reserved")?,
        })
    }
}

json_with_serde!(Spending);

fn amount(fields: &mut FieldReader, name: &str) -> Result<f64, DecodeError> {
    credits(name, fields.required(name)?)
}

/// An amount that a client can have given out: negative ones would add to what may still be spent.
fn credits(name: &str, credits: f64) -> Result<f64, DecodeError> {
    match credits.is_finite() && credits >= 0.0 {
        true => Ok(credits),
        false => Err(DecodeError::new(format!("{name}: no amount of credits"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kept estimates and sums are shown and added up elsewhere, so their names are part of the interface.
    #[test]
    fn the_json_stays_as_it_is() {
        let by_length = Estimate {
            credits: 4.0,
            per_seconds: Some(30),
        };
        let fixed = Estimate {
            credits: 0.5,
            per_seconds: None,
        };
        let spending = Spending {
            limit: 12.0,
            charged: 4.5,
            reserved: 0.0,
        };
        let endless = Spending {
            limit: f64::INFINITY,
            ..spending
        };
        same(by_length, r#"{"credits":4.0,"per_seconds":30}"#);
        same(fixed, r#"{"credits":0.5,"per_seconds":null}"#);
        same(spending, r#"{"charged":4.5,"limit":12.0,"reserved":0.0}"#);
        same(endless, r#"{"charged":4.5,"limit":null,"reserved":0.0}"#);
    }

    /// Member by member: another crate of the program may have serde_json keep their order.
    #[track_caller]
    fn same<T>(value: T, text: &str)
    where
        T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
    {
        let expected: Value = serde_json::from_str(text).expect(text);
        assert_eq!(serde_json::to_value(&value).expect(text), expected);
        assert_eq!(serde_json::from_str::<T>(text).expect(text), value);
    }

    #[test]
    fn what_no_client_gives_out_is_refused() {
        for text in [
            r#"{"credits":-1,"per_seconds":null}"#,
            r#"{"credits":1,"per_seconds":0}"#,
            r#"{"credits":1,"per_seconds":4294967296}"#,
            r#"{"per_seconds":30}"#,
        ] {
            serde_json::from_str::<Estimate>(text).expect_err(text);
        }
        for text in [
            r#"{"limit":1,"charged":-1,"reserved":0}"#,
            r#"{"limit":-1,"charged":0,"reserved":0}"#,
            r#"{"limit":1,"charged":0,"reserved":null}"#,
            r#"{"charged":0,"reserved":0}"#,
        ] {
            serde_json::from_str::<Spending>(text).expect_err(text);
        }
    }
}
