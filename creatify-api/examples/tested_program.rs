//! A program and its tests: `main` runs on the service or on the emulator, the tests start an emulator of their own or use a double.

use creatify_api::jobs::Settled;
use creatify_api::types::{AspectRatio, LipsyncRequest};
use creatify_api::{Client, Error};

/// The address of a video for an order. An order is paid for once, also when the response to the call is lost.
async fn video(client: &Client, order: &str, text: &str) -> Result<Option<String>, Error> {
    let request = LipsyncRequest::new(AspectRatio::Ratio9x16)
        .text(text)
        .name(order);
    let job = match client.lipsyncs().create(&request).await {
        Err(error) if error.is_ambiguous() => {
            let (settle, order) = (client.lipsyncs().settle(&error), order.to_owned());
            match settle
                .matching(move |job| job.name.as_deref() == Some(&*order))
                .await?
            {
                Settled::Found(job) => job,
                Settled::NotFound => client.lipsyncs().create(&request).await?,
                Settled::Several(_) | Settled::Uncertain(_) => return Err(error),
            }
        }
        outcome => outcome?,
    };
    let job = client.lipsyncs().wait(job.id).await?;
    Ok(job.output)
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let client = Client::from_env()?;
    let video = video(&client, "order-7", "Hello from Rust!").await?;
    println!("{}", video.unwrap_or_default());
    Ok(())
}

#[cfg(test)]
mod tests {
    use creatify_api::Credentials;
    use creatify_api::transport::{Method, Recorder, Reply};
    use creatify_emulator::fault::{Kind, When};
    use creatify_emulator::{Emulator, Fault, Options};

    use super::*;

    fn client(emulator: &Emulator) -> Result<Client, Error> {
        Client::builder()
            .credentials(Credentials::new("tester", "any"))
            .base_url(emulator.base_url())
            .build()
    }

    #[tokio::test]
    async fn an_order_becomes_a_video() -> Result<(), Box<dyn std::error::Error>> {
        let emulator = Emulator::start(Options::default().strict()).await?;
        let video = video(&client(&emulator)?, "order-7", "Hello!").await?;
        assert!(video.is_some());
        // Nothing about the requests was wrong, and the video cost what the specification says.
        assert!(emulator.state().violations().is_empty());
        let charged: f64 = emulator
            .state()
            .ledger()
            .iter()
            .map(|charge| charge.credits)
            .sum();
        assert_eq!(charged, 5.0);
        Ok(())
    }

    #[tokio::test]
    async fn a_lost_response_is_paid_for_once() -> Result<(), Box<dyn std::error::Error>> {
        let emulator = Emulator::start(Options::default().strict()).await?;
        let lost = Fault::new("lipsyncs_create", When::Nth(1), Kind::ResetAfter);
        emulator.state().fault(lost);
        let client = client(&emulator)?;
        // The first response shows the clock of the emulator, which runs faster than that of this machine.
        client.remaining_credits().retrieve().await?;
        assert!(video(&client, "order-7", "Hello!").await?.is_some());
        assert_eq!(emulator.state().ledger().len(), 1);
        Ok(())
    }

    #[tokio::test]
    async fn a_failed_job_says_why() -> Result<(), Box<dyn std::error::Error>> {
        let emulator = Emulator::start(Options::default().strict()).await?;
        let outcome = video(&client(&emulator)?, "order-7", "This will fail.").await;
        assert!(outcome.is_err_and(|error| error.failed_reason().is_some()));
        Ok(())
    }

    /// A response that no server gives on request: a double gives it.
    #[tokio::test]
    async fn a_refusal_for_want_of_credits_is_told_and_not_repeated() -> Result<(), Error> {
        let recorder = Recorder::new();
        let refusal = serde_json::json!({"detail": "Not enough credits."});
        recorder.on(Method::POST, "/api/lipsyncs/", Reply::json(402, &refusal));
        let client = Client::builder()
            .credentials(Credentials::new("tester", "any"))
            .transport(recorder.clone())
            .build()?;
        let outcome = video(&client, "order-7", "Hello!").await;
        assert!(outcome.is_err_and(|error| error.is_out_of_credits()));
        let sent = recorder.requests();
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].json().expect("JSON")["name"], "order-7");
        Ok(())
    }
}
