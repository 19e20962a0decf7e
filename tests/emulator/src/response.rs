//! Responses before they are sent. In: a status and a value, or an error. Out: status, headers and body,
//! errors in the shapes that the service uses. Knows no operations.

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::{Map, Value, json};

use super::check::Finding;

#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(HeaderName, String)>,
    pub(crate) content: Content,
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    Empty,
    Json(Value),
    Text(&'static str, String),
    Raw(&'static str, Bytes),
}

const HTML: &str = "text/html; charset=utf-8";

impl Reply {
    pub(crate) fn json(status: u16, value: Value) -> Self {
        Self::of(status, Content::Json(value))
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self::of(status, Content::Empty)
    }

    pub(crate) fn of(status: u16, content: Content) -> Self {
        Self {
            status,
            headers: Vec::new(),
            content,
        }
    }

    /// `{"detail": ...}`: keys, methods, media types, unknown ids.
    pub(crate) fn detail(status: u16, detail: &str) -> Self {
        Self::json(status, json!({"detail": detail}))
    }

    /// `{"non_field_errors": [...]}`: about the request as a whole.
    pub(crate) fn whole(detail: &str) -> Self {
        Self::json(400, json!({"non_field_errors": [detail]}))
    }

    /// `[...]`: what some views say on their own.
    pub(crate) fn texts(detail: &str) -> Self {
        Self::json(400, json!([detail]))
    }

    pub(crate) fn html(status: u16, title: &str, text: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html>\n<html><head><title>{title}</title></head>\
             <body><h1>{title}</h1><p>{text}</p></body></html>\n"
        );
        Self::of(status, Content::Text(HTML, page))
    }

    pub(crate) fn page(html: &str) -> Self {
        Self::of(200, Content::Text(HTML, html.to_owned()))
    }

    pub(crate) fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// `{"field": [...]}`: one entry for each field that was refused.
    pub(crate) fn fields(findings: &[Finding]) -> Self {
        let mut fields = Map::new();
        for finding in findings {
            let mut steps = finding.pointer.splitn(4, '/').skip(2);
            let field = steps.next().unwrap_or("non_field_errors");
            let field = field.replace("~1", "/").replace("~0", "~");
            let message = match steps.next() {
                Some(rest) => format!("{rest}: {}", finding.reason),
                None => finding.reason.clone(),
            };
            let entry = fields.entry(field).or_insert_with(|| json!([]));
            if let Value::Array(messages) = entry {
                messages.push(Value::String(message));
            }
        }
        Self::json(400, Value::Object(fields))
    }

    pub(crate) fn bytes(&self) -> Bytes {
        match &self.content {
            Content::Empty => Bytes::new(),
            Content::Json(value) => Bytes::from(value.to_string()),
            Content::Text(_, text) => Bytes::from(text.clone()),
            Content::Raw(_, bytes) => bytes.clone(),
        }
    }

    pub(crate) fn media_type(&self) -> Option<&'static str> {
        match &self.content {
            Content::Empty => None,
            Content::Json(_) => Some("application/json"),
            Content::Text(media_type, _) | Content::Raw(media_type, _) => Some(media_type),
        }
    }

    /// The response with a body of the caller's, which may differ from what the headers say.
    pub(crate) fn with_body(self, body: Body) -> Response<Body> {
        let media_type = self.media_type();
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        if let Some(media_type) = media_type {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let bytes = self.bytes();
        self.with_body(Body::from(bytes))
    }
}
