//! Paged lists of jobs. In: a list of three pages. Out: the jobs of all pages, or an error.

use reqwest::StatusCode;
use serde_json::json;

use super::*;
use crate::runtime::transport::{Request, Response, Transport, TransportError};
use crate::runtime::{
    Credentials, JobList, JobState, Method, Operation, Paging, Parameter, RetryPolicy,
};

static LIST: Operation = Operation {
    id: "films_list",
    method: Method::Get,
    path: "/films/",
    parameters: &[Parameter::query("page"), Parameter::query("page_size")],
    body: &[],
    security: &[],
    prices: &[],
    idempotent: false,
    jobs: None,
    job_name: None,
    paging: Some(Paging {
        page: "page",
        size: "page_size",
        results: None,
        next: None,
    }),
};

static FILMS: Jobs = Jobs {
    resource: "films",
    states: &[JobState::running("pending")],
    status: "status",
    output: "output",
    reason: None,
    preview: None,
    credits: None,
    created: None,
    name: None,
    poll: &LIST,
    list: Some(JobList {
        operation: &LIST,
        ids: "ids",
        most: 100,
    }),
};

/// Two full pages and a short one, of which the second may fail.
struct Pages {
    is_broken: bool,
}

impl Transport for Pages {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let page = request.url.query().unwrap_or_default();
        let (status, body) = match page {
            "page=1" => (StatusCode::OK, json!([{"id": 1}, {"id": 2}])),
            "page=2" if self.is_broken => (StatusCode::FORBIDDEN, json!({"detail": "no"})),
            "page=2" => (StatusCode::OK, json!([{"id": 3}, {"id": 4}])),
            "page=3" => (StatusCode::OK, json!([{"id": 5}])),
            _ => (StatusCode::NOT_FOUND, json!({"detail": "Invalid page."})),
        };
        Box::pin(async move { Ok(Response::new(status, body.to_string())) })
    }
}

/// A job on the second page must not be taken for one that is nowhere.
#[tokio::test]
async fn a_list_in_pages_is_read_to_its_end() {
    for is_broken in [false, true] {
        let client = Client::builder()
            .credentials(Credentials::new("films", "key-of-the-films"))
            .base_url("http://127.0.0.1:1")
            .retry(RetryPolicy::off())
            .transport(Pages { is_broken });
        let client = client.build().expect("a client");
        match all(&client, &FILMS).await {
            Ok((records, is_complete)) => {
                assert!(is_complete && !is_broken);
                assert_eq!(records.len(), 5);
            }
            Err(error) => assert!(is_broken && error.is_authentication(), "{error}"),
        }
    }
}
