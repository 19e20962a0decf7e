//! Reads all pages.

use creatify_api::Client;

pub fn read(client: &Client) {
    let _ = client.dingos().list().items();
}
