//! Servers for tests. In: requests over HTTP. Out: scripted answers, or those of a stand-in for the
//! API, and what was asked. Knows neither the generator nor the client, which are judged by it.

pub mod emulator;
pub mod recorder;
