//! Money. In: calls of every price. Out: that the ledger, the balance, the jobs and the prices of
//! the document tell the same, and that nobody pays for what was refused.

use creatify_api::operation::Operation;
use creatify_api::types::*;
use creatify_api::{Call, Client, Decode};
use creatify_emulator::Emulator;

use crate::fixture::{self, SOME, request};

/// What a call must cost by the prices of the document.
fn price(operation: &Operation, model: Option<&ModelVersion>, seconds: i64) -> f64 {
    let fits = |(_, value): (&str, &str)| model.map(ModelVersion::as_str) == Some(value);
    let mut prices = operation.prices.iter();
    let row = prices
        .find(|price| match price.when {
            Some(when) => fits(when) || (model.is_none() && price.by_default),
            None => true,
        })
        .expect("a price");
    let seconds = u32::try_from(seconds).expect("a length");
    let periods = row.per_seconds.map_or(1, |period| seconds.div_ceil(period));
    row.credits * f64::from(periods)
}

/// Makes a call and holds its charge against the prices; gives the answer.
async fn pay<T, O>(
    emulator: &Emulator,
    client: &Client,
    call: Call<T, O>,
    model: Option<&ModelVersion>,
    parts: impl Fn(&T) -> (String, f64, i64),
) -> T
where
    Call<T, O>: IntoFuture<Output = Result<T, creatify_api::Error>>,
    T: Decode,
{
    let operation = call.operation();
    let before = balance(client).await;
    let charges = emulator.state().ledger().len();
    let job = call.await.expect("a job");
    let (id, used, seconds) = parts(&job);
    let expected = price(operation, model, seconds);
    let ledger = emulator.state().ledger();
    let [charge] = &ledger[charges..] else {
        panic!(
            "{}: one charge is expected: {:?}",
            operation.id,
            &ledger[charges..]
        );
    };
    assert_eq!(charge.credits, expected, "{charge:?}");
    assert_eq!((&*charge.operation, &*charge.job), (operation.id, &*id));
    assert_eq!(charge.balance, before - expected, "{charge:?}");
    assert_eq!(balance(client).await, before - expected);
    assert_eq!(emulator.state().balance("suite"), before - expected);
    let requests = emulator.state().requests();
    let cause = requests
        .iter()
        .find(|request| request.number == charge.request);
    let cause = cause.and_then(|request| request.operation.as_deref());
    assert_eq!(cause, Some(operation.id));
    assert!(
        used >= expected,
        "{}: {used} used, {expected} paid",
        operation.id
    );
    job
}

async fn balance(client: &Client) -> f64 {
    let credits = client.remaining_credits().retrieve().await;
    credits.expect("the credits").remaining_credits
}

/// Texts whose lengths fall on both sides of a period.
fn texts() -> [String; 3] {
    ["short".to_owned(), "word ".repeat(100), "word ".repeat(301)]
}

#[tokio::test]
async fn every_model_and_length_costs_what_the_document_says() {
    let (emulator, client) = fixture::start().await;
    emulator.state().set_balance("suite", 10_000.0);
    let models = [
        ModelVersion::Standard,
        ModelVersion::AuroraV1,
        ModelVersion::AuroraV1Fast,
    ];
    let models = models.into_iter().map(Some).chain([None]);
    for model in models {
        for text in texts() {
            videos(&emulator, &client, model.as_ref(), &text).await;
        }
    }
    let whole: f64 = emulator
        .state()
        .ledger()
        .iter()
        .map(|charge| charge.credits)
        .sum();
    assert_eq!(balance(&client).await, 10_000.0 - whole);
    let numbers: Vec<_> = emulator
        .state()
        .ledger()
        .iter()
        .map(|charge| charge.number)
        .collect();
    let expected: Vec<_> = (1..).take(numbers.len()).collect();
    assert_eq!(numbers, expected);
}

