//! Lost answers of paid calls. In: successes that break off or make no sense. Out: the job's id as
//! long as there is any trace of it, and a warning where there is none.

use serde_json::json;

use crate::scripted_transport::{JOB, Part, ScriptedTransport, job, paid};

#[tokio::test]
async fn what_came_of_the_answer_yields_the_job() {
    let whole = job(json!({})).to_string();
    let at_status = whole.find("\"name\"").expect("a member after the id");
    let table = [
        (
            Part::Cut(201, whole[..at_status].to_owned()),
            Some(JOB),
            true,
        ),
        (Part::Cut(201, "{\"i".to_owned()), None, true),
        (
            Part::json(201, json!({"id": JOB, "status": 5})),
            Some(JOB),
            true,
        ),
        (Part::json(201, json!({"status": "pending"})), None, true),
        (
            Part::Answer(201, Vec::new(), "<html>".to_owned()),
            None,
            true,
        ),
        (Part::Answer(201, Vec::new(), String::new()), None, true),
        (Part::Cut(500, whole.clone()), None, true),
        (Part::Cut(400, "{".to_owned()), None, false),
    ];
    for (part, id, ambiguous) in table {
        let scripted = ScriptedTransport::new([part.clone()]);
        let outcome = scripted.client().lipsyncs().create(&paid()).await;
        let error = outcome.expect_err("no answer");
        assert_eq!(error.job_id(), id, "{part:?}");
        assert_eq!(error.is_ambiguous(), ambiguous, "{part:?}");
        let says = error.to_string().contains("settle");
        assert_eq!((scripted.attempts(), says), (1, ambiguous), "{error}");
    }
}

#[tokio::test]
async fn a_free_call_is_never_ambiguous() {
    for part in [Part::Interrupted, Part::status(500), Part::Silence] {
        let scripted = ScriptedTransport::new([part]);
        let client = scripted.builder().retry(creatify_api::RetryPolicy::off());
        let client = client.timeout(std::time::Duration::from_millis(20));
        let list = client.build().expect("a client").lipsyncs().list().await;
        assert!(!list.expect_err("no list").is_ambiguous());
    }
}
