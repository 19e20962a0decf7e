//! Lists that come in pages. In: the call of one page. Out: the items of that page and all after
//! it, one by one. Knows no item's type until it is handed out.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::{StreamExt, stream};
use serde_json::Value;

use super::decode::{Content, DecodeError};
use super::request::RequestBuilder;
use super::transport::BoxStream;
use super::{Call, Decode, Error, Paging, engine};

/// The items of all pages, beginning with the page that the call asks for, or with the first.
/// Each page is requested when the items before it have been read.
///
/// A stream of `Result<T, Error>`; [`next`](Self::next) reads it without a further crate. An item that cannot be read is an error of its own, and the
/// stream goes on; a page that cannot be had is an error, and the stream ends.
#[must_use = "nothing is requested before this is read"]
pub struct Items<T> {
    values: BoxStream<'static, Result<Value, Error>>,
    operation: Cow<'static, str>,
    types: PhantomData<fn() -> T>,
}

impl<T> Items<T> {
    pub(crate) fn new<P, O>(call: Call<P, O>) -> Self {
        let builder = call.into_builder();
        Self {
            operation: builder.callee.name(),
            values: values(builder),
            types: PhantomData,
        }
    }
}

impl<T: Decode> Items<T> {
    /// The next item; none after the last. The same as of the stream, without a further crate.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T: Decode> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let operation = self.operation.clone();
        let decode = |value| {
            T::decode(value)
                .map_err(|error| Error::unreadable(error).with_operation(operation.clone()))
        };
        self.values
            .as_mut()
            .poll_next(context)
            .map(|item| item.map(|value| value.and_then(decode)))
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Items")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// The items of all pages of a list; an error when one of them cannot be had.
pub(crate) async fn all(builder: RequestBuilder) -> Result<Vec<Value>, Error> {
    /// What has more does not end: it gives the same page again and again.
    const LONGEST: usize = 1_000_000;
    let mut values = values(builder);
    let mut all = Vec::new();
    while let Some(value) = values.next().await {
        all.push(value?);
        if all.len() > LONGEST {
            return Err(Error::unreadable(DecodeError::new("the list has no end")));
        }
    }
    Ok(all)
}

/// Where the reading of pages stands.
struct Reading {
    builder: RequestBuilder,
    /// The number of the next page; none after the last.
    next: Option<i64>,
    items: VecDeque<Value>,
}

fn values(builder: RequestBuilder) -> BoxStream<'static, Result<Value, Error>> {
    let Some(paging) = builder
        .callee
        .operation()
        .and_then(|operation| operation.paging)
    else {
        // The generator gives `items` to operations with pages only.
        let error = Error::configuration("this operation has no pages");
        return Box::pin(stream::iter([Err(error)]));
    };
    let reading = Reading {
        next: Some(asked(&builder, paging.page).unwrap_or(1)),
        builder,
        items: VecDeque::new(),
    };
    let values = stream::unfold(reading, move |mut reading| async move {
        loop {
            if let Some(item) = reading.items.pop_front() {
                return Some((Ok(item), reading));
            }
            let page = reading.next.take()?;
            match one(&reading.builder, &paging, page).await {
                Ok((items, is_last)) => {
                    // A page without items ends the list, whatever else the response says.
                    let goes_on = !is_last && !items.is_empty();
                    reading.next = page.checked_add(1).filter(|_| goes_on);
                    reading.items = items.into();
                }
                Err(error) => return Some((Err(error), reading)),
            }
        }
    });
    Box::pin(values.fuse())
}

/// The number that the caller gave a parameter.
fn asked(builder: &RequestBuilder, name: &str) -> Option<i64> {
    let given = builder.arguments.iter().find(|(known, _)| *known == name);
    given.and_then(|(_, value)| value.as_i64())
}

/// The items of a page, and whether it is the last.
async fn one(
    builder: &RequestBuilder,
    paging: &Paging,
    page: i64,
) -> Result<(Vec<Value>, bool), Error> {
    let mut builder = builder.clone();
    builder.set_argument(paging.page, page.into());
    let size = asked(&builder, paging.size);
    let first = page <= 1;
    let mut response = match engine::send(builder, Content::Json).await {
        Ok(response) => response.value,
        // The service has no page after the last one, when the list ended with a full page.
        Err(error) if error.is_not_found() && paging.next.is_none() && !first => {
            return Ok((Vec::new(), true));
        }
        Err(error) => return Err(error),
    };
    let is_last = match paging.next {
        Some(next) => matches!(response.get(next), None | Some(Value::Null)),
        None => false,
    };
    let items = match paging.results {
        Some(results) => response.get_mut(results).map(Value::take),
        None => Some(response),
    };
    let Some(Value::Array(items)) = items else {
        let place = paging.results.unwrap_or("the answer");
        return Err(Error::unreadable(DecodeError::new(format!(
            "{place} is not a list"
        ))));
    };
    let short = size.is_some_and(|size| i64::try_from(items.len()).is_ok_and(|len| len < size));
    Ok((items, is_last || paging.next.is_none() && short))
}
