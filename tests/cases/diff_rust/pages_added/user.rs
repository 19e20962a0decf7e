//! Asks for one page.

use creatify_api::types::CranePage;
use creatify_api::{Client, Error};

pub async fn call(client: &Client) -> Result<CranePage, Error> {
    client.cranes().list().page(2).await
}
