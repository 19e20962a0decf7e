//! What a media host gets to see. In: downloads from strangers and from the API's own host. Out: requests without any
//! key, and redirects that are followed only to where everything is encrypted.

use creatify_api::{Client, Credentials};
use tests::recorder::{Recorder, Reply};

use crate::media::{ADDRESS, Ending, Media, file, serve};

const API_ID: &str = "id-6d0e1f52";
const API_KEY: &str = "key-b1946ac92492";

fn client(base_url: &str) -> Client {
    let credentials = Credentials::new(API_ID, API_KEY);
    let builder = Client::builder()
        .credentials(credentials)
        .base_url(base_url);
    builder.build().expect("a client")
}

/// Everything that is sent, so that nothing can be sent besides.
#[tokio::test(start_paused = true)]
async fn requests_have_these_headers_and_no_other() {
    let served = file(10_000);
    let media =
        Media::new(move |_, request| serve(request, &served, "\"a\"", (6_000, Ending::Break)));
    media
        .client()
        .download(ADDRESS)
        .bytes()
        .await
        .expect("the file");
    let names: Vec<Vec<String>> = media
        .requests()
        .iter()
        .map(|request| {
            assert!(request.body.is_empty() && request.method == "GET");
            assert_eq!(request.url.as_str(), ADDRESS);
            let mut names: Vec<_> = request.headers.keys().map(ToString::to_string).collect();
            names.sort();
            names
        })
        .collect();
    let first = ["accept", "accept-encoding", "user-agent"];
    let second = [
        "accept",
        "accept-encoding",
        "if-range",
        "range",
        "user-agent",
    ];
    assert_eq!(names, [&first[..], &second[..]]);
    let request = &media.requests()[0];
    assert_eq!(request.headers["accept"], "*/*");
    assert_eq!(request.headers["accept-encoding"], "identity");
}

/// On the wire, also from the host that does get the keys with calls; and not when a redirect leads there either.
#[tokio::test]
async fn the_apis_own_host_gets_no_key_with_a_download() {
    let file = Reply::json(200, "the file");
    let api = Recorder::start([file.clone(), file]).await.expect("a port");
    let address = format!("{}/media/a.mp4", api.url());
    let away = Reply::empty(302).header("location", &address);
    let other = Recorder::start([away]).await.expect("a port");
    let client = client(&api.url());
    for address in [
        address,
        format!("{}/moved?signature=very-secret", other.url()),
    ] {
        assert_eq!(
            client.download(address).bytes().await.expect("the file"),
            "the file"
        );
    }
    let requests = [api.requests(), other.requests()].concat();
    assert_eq!(requests.len(), 3);
    for request in requests {
        let lines = request.header_lines.join("\n").to_lowercase();
        for secret in [API_ID, API_KEY, "x-api-", "authorization", "cookie"] {
            assert!(!lines.contains(secret), "{lines}");
        }
    }
}

/// Nobody on the way could read the file until a host sent it through the open.
#[tokio::test]
async fn a_redirect_into_the_open_is_not_followed() {
    let open = Reply::empty(302).header("location", "http://media.example.com/a.mp4");
    let server = Recorder::start([open.clone(), open]).await.expect("a port");
    let download = client(&server.url()).download(format!("{}/a", server.url()));
    let error = download.bytes().await.expect_err("a redirect");
    assert!(
        error.is_download() && error.to_string().contains("redirect"),
        "{error}"
    );
    assert_eq!(server.requests().len(), 1, "it would lead there again");
}

/// A transport that follows redirects by itself is held to the same.
#[tokio::test(start_paused = true)]
async fn an_answer_out_of_the_open_is_not_used() {
    let served = file(100);
    let media = Media::new(move |_, request| {
        let crate::media::Step::Answer(mut response) =
            serve(request, &served, "", (100, Ending::Well))
        else {
            return crate::media::Step::Silence;
        };
        response.url = Some("http://media.example.com/a.mp4".parse().expect("a URL"));
        crate::media::Step::Answer(response)
    });
    let error = media
        .client()
        .download(ADDRESS)
        .bytes()
        .await
        .expect_err("not encrypted");
    assert!(error.to_string().contains("redirect"), "{error}");
}
