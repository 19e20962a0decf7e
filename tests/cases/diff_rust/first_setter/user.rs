//! Names the type of the call, which has setters of its own now.

use creatify_api::{Call, Client};

pub fn prepared(client: &Client) -> Call<()> {
    client.trout().list()
}
