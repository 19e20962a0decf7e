//! The table of mistakes. In: `mistakes.yaml`, one request for each kind of check. Out: that it is
//! refused, with the status the service would give, and written down with its place.

use serde_json::{Value, json};

use crate::fixture;
use crate::wire::Request;

const TABLE: &str = include_str!("mistakes.yaml");
const JOB: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

/// A request, the status it must get, and the place that must be written down about it, if any.
struct Row {
    name: String,
    request: Request,
    status: u16,
    at: Option<String>,
}

#[tokio::test]
async fn every_kind_of_mistake_is_refused_and_written_down() {
    let emulator = fixture::emulator().await;
    let mut rows = rows("refused");
    rows.extend(long_rows());
    judge(&emulator, &rows).await;
    assert!(rows.iter().all(|row| row.at.is_some()));
    let state = emulator.state();
    let violations = state.violations();
    let mut reasons = violations.iter().map(|violation| &violation.reason);
    assert!(reasons.all(|reason| !reason.is_empty()));
    assert_eq!(state.requests().len(), rows.len());
    assert!(state.ledger().is_empty(), "what is refused costs nothing");
    let printed = format!("{violations:?} {:?}", state.requests());
    assert!(!printed.contains("key-of-the-judge"), "{printed}");
}

#[tokio::test]
async fn what_is_not_forbidden_is_no_mistake() {
    let emulator = fixture::emulator().await;
    let mut rows = rows("allowed");
    // As long as it may be, in characters and not in bytes.
    let longest = json!({"script": "ä".repeat(8000)});
    rows.push(row("the longest text", speech(&longest), 201, None));
    judge(&emulator, &rows).await;
}

async fn judge(emulator: &creatify_emulator::Emulator, rows: &[Row]) {
    let mut complaints = String::new();
    for row in rows {
        let verdict = fixture::verdict(emulator, &row.request).await;
        let expected: Vec<_> = row.at.iter().cloned().collect();
        if (verdict.status, &verdict.pointers) != (row.status, &expected) {
            let Row { name, status, .. } = row;
            complaints.push_str(&format!(
                "{name}: {status} {expected:?} is expected: {verdict:?}\n"
            ));
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

/// What is too long for a table.
fn long_rows() -> [Row; 4] {
    let long = speech(&json!({"script": "ä".repeat(8001)}));
    let url = format!("http://127.0.0.1:9/{}", "x".repeat(182));
    let url = speech(&json!({"script": "a", "webhook_url": url}));
    let ids = format!("/api/lipsyncs/?ids={}", vec![JOB; 101].join(","));
    let ids = Request::new("GET", &ids);
    let bytes = Request::new("POST", "/api/text_to_speech/");
    let bytes = bytes.body("application/json", b"{\"script\":\"\xff\"}");
    [
        row("maxLength", long, 400, Some("/body/script")),
        row("a long address", url, 400, Some("/body/webhook_url")),
        row("101 ids", ids, 400, Some("/query/ids")),
        row("no UTF-8", bytes, 400, Some("/body")),
    ]
}

fn speech(body: &Value) -> Request {
    Request::new("POST", "/api/text_to_speech/").body("application/json", body.to_string())
}

fn row(name: &str, request: Request, status: u16, at: Option<&str>) -> Row {
    Row {
        name: name.to_owned(),
        request,
        status,
        at: at.map(str::to_owned),
    }
}

/// The rows of one part of the table.
fn rows(part: &str) -> Vec<Row> {
    let table: Value = serde_yaml::from_str(TABLE).expect("YAML");
    let rows = table[part].as_array().expect("rows");
    assert!(!rows.is_empty());
    rows.iter().map(read).collect()
}

fn read(written: &Value) -> Row {
    let name = written["mistake"].as_str().expect("a name");
    let status = written["status"].as_u64().expect("a status");
    let status = u16::try_from(status).expect("a status");
    row(name, request(written), status, written["at"].as_str())
}

/// A request as the tables write it.
pub(crate) fn request(written: &Value) -> Request {
    let methods = ["get", "post", "delete"];
    let mut methods = methods.iter().filter(|method| written[*method].is_string());
    let method = methods.next().expect("a method");
    let target = written[*method].as_str().expect("a path");
    let mut request = Request::new(&method.to_uppercase(), target);
    if let Some(body) = written.get("json") {
        request = request.body("application/json", body.to_string());
    }
    if let (Some(media_type), Some(body)) = (written["type"].as_str(), written["body"].as_str()) {
        request = request.body(media_type, body);
    }
    if let Some([name, value]) = written["header"].as_array().map(Vec::as_slice) {
        let [name, value] = [name, value].map(|text| text.as_str().expect("a text"));
        request = request.header(name, value);
    }
    let without = match &written["without"] {
        Value::Array(names) => names.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let names = without.iter().filter_map(Value::as_str);
    names.fold(request, |request, name| request.without(name))
}
