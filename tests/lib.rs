//! A server for tests. In: scripted responses. Out: what was asked. Knows neither the generator nor the client nor the
//! emulator.

pub mod recorder;
