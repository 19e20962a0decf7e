//! The examples of the guide, to be run. In: a client of the emulator. Out: what the examples do. The
//! code is that of the documentation, line by line.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use creatify_api::jobs::Settled;
use creatify_api::journal::FileJournal;
use creatify_api::transport::Method;
use creatify_api::types::{AspectRatio, LipsyncRequest};
use creatify_api::webhook::{Deduplicator, Event};
use creatify_api::{ClientBuilder, Error, RetryPolicy, Uuid, Value};

thread_local! {
    static GIVEN: RefCell<Option<creatify_api::Client>> = const { RefCell::new(None) };
}

/// What `Client` is in the first example: the environment leads to the emulator.
struct Client;

impl Client {
    fn from_env() -> Result<creatify_api::Client, Error> {
        Ok(GIVEN.with_borrow(|given| given.clone()).expect("a client"))
    }
}

pub(crate) async fn video(given: &creatify_api::Client) -> Result<(), Error> {
    GIVEN.set(Some(given.clone()));
    let client = Client::from_env()?;
    let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello from Rust!");

    // A preview is cheap. With the standard model, rendering it costs what is left of the price of a video.
    let preview = client.lipsyncs().preview(&request).await?;
    println!("look at it: {:?}", preview.preview);

    // The answer comes at once, the video later.
    client.lipsyncs().render(preview.id).await?;
    let job = client.lipsyncs().wait(preview.id).await?;
    if let Some(url) = job.output {
        let video = client.download(url).to_file("video.mp4").await?;
        println!("{} bytes", video.bytes);
    }
    Ok(())
}

pub(crate) async fn errors(client: creatify_api::Client, request: LipsyncRequest) {
    match client.lipsyncs().create(&request).await {
        Ok(job) => println!("job {}", job.id),
        // The limits of the API are checked before anything is sent.
        Err(error) if error.is_validation() => {
            for violation in error.violations() {
                println!("{}: {}", violation.path(), violation.message());
            }
        }
        // The job may exist, or does and its answer could not be read: see the next chapter.
        Err(error) if error.is_ambiguous() => println!("job {:?}? {error}", error.job_id()),
        // What the service found wrong, whatever shape its answer has.
        Err(error) if error.is_status() => {
            for wrong in error.field_errors() {
                println!("{}: {}", wrong.path(), wrong.message());
            }
            println!(
                "no credits: {}, wrong keys: {}",
                error.is_out_of_credits(),
                error.is_authentication()
            );
        }
        Err(error) => println!("{error}"),
    }
}

pub(crate) async fn settle(client: creatify_api::Client) -> Result<(), Error> {
    let request = LipsyncRequest::new(AspectRatio::Ratio9x16)
        .text("Hello!")
        .name("order-7");
    let job = match client.lipsyncs().create(&request).await {
        Err(error) if error.is_ambiguous() => {
            let settle = client.lipsyncs().settle(&error);
            match settle
                .matching(|job| job.name.as_deref() == Some("order-7"))
                .await?
            {
                Settled::Found(job) => job,
                Settled::NotFound => client.lipsyncs().create(&request).await?,
                // Jobs of this name exist, and which is the call's is not certain: somebody has to look.
                Settled::Several(_) | Settled::Uncertain(_) => return Err(error),
            }
        }
        outcome => outcome?,
    };
    println!("paid once: job {}", job.id);
    Ok(())
}

pub(crate) async fn retries(builder: ClientBuilder) -> Result<(), Error> {
    let client = builder.retry(RetryPolicy::new().max_attempts(6)).build()?;
    let balance = client
        .remaining_credits()
        .retrieve()
        .retry(RetryPolicy::off())
        .await?;
    println!("{balance:?}");
    Ok(())
}

pub(crate) async fn limit(builder: ClientBuilder, request: LipsyncRequest) -> Result<(), Error> {
    let client = builder.spend_limit(12.0).build()?;
    let call = client.lipsyncs().create(&request).expected_seconds(45.0);
    if let Some(estimate) = call.estimate() {
        println!("{} credits for 45 seconds", estimate.for_seconds(45.0));
    }
    match call.await {
        Ok(_) => println!(
            "left to spend: {:?}",
            client.spending().map(|spending| spending.remaining())
        ),
        Err(error) if error.is_spend_limit() => println!("nothing was sent: {error}"),
        Err(error) => return Err(error),
    }
    Ok(())
}

pub(crate) async fn wait(
    client: creatify_api::Client,
    id: Uuid,
    ids: Vec<Uuid>,
) -> Result<(), Error> {
    let wait = client
        .lipsyncs()
        .wait(id)
        .timeout(Duration::from_secs(20 * 60));
    let wait = wait.on_update(|update| println!("{}", update.job.progress));
    match wait.await {
        Ok(job) => println!("done: {:?}", job.output),
        Err(error) if error.is_job_failed() => println!("failed: {:?}", error.failed_reason()),
        // The job goes on; it can be waited for again.
        Err(error) => println!("{error}"),
    }

    // Ten thousand jobs cost a hundred requests a round, which are free of charge.
    let mut jobs = client.lipsyncs().wait_all(ids);
    while let Some((id, outcome)) = jobs.next().await {
        println!("{id}: {}", outcome.is_ok());
    }
    Ok(())
}

pub(crate) async fn webhook(
    client: creatify_api::Client,
    seen: &Deduplicator,
    body: &[u8],
) -> Result<(), Error> {
    let event = Event::parse(body)?;
    if seen.is_new(&event) {
        match event.confirm(&client).await {
            Ok(job) => println!(
                "{} {}: {} {:?}",
                job.resource(),
                job.id(),
                job.status(),
                job.output()
            ),
            Err(error) => {
                // Refuse it, so that it comes again.
                seen.forget(&event);
                return Err(error);
            }
        }
    }
    Ok(())
}

pub(crate) async fn recover(builder: ClientBuilder) -> Result<(), Box<dyn std::error::Error>> {
    let journal = FileJournal::open("calls.journal")?;
    let client = builder.journal(journal).unique_names().build()?;

    // First what earlier processes left open. This pays for nothing.
    for recovered in client.recover().await? {
        println!(
            "{:?}: {:?}",
            recovered.call().given_name(),
            recovered.outcome()
        );
    }
    // The orders that have a job, or may have one.
    let mut paid = BTreeSet::new();
    for entry in client
        .settled()
        .await?
        .into_iter()
        .chain(client.unsettled().await?)
    {
        if !entry.was_not_processed() {
            paid.extend(entry.call.given_name().map(str::to_owned));
        }
    }
    for order in ["order-7", "order-8"] {
        if !paid.contains(order) {
            let request = LipsyncRequest::new(AspectRatio::Ratio9x16)
                .text("Hello!")
                .name(order);
            let job = client.lipsyncs().create(&request).await?;
            println!("{order} is job {}", job.id);
        }
    }
    Ok(())
}

pub(crate) async fn raw(client: creatify_api::Client) -> Result<(), Error> {
    let body = serde_json::json!({"name": "order-7"});
    let job = client
        .request(Method::POST, "/api/new/")
        .json(&body)
        .costs(5.0)
        .send::<Value>()
        .await?;
    let list = client
        .request(Method::GET, "/api/new/")
        .query("page", 2)
        .send::<Vec<Value>>()
        .await?;
    println!("{} of {}", job.value()["id"], list.value().len());
    Ok(())
}
