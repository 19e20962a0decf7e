//! Reads what a rendered video has cost, in whole credits.

use creatify_api::{Client, Error};

pub async fn cost(client: &Client, id: &str) -> Result<i64, Error> {
    let job = client.lipsyncs_v2().render(id).await?;
    Ok(job.credits_used)
}
