//! Jobs across processes. In: a handle that was stored. Out: the same job, by another client; and
//! not the job of another resource.

use creatify_api::jobs::JobHandle;
use creatify_api::types::JobStatus;

use crate::fixture::{self, Fixture, request};
use crate::scripted_server::{JOB, Reply, ScriptedServer, job};

#[tokio::test(start_paused = true)]
async fn another_process_waits_on() {
    let fixture = Fixture::start().await;
    let lipsyncs = fixture.client.lipsyncs();
    let id = lipsyncs.create(&request("one")).await.expect("a job").id;
    let stored = serde_json::to_string(&lipsyncs.wait(id).handle()).expect("JSON");
    assert_eq!(stored, format!(r#"{{"resource":"lipsyncs","id":"{id}"}}"#));

    let handle: JobHandle = serde_json::from_str(&stored).expect("a handle");
    assert_eq!((handle.resource(), handle.id()), ("lipsyncs", id));
    let other = fixture::client(&fixture.emulator)
        .build()
        .expect("a client");
    let job = other.lipsyncs().resume(&handle).await.expect("the video");
    assert_eq!((job.id, job.status), (id, JobStatus::Done));
}

/// The id would be looked for where it cannot be, and be reported as missing.
#[tokio::test(start_paused = true)]
async fn a_job_of_another_resource_is_refused_without_a_request() {
    let scripted = ScriptedServer::new(|_, _| Reply::Json(200, job("done")));
    let handle = scripted.client.lipsyncs().wait(JOB).handle();
    let error = scripted.client.lipsyncs_v2().resume(&handle).await;
    let error = error.expect_err("another resource");
    assert!(error.is_configuration(), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("`lipsyncs`") && text.contains("`lipsyncs_v2`"),
        "{text}"
    );
    assert_eq!(error.job_id(), Some(&*JOB.to_string()));
    let mut updates = scripted.client.lipsyncs_v2().resume(&handle).updates();
    assert!(updates.next().await.expect("an item").is_err());
    assert!(updates.next().await.is_none());
    assert_eq!(scripted.count(), 0);
}
