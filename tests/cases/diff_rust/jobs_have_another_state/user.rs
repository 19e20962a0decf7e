//! Waits for a job.

use creatify_api::{Client, Uuid};

pub fn wait(client: &Client, id: Uuid) {
    let _ = client.falcons().wait(id);
}
