//! Servers for tests. In: requests over HTTP. Out: scripted answers, and what was asked. Knows
//! neither the generator nor the client, which are judged by it.

pub mod recorder;
