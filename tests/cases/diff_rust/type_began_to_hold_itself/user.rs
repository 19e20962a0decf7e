//! Takes what the field holds.

use creatify_api::types::{Seal, SealFriend};

pub fn friend(value: Seal) -> Option<SealFriend> {
    value.friend
}
