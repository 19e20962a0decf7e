//! Servers for tests. In: requests over HTTP. Out: scripted responses, or those of an emulator of the
//! API, and what was asked. Knows neither the generator nor the client, which are judged by it.

pub mod emulator;
pub mod recorder;
