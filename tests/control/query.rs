//! Numbers in queries. In: what a JSON parser takes for a whole number and a framework does not. Out:
//! that none of it is page 1.

use creatify_emulator::Options;
use serde_json::Value;

use crate::raw::{send, start};

#[tokio::test]
async fn only_digits_are_a_page() {
    let emulator = start(Options::default().strict()).await;
    let headers = ["X-API-ID: query", "X-API-KEY: any"];
    let page = async |page: &str| {
        let line = format!("GET /api/personas/paginated/?page={page}&page_size=10");
        send(&emulator, &line, &headers, "").await
    };
    let results = |body: &str| {
        let body: Value = serde_json::from_str(body).expect("JSON");
        body["results"].clone()
    };
    let (first, second) = (page("1").await, page("2").await);
    assert_eq!((first.status, second.status), (200, 200), "{}", first.body);
    assert_ne!(results(&first.body), results(&second.body));
    for text in [
        "2.0",
        "1.0",
        "2e0",
        "1e0",
        "+2",
        "%2B2",
        "%202",
        "2%20",
        "%0A2",
        "2_0",
        "0x2",
        "02",
        "-1",
        "0",
        "-0",
        "1.5",
        "two",
        "last",
        "true",
        "null",
        "",
        "%D9%A2",
        "99999999999999999999",
        "18446744073709551615",
        "18446744073709551616",
        "1e400",
    ] {
        let response = page(text).await;
        assert!(
            matches!(response.status, 400 | 404),
            "page={text}: {} {}",
            response.status,
            response.body
        );
    }
    for size in [
        "18446744073709551615",
        "99999999999999999999",
        "5.0",
        "%205",
    ] {
        let line = format!("GET /api/personas/paginated/?page=2&page_size={size}");
        let response = send(&emulator, &line, &headers, "").await;
        assert!(
            matches!(response.status, 400 | 404),
            "page_size={size}: {}",
            response.status
        );
    }
    assert_eq!(page("1").await.status, 200);
}
