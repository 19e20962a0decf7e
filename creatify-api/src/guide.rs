//! Whole programs, a chapter each. The same files are in the folder `examples` of the crate: `cargo run --example scenes`.
//!
//! | chapter | what it shows | program |
//! |---|---|---|
//! | [`avatars_and_voices`] | choosing who speaks, and how | `avatar_and_voice` |
//! | [`scenes`] | several scenes, with captions, a background and a transition | `scenes` |
//! | [`testing`] | testing your own program without the service | `tested_program` |
//!
//! The way from a key to a video, errors, settling, waiting, webhooks and downloads are chapters of the
//! [crate's own page](crate).

#[doc = include_str!("../guide/avatars_and_voices.md")]
///
/// ```no_run
#[doc = include_str!("../examples/avatar_and_voice.rs")]
/// ```
pub mod avatars_and_voices {}

#[doc = include_str!("../guide/scenes.md")]
///
/// ```no_run
#[doc = include_str!("../examples/scenes.rs")]
/// ```
pub mod scenes {}

#[doc = include_str!("../guide/testing.md")]
///
/// ```no_run
#[doc = include_str!("../examples/tested_program.rs")]
/// ```
pub mod testing {}
