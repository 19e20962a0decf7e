//! Clients that do not wait. In: paid calls. Out: calls that time out or whose futures are dropped
//! half-way, and what became of the dropped ones. A dropped future leaves no error that could be
//! settled: its job is looked for by name, as a program does that was killed in between.

use std::collections::BTreeMap;
use std::time::Duration;

use creatify_api::types::{AspectRatio, Lipsync, LipsyncRequest};
use creatify_api::{Client, Error, Uuid};

use crate::faults::LONGEST_DELAY;

/// A call that is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Makes the job of an order.
    Preview,
    /// Renders a job, which is given by its id.
    Render,
}

impl Step {
    /// What these calls make.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Preview => "previews made",
            Self::Render => "renders ordered",
        }
    }
}

/// What came of a paid call.
pub(crate) enum Sent {
    /// There is a job.
    Made(Uuid),
    /// Nobody knows.
    Lost(Error),
    /// Nobody can know: there is not even an error.
    Dropped,
    /// Certainly nothing.
    Nothing,
}

/// How long patient clients wait for an answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// How long a call is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Patience {
    /// As long as it takes.
    Endless,
    /// The client gives up by itself, and says so.
    TimesOut(Duration),
    /// The future is dropped.
    IsDropped(Duration),
}

/// A call that was not seen to take effect for this long after its end never will: many times the
/// longest delay, for a machine that is busy with other things.
pub(crate) const GRACE: Duration = Duration::from_millis(LONGEST_DELAY * 8);

/// Every fourth call is impatient, each in another moment of its way.
fn patience(index: usize) -> Patience {
    let time = Duration::from_millis(1 + (index * 7 % 60) as u64);
    match index % 8 {
        3 => Patience::TimesOut(time),
        7 => Patience::IsDropped(time),
        _ => Patience::Endless,
    }
}

/// Makes the paid call of a key. Its number decides how long it is waited for.
pub(crate) async fn send(
    client: &Client,
    key: &str,
    step: Step,
    number: usize,
) -> Result<Sent, String> {
    let patience = patience(number);
    let timeout = match patience {
        Patience::TimesOut(time) => time,
        Patience::Endless | Patience::IsDropped(_) => PATIENCE,
    };
    let call = async {
        match step {
            Step::Preview => {
                let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello");
                let request = request.name(key);
                Ok(client.lipsyncs().preview(&request).timeout(timeout).await)
            }
            Step::Render => {
                let id = key.parse().map_err(|_| format!("{key} is no id"))?;
                Ok(client.lipsyncs().render(id).timeout(timeout).await)
            }
        }
    };
    let outcome: Result<_, String> = match patience {
        Patience::IsDropped(after) => match tokio::time::timeout(after, call).await {
            Ok(outcome) => outcome,
            Err(_) => return Ok(Sent::Dropped),
        },
        Patience::Endless | Patience::TimesOut(_) => call.await,
    };
    match outcome? {
        Ok(job) => Ok(Sent::Made(job.id)),
        Err(error) if error.is_ambiguous() => Ok(Sent::Lost(error)),
        Err(error) if error.is_validation() || error.is_authentication() => Err(error.to_string()),
        Err(_) => Ok(Sent::Nothing),
    }
}

/// The jobs of calls that were dropped: by name, or, for rendering, by what the job has cost. Those that
/// are not among them did not take effect.
pub(crate) async fn search(
    client: &Client,
    keys: &[String],
    step: Step,
) -> Result<BTreeMap<String, Uuid>, Error> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    tokio::time::sleep(GRACE).await;
    let jobs = complete_list(client).await?;
    let found = jobs.into_iter().filter_map(|job| match step {
        Step::Preview => Some((job.name?, job.id)),
        // A preview costs 1, its video 4 more.
        Step::Render => (job.credits_used > 1.0).then(|| (job.id.to_string(), job.id)),
    });
    let found = found.filter(|(key, _)| keys.contains(key));
    Ok(found.collect())
}

/// All jobs. A list that leaves out names, as one of the faults does, says nothing about them.
async fn complete_list(client: &Client) -> Result<Vec<Lipsync>, Error> {
    let mut tries = 0;
    loop {
        tries += 1;
        match client.lipsyncs().list().await {
            Ok(jobs) if tries == TRIES || jobs.iter().all(|job| job.name.is_some()) => {
                return Ok(jobs);
            }
            Err(error) if tries == TRIES => return Err(error),
            Ok(_) | Err(_) => {}
        }
    }
}

/// More than a list can fail by chance.
const TRIES: usize = 50;
