//! Accounts and the ledger. In: keys, charges. Out: balances, and who paid what for which request.
//! Knows prices as numbers; the document's prices are chosen here too.

use std::collections::HashMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::clock::Moment;
use super::spec::Price;

/// One charge. Charges are only ever added.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Charge {
    /// 1, 2, 3, ...
    pub number: u64,
    /// When, as RFC 3339 writes it, by the emulator's clock.
    pub at: String,
    /// Whose credits.
    pub api_id: String,
    /// The operation that was charged.
    pub operation: String,
    /// The job that was paid for.
    pub job: String,
    /// The number of the request that caused the charge.
    pub request: u64,
    /// How many credits.
    pub credits: f64,
    /// What was left.
    pub balance: f64,
}

/// A charge as it is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) at: Moment,
    pub(crate) account: u32,
    pub(crate) operation: u32,
    pub(crate) job: Uuid,
    pub(crate) request: u64,
    pub(crate) thousandths: i64,
    pub(crate) balance: i64,
}

#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) api_id: String,
    /// Thousandths of a credit.
    pub(crate) balance: i64,
}

#[derive(Debug, Default)]
pub(crate) struct Accounts {
    pub(crate) all: Vec<Account>,
    by_id: HashMap<String, u32>,
    pub(crate) ledger: Vec<Entry>,
}

impl Accounts {
    /// The account of an id; opened with this balance when it is new.
    pub(crate) fn open(&mut self, api_id: &str, balance: i64) -> u32 {
        if let Some(account) = self.by_id.get(api_id) {
            return *account;
        }
        let account = self.all.len() as u32;
        self.all.push(Account {
            api_id: api_id.to_owned(),
            balance,
        });
        self.by_id.insert(api_id.to_owned(), account);
        account
    }

    pub(crate) fn balance(&self, account: u32) -> i64 {
        self.all
            .get(account as usize)
            .map_or(0, |account| account.balance)
    }

    pub(crate) fn find(&self, api_id: &str) -> Option<&Account> {
        let account = self.by_id.get(api_id)?;
        self.all.get(*account as usize)
    }

    pub(crate) fn set_balance(&mut self, account: u32, balance: i64) {
        if let Some(account) = self.all.get_mut(account as usize) {
            account.balance = balance;
        }
    }

    /// Takes the credits and adds an entry to the ledger; calls that cost nothing leave none.
    pub(crate) fn charge(&mut self, mut entry: Entry) {
        if entry.thousandths == 0 {
            return;
        }
        entry.balance = self.balance(entry.account) - entry.thousandths;
        self.set_balance(entry.account, entry.balance);
        self.ledger.push(entry);
    }
}

/// What a call costs, in thousandths: the row whose conditions the request meets, else the
/// default row, else the first without conditions. Started periods are charged in full.
pub(crate) fn price(prices: &[Price], request: &Map<String, Value>, seconds: u32) -> i64 {
    let meets = |price: &&Price| {
        let mut conditions = price.when.iter();
        !price.when.is_empty() && conditions.all(|(name, value)| request.get(name) == Some(value))
    };
    let row = prices
        .iter()
        .find(meets)
        .or_else(|| prices.iter().find(|price| price.default))
        .or_else(|| prices.iter().find(|price| price.when.is_empty()));
    row.map_or(0, |row| match row.per_seconds {
        Some(period) => row.thousandths * i64::from(seconds.div_ceil(period.max(1)).max(1)),
        None => row.thousandths,
    })
}

/// Thousandths as credits.
pub(crate) fn credits(thousandths: i64) -> f64 {
    thousandths as f64 / 1000.0
}

/// Credits as a JSON number, whole where they are whole.
pub(crate) fn number(thousandths: i64) -> Value {
    match thousandths % 1000 {
        0 => Value::from(thousandths / 1000),
        _ => Value::from(credits(thousandths)),
    }
}

#[cfg(test)]
mod tests {
    use super::price;
    use crate::spec::Price;
    use serde_json::json;

    #[test]
    fn started_periods_are_charged_by_the_row_that_fits() {
        let row = |thousandths, per_seconds, model: Option<&str>| Price {
            thousandths,
            per_seconds: Some(per_seconds),
            when: model
                .map(|model| ("model".to_owned(), json!(model)))
                .into_iter()
                .collect(),
            default: model == Some("standard"),
        };
        let models = [row(5000, 30, Some("standard")), row(500, 1, Some("fast"))];
        for (request, seconds, expected) in [
            (json!({"model": "fast"}), 7, 3500),
            (json!({"model": "standard"}), 31, 10_000),
            (json!({}), 30, 5000),
            (json!({}), 0, 5000),
        ] {
            let map = request.as_object().cloned().unwrap_or_default();
            assert_eq!(price(&models, &map, seconds), expected, "{request}");
        }
        assert_eq!(
            price(&[row(4000, 30, None)], &Default::default(), 61),
            12_000
        );
        assert_eq!(price(&[], &Default::default(), 61), 0);
    }
}
