//! The page for people, in a browser. In: an emulator with a job and a wrong request. Out: that the page shows them, and
//! that the video plays. Knows the emulator; the browser is Chromium or one of its relatives, which the system provides.

mod wire;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use creatify_emulator::fault::{Kind, When};
use creatify_emulator::{Emulator, Fault, Options};
use serde_json::Value;
use tests::recorder::{Recorder, Reply};
use tokio::process::Command;
use wire::Connection;

const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
const BODY: &str = r#"{"text": "Hello!", "aspect_ratio": "9x16"}"#;
/// What a wrong request sends in place of an aspect ratio: it must arrive on the page as text.
const MARKUP: &str = "<img src=x onerror=document.title='hacked'>";

/// A browser of this machine; without one the test is skipped, except where it has to run.
fn browser() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|file| file.is_file());
    assert!(
        found.is_some() || std::env::var_os("CI").is_none(),
        "no browser on this machine: install one, such as the package `chromium`"
    );
    found
}

/// Opens `address` in a new browser; gives the document after `milliseconds` of the browser's own clock.
async fn document(browser: &Path, name: &str, address: &str, milliseconds: u32) -> String {
    let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("browser-{name}"));
    if profile.exists() {
        std::fs::remove_dir_all(&profile).expect("remove what an earlier run left");
    }
    // The sandbox needs rights that a container lacks, and all that is opened here is our own.
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
        ])
        .args([
            "--disable-dev-shm-usage",
            "--disable-sync",
            "--disable-quic",
            "--mute-audio",
        ])
        .args(["--autoplay-policy=no-user-gesture-required", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--virtual-time-budget={milliseconds}"))
        .arg(address)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(Duration::from_secs(120), output)
        .await
        .expect("the browser ends")
        .expect("the browser starts");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {complaints}", output.status);
    String::from_utf8(output.stdout).expect("a document in UTF-8")
}

/// The text of a document as one line.
fn text(document: &str) -> String {
    let body = document.split_once("<body>").expect("a body").1;
    let body = body.split_once("<script>").expect("a script at its end").0;
    let mut text = String::new();
    let mut is_tag = false;
    for character in body.chars() {
        match character {
            '<' => is_tag = true,
            '>' => {
                is_tag = false;
                text.push(' ');
            }
            _ if !is_tag => text.push(character),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn emulator(options: Options) -> (Emulator, Connection) {
    let emulator = Emulator::start(options).await.expect("an emulator");
    let connection = Connection::open(emulator.base_url())
        .await
        .expect("a connection");
    (emulator, connection)
}

/// Makes a job; gives its id.
async fn job(connection: &mut Connection) -> String {
    let answer = connection
        .exchange("POST", "/api/lipsyncs/", "page-test", BODY)
        .await
        .expect("an answer");
    assert_eq!(answer.status, 201);
    let job: Value = serde_json::from_slice(&answer.body).expect("JSON");
    job["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn the_page_shows_balance_job_and_violation() {
    let Some(browser) = browser() else {
        return skip();
    };
    let (emulator, mut connection) = emulator(Options::stepped().strict()).await;
    let id = job(&mut connection).await;
    let wrong = BODY.replace("9x16", MARKUP);
    let answer = connection
        .exchange("POST", "/api/lipsyncs/", "page-test", &wrong)
        .await
        .expect("an answer");
    assert_eq!(answer.status, 400);
    emulator.state().set_balance("page-test", 4321.5);

    let document = document(&browser, "page", &format!("{}/", emulator.base_url()), 3000).await;
    let text = text(&document);
    assert!(text.contains("page-test 4,321.5 credits"), "{text}");
    assert!(text.contains("lipsyncs pending 5 credits"), "{text}");
    assert!(text.contains(&id), "{text}");
    assert!(text.contains("400 POST /api/lipsyncs/"), "{text}");
    assert!(text.contains("1 violation of the spec"), "{text}");
    assert!(document.contains("class=\"violation\""), "{document}");
    assert!(text.contains("/aspect_ratio"), "{text}");
    assert!(document.contains("&lt;img src=x"), "{document}");
    assert!(
        !document.contains("<img"),
        "markup of a request became markup: {document}"
    );
    assert!(
        document.contains("<title>Creatify emulator</title>"),
        "{document}"
    );
}

#[tokio::test]
async fn the_page_shows_names_charges_faults_and_webhooks() {
    let Some(browser) = browser() else {
        return skip();
    };
    let (emulator, mut connection) = emulator(Options::stepped().strict()).await;
    let receiver = Recorder::start([Reply::empty(204)]).await.expect("a port");
    let named = BODY.replace(
        '{',
        &format!(
            r#"{{"name": "Spring {MARKUP}", "webhook_url": "{}/hook", "#,
            receiver.url()
        ),
    );
    let answer = connection
        .exchange("POST", "/api/lipsyncs/", "page-test", &named)
        .await;
    assert_eq!(answer.expect("an answer").status, 201);
    emulator.state().fault(Fault::new(
        "lipsyncs_list",
        When::Nth(2),
        Kind::DelayBefore { milliseconds: 50 },
    ));
    let answer = connection
        .exchange("GET", "/api/lipsyncs/", "page-test", "")
        .await;
    assert_eq!(answer.expect("an answer").status, 200);
    emulator.state().advance(Duration::from_secs(6));
    for _ in 0..500 {
        if !emulator.state().deliveries().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let document = document(
        &browser,
        "names",
        &format!("{}/", emulator.base_url()),
        3000,
    )
    .await;
    let text = text(&document);
    assert!(text.contains("Spring &lt;img src=x"), "{text}");
    assert!(text.contains("Ledger 1 charge, 5 credits"), "{text}");
    assert!(
        text.contains("lipsyncs_create 5 credits #1 request 1"),
        "{text}"
    );
    assert!(text.contains("page-test: 995 left"), "{text}");
    assert!(
        text.contains(&format!("204 {}/hook", receiver.url())),
        "{text}"
    );
    assert!(
        text.contains("delay_before lipsyncs_list call 2 hit 0 of 1"),
        "{text}"
    );
    assert!(text.contains("milliseconds: 50"), "{text}");
    assert!(text.contains("Reset"), "{text}");
    assert!(!document.contains("<img"), "{document}");
}

/// A page that sends everything a foreign page can send unasked.
const ATTACK: &str = r#"<script>
const all = [];
for (const path of ["reset", "clock", "faults"])
  for (const mode of ["no-cors", "cors"])
    all.push(fetch("BASE/_emulator/" + path, { method: "POST", mode, body: '{"advance": 60}' }).then(() => mode, () => "refused"));
Promise.all(all).then((outcomes) => document.documentElement.dataset.outcomes = outcomes.join(" "));
</script>"#;

#[tokio::test]
async fn a_foreign_page_changes_nothing_and_the_own_page_can() {
    let Some(browser) = browser() else {
        return skip();
    };
    let (emulator, mut connection) = emulator(Options::stepped().strict()).await;
    job(&mut connection).await;
    let before = emulator.state().ledger();
    let page = Path::new(env!("CARGO_TARGET_TMPDIR")).join("attack.html");
    std::fs::write(&page, ATTACK.replace("BASE", emulator.base_url())).expect("write a page");
    let address = format!("file://{}", page.display());
    let document = document(&browser, "attack", &address, 5000).await;
    let tried = "no-cors refused no-cors refused no-cors refused";
    assert!(document.contains(tried), "{document}");
    assert_eq!(emulator.state().ledger(), before);
    // What the button of the own page sends.
    let own = emulator.base_url();
    let headers = format!("Origin: {own}\r\nSec-Fetch-Site: same-origin\r\nX-Button");
    let answer = connection
        .exchange(
            "POST",
            "/_emulator/reset",
            &format!("x\r\n{headers}: x"),
            "",
        )
        .await;
    assert_eq!(answer.expect("an answer").status, 204);
    assert!(emulator.state().ledger().is_empty());
}

#[tokio::test]
async fn a_browser_plays_the_video() {
    let Some(browser) = browser() else {
        return skip();
    };
    // The player is a page of another origin: a file.
    let options = Options::stepped().strict().allow_origin("*");
    let (emulator, mut connection) = emulator(options).await;
    let id = job(&mut connection).await;
    let mut video = None;
    for _ in 0..100 {
        emulator.state().advance(Duration::from_secs(60));
        let path = format!("/api/lipsyncs/{id}/");
        let answer = connection
            .exchange("GET", &path, "page-test", "")
            .await
            .expect("an answer");
        let job: Value = serde_json::from_slice(&answer.body).expect("JSON");
        video = job["output"].as_str().map(str::to_owned);
        if video.is_some() {
            break;
        }
    }
    let video = video.expect("the job has an output after a hundred minutes");
    let player = Path::new(env!("CARGO_TARGET_TMPDIR")).join("player.html");
    let script = "this.dataset.seconds = this.duration; this.dataset.width = this.videoWidth";
    let html =
        format!(r#"<video muted preload="auto" onloadeddata="{script}" src="{video}"></video>"#);
    std::fs::write(&player, html).expect("write a page");
    let document = document(
        &browser,
        "player",
        &format!("file://{}", player.display()),
        5000,
    )
    .await;
    assert!(document.contains(r#"data-seconds="2""#), "{document}");
    assert!(document.contains(r#"data-width="180""#), "{document}");
}

/// Says so on the real error stream: what a passing test prints is not shown.
fn skip() {
    let message = "skipped: no browser on this machine (install `chromium`)";
    writeln!(std::io::stderr(), "{message}").expect("an error stream");
}
