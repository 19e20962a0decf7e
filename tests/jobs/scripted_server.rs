//! A server of a few lines, without a network. In: what to answer to the n-th request. Out: a client,
//! and when it asked for what. Exact to the millisecond on a paused clock.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use creatify_api::transport::{BoxFuture, Request, Response, Transport, TransportError};
use creatify_api::{Client, ClientBuilder, Credentials, Error, RetryPolicy, StatusCode, Uuid};
use serde_json::{Value, json};
use tokio::time::Instant;

/// The id of the job.
pub(crate) const JOB: Uuid = Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Json(u16, Value),
    /// The same with headers.
    With(u16, Vec<(&'static str, String)>, Value),
    /// Whatever it is.
    Text(u16, String),
    /// 429 with these seconds to wait.
    TooMany(u64),
    /// The connection breaks.
    Broken,
    /// Nothing comes.
    Silence,
    /// An answer after this time.
    Late(Duration, Value),
}

/// A request: the path with its query, and the time since the start.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) at: Duration,
}

#[derive(Clone)]
pub(crate) struct ScriptedServer {
    pub(crate) client: Client,
    double: Double,
}

impl ScriptedServer {
    /// A client whose n-th request, the first being 1, is answered by this.
    pub(crate) fn new(answer: impl Fn(usize, &Asked) -> Reply + Send + Sync + 'static) -> Self {
        let double = Double {
            started: Instant::now(),
            asked: Arc::default(),
            answer: Arc::new(answer),
        };
        let client = double.clone().builder().build().expect("a client");
        Self { client, double }
    }

    /// Another client of the same server, with other settings.
    pub(crate) fn with(&self, set: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
        self.try_with(set).expect("a client")
    }

    pub(crate) fn try_with(
        &self,
        set: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<Client, Error> {
        set(self.double.clone().builder()).build()
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.double
            .asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.asked().len()
    }

    /// The times between the requests.
    pub(crate) fn gaps(&self) -> Vec<Duration> {
        let asked = self.asked();
        let pairs = asked.windows(2);
        pairs.map(|pair| pair[1].at - pair[0].at).collect()
    }
}

type Answer = Arc<dyn Fn(usize, &Asked) -> Reply + Send + Sync>;

#[derive(Clone)]
struct Double {
    started: Instant,
    asked: Arc<Mutex<Vec<Asked>>>,
    answer: Answer,
}

impl Double {
    /// It answers for the media as well.
    fn builder(self) -> ClientBuilder {
        Client::builder()
            .credentials(Credentials::new("script", "key-of-the-script"))
            .base_url("http://127.0.0.1:1")
            .retry(RetryPolicy::off())
            .media_transport(self.clone())
            .transport(self)
    }
}

impl Transport for Double {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let path = match request.url.query() {
            Some(query) => format!("{}?{query}", request.url.path()),
            None => request.url.path().to_owned(),
        };
        let asked = Asked {
            path,
            at: self.started.elapsed(),
        };
        let number = {
            let mut all = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(asked.clone());
            all.len()
        };
        let reply = (self.answer)(number, &asked);
        Box::pin(async move {
            match reply {
                Reply::Json(status, value) => Ok(response(status, &value)),
                Reply::With(status, headers, value) => {
                    let mut response = response(status, &value);
                    for (name, value) in headers {
                        let value = value.parse().expect("a header");
                        response.headers.insert(name, value);
                    }
                    Ok(response)
                }
                Reply::Text(status, text) => {
                    let status = StatusCode::from_u16(status).expect("a status");
                    Ok(Response::new(status, text))
                }
                Reply::TooMany(seconds) => {
                    let mut response = response(429, &json!({}));
                    let seconds = seconds.to_string().parse().expect("a header");
                    response.headers.insert("retry-after", seconds);
                    Ok(response)
                }
                Reply::Broken => Err(TransportError::interrupted("broken")),
                Reply::Silence => std::future::pending().await,
                Reply::Late(wait, value) => {
                    tokio::time::sleep(wait).await;
                    Ok(response(200, &value))
                }
            }
        })
    }
}

fn response(status: u16, value: &Value) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    Response::new(status, value.to_string())
}

/// The job in a state.
pub(crate) fn job(status: &str) -> Value {
    job_with(JOB, json!({"status": status}))
}

/// A job with some fields changed.
pub(crate) fn job_with(id: Uuid, changes: Value) -> Value {
    let mut job = json!({
        "id": id.to_string(), "name": null, "text": "Hello", "creator": null, "model_version": "standard",
        "output": null, "video_thumbnail": "", "aspect_ratio": "9x16", "green_screen": false,
        "created_at": "2025-09-01T10:00:00.123456Z", "updated_at": "2025-09-01T10:00:00Z",
        "credits_used": 0.5, "duration": 0, "progress": "0", "failed_reason": null,
        "media_job": null, "status": "pending", "is_hidden": false, "audio_url": null,
        "webhook_url": null, "preview": null, "editor_url": null, "preview_audio": null,
    });
    for (name, value) in changes.as_object().expect("an object of changes") {
        job[name] = value.clone();
    }
    job
}

/// The ids that a list was asked for.
pub(crate) fn ids(asked: &Asked) -> Vec<Uuid> {
    let query = asked.path.split_once("ids=").map_or("", |(_, ids)| ids);
    let ids = query.split(['&', ',']).flat_map(|ids| ids.split("%2C"));
    ids.filter_map(|id| id.parse().ok()).collect()
}