/// A video of each kind, in one step and in two.
async fn videos(emulator: &Emulator, client: &Client, model: Option<&ModelVersion>, text: &str) {
    let mut lipsync = request(text);
    lipsync.model_version = model.cloned();
    let parts = |job: &Lipsync| (job.id.to_string(), job.credits_used, job.duration);
    let lipsyncs = client.lipsyncs();
    pay(emulator, client, lipsyncs.create(&lipsync), model, parts).await;
    let preview = pay(emulator, client, lipsyncs.preview(&lipsync), model, parts).await;
    pay(emulator, client, lipsyncs.render(preview.id), model, parts).await;

    let voice = SceneVoiceRequest::new(SceneVoiceType::Text).input_text(text);
    let character = SceneCharacterRequest::new(SceneCharacterType::Avatar, "a");
    let mut scenes = MultiAvatarLipsyncInput::new([SceneRequest::new(character, voice)]);
    scenes.model_version = model.cloned();
    let parts =
        |job: &MultiAvatarLipsyncOutput| (job.id.to_string(), job.credits_used, job.duration);
    let lipsyncs = client.lipsyncs_v2();
    pay(emulator, client, lipsyncs.create(&scenes), model, parts).await;
    let preview = pay(emulator, client, lipsyncs.preview(&scenes), model, parts).await;
    pay(emulator, client, lipsyncs.render(preview.id), model, parts).await;

    let variables = [("text".to_owned(), serde_json::json!({"content": text}))];
    let mut template = CustomTemplateJobRequest::new(
        SOME,
        variables
            .into_iter()
            .collect::<std::collections::BTreeMap<_, _>>(),
    );
    template.model_version = model.cloned();
    let parts = |job: &CustomTemplateJob| (job.id.to_string(), job.credits_used, job.duration);
    let jobs = client.custom_template_jobs();
    pay(emulator, client, jobs.create(&template), model, parts).await;
    let preview = pay(emulator, client, jobs.preview(&template), model, parts).await;
    pay(
        emulator,
        client,
        jobs.render(preview.id, &template),
        model,
        parts,
    )
    .await;
    pay(
        emulator,
        client,
        jobs.preview_async(&template),
        model,
        parts,
    )
    .await;

    let parts = |job: &TextToSpeech| (job.id.to_string(), job.credits_used, job.duration);
    let speech = client.text_to_speech();
    pay(
        emulator,
        client,
        speech.create(&TextToSpeechRequest::new(text)),
        model,
        parts,
    )
    .await;
}

#[tokio::test]
async fn reading_costs_nothing_and_both_ways_to_a_video_cost_the_same() {
    let (emulator, client) = fixture::start().await;
    let before = balance(&client).await;
    let lipsyncs = client.lipsyncs();
    let job = lipsyncs.create(&request("Hello")).await.expect("a job");
    let one_step = before - balance(&client).await;
    let between = balance(&client).await;
    let preview = lipsyncs.preview(&request("Hello")).await.expect("a job");
    lipsyncs.render(preview.id).await.expect("a job");
    assert_eq!(between - balance(&client).await, one_step);
    let charges = emulator.state().ledger().len();
    lipsyncs.retrieve(job.id).await.expect("the job");
    lipsyncs.list().await.expect("the jobs");
    client.voices().list().await.expect("the voices");
    assert_eq!(emulator.state().ledger().len(), charges);
}

#[tokio::test]
async fn what_the_balance_does_not_cover_is_refused_and_not_charged() {
    let (emulator, client) = fixture::start().await;
    emulator.state().set_balance("suite", 5.5);
    let lipsyncs = client.lipsyncs();
    lipsyncs
        .create(&request("Hello"))
        .await
        .expect("five credits");
    let error = lipsyncs.create(&request("Hello")).await;
    let error = error.expect_err("half a credit is left");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    let body = String::from_utf8_lossy(error.body().expect("a body")).to_lowercase();
    assert!(body.contains("credit"), "{body}");
    assert_eq!(balance(&client).await, 0.5);
    assert_eq!(emulator.state().ledger().len(), 1);
    assert_eq!(lipsyncs.list().await.expect("the jobs").len(), 1);
    // It broke no rule of the document.
    assert!(emulator.state().violations().is_empty());
    emulator.state().set_balance("suite", 5.0);
    lipsyncs
        .create(&request("Hello"))
        .await
        .expect("to the last credit");
    assert_eq!(balance(&client).await, 0.0);
}

#[tokio::test]
async fn wrong_keys_are_refused_and_open_no_account() {
    let (emulator, _) = fixture::start().await;
    let client = |id: &str, key: &str| {
        let credentials = creatify_api::Credentials::new(id, key);
        let builder = Client::builder().credentials(credentials);
        builder
            .base_url(emulator.base_url())
            .build()
            .expect("a client")
    };
    for (id, key, status) in [("suite", "wrong", 401), ("no-plan", "key", 403)] {
        let error = client(id, key).lipsyncs().create(&request("Hello")).await;
        let error = error.expect_err("no access");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        let body: serde_json::Value =
            serde_json::from_slice(error.body().expect("a body")).expect("JSON");
        assert!(body["detail"].is_string(), "{body}");
    }
    assert!(emulator.state().ledger().is_empty());
}
