//! The spend limit. In: calls that cost credits. Out: that none is sent past the limit, and that
//! what was spent is what the service reports.

use creatify_api::types::{JobStatus, ModelVersion};
use creatify_api::{Attempt, Client, Credentials, Interceptor, Spending};
use creatify_emulator::{Emulator, Options};
use serde_json::json;

use crate::scripted_transport::{Part, ScriptedTransport, job, paid};

fn sums(client: &Client) -> (f64, f64) {
    let Spending {
        charged, reserved, ..
    } = client.spending().expect("a limit");
    (charged, reserved)
}

#[test]
fn estimates_come_from_the_prices_and_the_body() {
    let client = ScriptedTransport::new([]).client();
    let create = |model: Option<ModelVersion>, seconds: f64| {
        let request = paid();
        let request = match model {
            Some(model) => request.model_version(model),
            None => request,
        };
        let estimate = client.lipsyncs().create(&request).estimate();
        estimate.expect("a price").for_seconds(seconds)
    };
    assert_eq!(create(None, 0.0), 5.0);
    assert_eq!(create(None, 30.5), 10.0);
    assert_eq!(create(Some(ModelVersion::AuroraV1), 30.5), 31.0);
    assert_eq!(create(Some(ModelVersion::AuroraV1Fast), 31.0), 15.5);
    assert_eq!(
        client
            .lipsyncs()
            .preview(&paid())
            .estimate()
            .map(|e| e.credits()),
        Some(1.0)
    );
    assert_eq!(
        client.lipsyncs().list().estimate().map(|e| e.credits()),
        Some(0.0)
    );
    assert!(
        client.spending().is_none(),
        "without a limit there are no accounts"
    );
}

#[tokio::test]
async fn a_call_past_the_limit_is_not_sent() {
    let scripted = ScriptedTransport::new([Part::json(201, job(json!({})))]);
    let client = scripted
        .builder()
        .spend_limit(12.0)
        .build()
        .expect("a client");
    for _ in 0..2 {
        client.lipsyncs().create(&paid()).await.expect("a job");
    }
    let error = client
        .lipsyncs()
        .create(&paid())
        .await
        .expect_err("past the limit");
    assert!(
        error.is_spend_limit() && scripted.attempts() == 2,
        "{error}"
    );
    assert!(error.to_string().contains("limit of 12"), "{error}");
    // Free calls go on, and cheap ones that fit.
    client.lipsyncs().preview(&paid()).await.expect("a preview");
    assert_eq!(scripted.attempts(), 3);
}

#[tokio::test]
async fn a_longer_video_is_estimated_as_the_caller_expects_it() {
    let scripted = ScriptedTransport::new([Part::json(201, job(json!({})))]);
    let client = scripted
        .builder()
        .spend_limit(9.0)
        .build()
        .expect("a client");
    let call = client.lipsyncs().create(&paid());
    let error = call.clone().expected_seconds(31.0).await;
    assert!(error.expect_err("ten credits").is_spend_limit());
    call.expected_seconds(29.0).await.expect("five credits");
}

#[tokio::test]
async fn what_is_refused_is_given_back_and_what_is_unknown_is_kept() {
    let scripted = ScriptedTransport::new([Part::status(400), Part::Interrupted]);
    let client = scripted
        .builder()
        .spend_limit(12.0)
        .build()
        .expect("a client");
    let refused = client
        .lipsyncs()
        .create(&paid())
        .await
        .expect_err("refused");
    assert_eq!(sums(&client), (0.0, 0.0), "although the error is kept");
    drop(refused);
    let error = client
        .lipsyncs()
        .create(&paid())
        .await
        .expect_err("unknown");
    assert_eq!(sums(&client), (0.0, 5.0));
    drop(error);
    assert_eq!(sums(&client), (0.0, 5.0), "nobody has settled it");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_given_up_on_its_way_may_have_been_charged() {
    let scripted = ScriptedTransport::new([Part::Silence]);
    let client = scripted
        .builder()
        .spend_limit(12.0)
        .build()
        .expect("a client");
    let call = client.lipsyncs().create(&paid()).into_future();
    let second = std::time::Duration::from_secs(1);
    assert!(tokio::time::timeout(second, call).await.is_err());
    assert_eq!(sums(&client), (0.0, 5.0));
    // One that only waits for its next attempt was not.
    let scripted = ScriptedTransport::new([Part::later(429, "60")]);
    let client = scripted
        .builder()
        .spend_limit(12.0)
        .build()
        .expect("a client");
    let call = client.lipsyncs().create(&paid()).into_future();
    assert!(tokio::time::timeout(second, call).await.is_err());
    assert_eq!(sums(&client), (0.0, 0.0));
}

#[tokio::test]
async fn what_the_service_charges_counts_also_when_it_shows_later() {
    let emulator = Emulator::start(Options::stepped().strict())
        .await
        .expect("an emulator");
    let client = Client::builder()
        .credentials(Credentials::new("spender", "key-of-the-spender"))
        .base_url(emulator.base_url())
        .spend_limit(100.0)
        .build()
        .expect("a client");
    // About a minute of speech costs more than the least.
    let text = "word ".repeat(180);
    let preview = client
        .lipsyncs()
        .preview(&paid().text(text))
        .await
        .expect("a job");
    while client
        .lipsyncs()
        .retrieve(preview.id)
        .await
        .expect("a job")
        .status
        != JobStatus::Done
    {
        emulator.state().advance(std::time::Duration::from_secs(60));
    }
    client
        .lipsyncs()
        .render(preview.id)
        .await
        .expect("a render");
    let paid: f64 = emulator
        .state()
        .ledger()
        .iter()
        .map(|charge| charge.credits)
        .sum();
    assert!(paid > 5.0, "{paid}");
    assert_eq!(sums(&client), (paid, 0.0));
}

/// Breaks before anything is sent.
struct Breaks;

impl Interceptor for Breaks {
    fn before(&self, _: &mut Attempt<'_>) {
        panic!("a bug of the caller")
    }
}

#[tokio::test]
async fn a_call_that_broke_before_it_was_sent_sets_nothing_aside() {
    let scripted = ScriptedTransport::new([]);
    let builder = scripted.builder().spend_limit(12.0).interceptor(Breaks);
    let client = builder.build().expect("a client");
    let call = client.lipsyncs().create(&paid()).into_future();
    assert!(tokio::spawn(call).await.expect_err("a panic").is_panic());
    assert_eq!(scripted.attempts(), 0);
    let (charged, reserved) = sums(&client);
    assert_eq!(format!("{charged} {reserved}"), "0 0");
}
